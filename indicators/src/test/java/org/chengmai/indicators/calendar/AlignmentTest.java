package org.chengmai.indicators.calendar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.chengmai.indicators.ChengmaiException;
import org.junit.jupiter.api.Test;

class AlignmentTest {
  @Test
  void isSolarUnlessADefinitionSaysOtherwise() {
    assertThat(Alignment.of(null)).isEqualTo(Alignment.SOLAR);
    assertThat(Alignment.of("lunar")).isEqualTo(Alignment.LUNAR);
    assertThat(Alignment.of("workday")).isEqualTo(Alignment.WORKDAY);
    assertThatThrownBy(() -> Alignment.of("moon"))
        .isInstanceOf(ChengmaiException.class)
        .hasMessage("alignment 'moon': one of solar, lunar, workday");
  }
}
