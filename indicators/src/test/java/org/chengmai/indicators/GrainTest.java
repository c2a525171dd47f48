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

  @ParameterizedTest
  @CsvSource({
    "PT5M,  PT1H,  true",
    "PT15M, PT1H,  true",
    "PT1H,  PT1H,  true",
    "PT1H,  P1D,   true",
    "PT1H,  P1Y,   true",
    "P1D,   P1W,   true",
    "P1D,   P1M,   true",
    "P1M,   P1M,   true",
    "P1M,   P1Y,   true",
    "P1W,   P1W,   true",
    "PT10M, PT15M, false",
    "PT1H,  PT15M, false",
    "P1D,   PT1H,  false",
    "P1W,   P1M,   false",
    "P1W,   P1Y,   false",
    "P1W,   P1D,   false",
    "P1M,   P1W,   false",
    "P1Y,   P1M,   false",
  })
  void knowsWhichLongerPeriodsItMakesUp(String grain, String other, boolean isTiled) {
    assertThat(Grain.of(grain).tiles(Grain.of(other))).isEqualTo(isTiled);
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
  @CsvSource({
    // 1986 summer time and 1941 summer time are 9 hours ahead, 1900 is local mean time, 8:05:43
    "1986-07-01T03:00:00Z, 1986-06-30T15:00:00Z, 1986-07-01T15:00:00Z",
    "1986-06-30T15:00:00Z, 1986-06-30T15:00:00Z, 1986-07-01T15:00:00Z",
    "1941-07-01T03:00:00Z, 1941-06-30T15:00:00Z, 1941-07-01T15:00:00Z",
    "1900-07-01T03:00:00Z, 1900-06-30T15:54:17Z, 1900-07-01T15:54:17Z",
    "1900-07-01T15:54:16Z, 1900-06-30T15:54:17Z, 1900-07-01T15:54:17Z",
  })
  void daysOfThePastHaveTheOffsetOfTheirTime(Instant time, Instant start, Instant end) {
    Grain day = Grain.of("P1D");
    assertThat(day.floor(time, CHINA)).isEqualTo(start);
    assertThat(day.end(start, CHINA)).isEqualTo(end);
  }

  @Test
  void hoursOfThePastBeginAtTheLocalHour() {
    Grain hour = Grain.of("PT1H");
    assertThat(hour.floor(Instant.parse("1986-07-01T03:30:00Z"), CHINA))
        .isEqualTo("1986-07-01T03:00:00Z");
    assertThat(hour.floor(Instant.parse("1900-07-01T03:30:00Z"), CHINA))
        .isEqualTo("1900-07-01T02:54:17Z");
  }

  @ParameterizedTest
  @CsvSource({
    "2026-01-04T15:59:59Z, 2026-01-03T16:00:00Z",
    "2026-01-04T16:00:00Z, 2026-01-04T16:00:00Z", // midnight in China
    "2026-01-04T23:59:59Z, 2026-01-04T16:00:00Z", // 07:59:59
    "2026-01-05T00:00:00Z, 2026-01-04T16:00:00Z", // 08:00, midnight in Greenwich
    "2026-01-05T15:59:59Z, 2026-01-04T16:00:00Z",
  })
  void aDayIsFrom16To16OClockOfUtc(Instant time, Instant start) {
    Grain day = Grain.of("P1D");
    assertThat(day.floor(time, CHINA)).isEqualTo(start);
    assertThat(day.end(start, CHINA)).isEqualTo(start.plusSeconds(86_400));
    assertThat(day.previous(start, CHINA)).isEqualTo(start.minusSeconds(86_400));
  }

  @ParameterizedTest
  @CsvSource({"PT7M", "P2D", "PT0S", "hour", "PT36H"})
  void refusesWhatCannotTileADay(String grain) {
    assertThatThrownBy(() -> Grain.of(grain)).hasMessageContaining(grain);
  }
}
