package org.chengmai.models.evaluation;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class CadenceTest {

  @Test
  void aStepBecomesTheNearestGrainThatTilesADayOrACalendar() {
    assertThat(Cadence.nearest(Duration.ofSeconds(301))).hasToString("PT5M");
    assertThat(Cadence.nearest(Duration.ofMinutes(62))).hasToString("PT1H");
    assertThat(Cadence.nearest(Duration.ofHours(24))).hasToString("P1D");
    assertThat(Cadence.nearest(Duration.ofDays(7))).hasToString("P1W");
    assertThat(Cadence.nearest(Duration.ofMillis(20))).hasToString("PT1S");
  }

  @Test
  void oneLongGapDoesNotMoveTheUsualStep() {
    assertThat(
            Cadence.usual(
                List.of(Duration.ofMinutes(10), Duration.ofDays(3), Duration.ofMinutes(10))))
        .isEqualTo(Duration.ofMinutes(10));
    assertThat(Cadence.usual(List.of())).isEqualTo(Duration.ofMinutes(5));
  }
}
