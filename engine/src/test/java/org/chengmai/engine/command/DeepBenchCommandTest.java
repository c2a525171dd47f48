package org.chengmai.engine.command;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Optional;
import org.chengmai.indicators.ChengmaiException;
import org.junit.jupiter.api.Test;

final class DeepBenchCommandTest {
  @Test
  void aBuildWithoutTheDeepModelsSaysHowToGetThem() {
    assertThatThrownBy(() -> new DeepBenchCommand(Optional::empty).call())
        .isInstanceOf(ChengmaiException.class)
        .hasMessageContaining("mvn -Pdeep package");
  }
}
