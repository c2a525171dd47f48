package org.chengmai.indicators;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.time.ZoneId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GrainTest {
  private static final ZoneId CHINA = ZoneId.of("Asia/Shanghai");

  @ParameterizedTest
  @CsvSource({
    "PT5M, 2026-01-05T00:07:30Z, 2026-01-05T00:05:00Z",
    "PT1H, 2026-01-05T00:07:30Z, 2026-01-05T00:00:00Z",
    "P1D,  2026-01-05T00:07:30Z, 2026-01-04T16:00:00Z",
    "P1D,  2026-01-05T16:00:00Z, 2026-01-05T16:00:00Z",
    "P1W,  2026-01-07T00:00:00Z, 2026-01-04T16:00:00Z",
    "P1M,  2026-01-31T16:00:00Z, 2026-01-31T16:00:00Z",
    "P1Y,  2026-06-01T00:00:00Z, 2025-12-31T16:00:00Z",
  })
  void floorsToTheLocalPeriod(String grain, Instant time, Instant start) {
    assertThat(Grain.of(grain).floor(time, CHINA)).isEqualTo(start);
  }

  @Test
  void summerTimeDaysHaveTwentyThreeHours() {
    // 1986-05-04: China put its clocks forward.
    Grain day = Grain.of("P1D");
    Instant start = day.floor(Instant.parse("1986-05-04T06:00:00Z"), CHINA);
    assertThat(day.end(start, CHINA).getEpochSecond() - start.getEpochSecond())
        .isEqualTo(23 * 3600);
  }

  @ParameterizedTest
  @CsvSource({"PT7M", "P2D", "PT0S", "hour", "PT36H"})
  void refusesWhatCannotTileADay(String grain) {
    assertThatThrownBy(() -> Grain.of(grain)).hasMessageContaining(grain);
  }
}
