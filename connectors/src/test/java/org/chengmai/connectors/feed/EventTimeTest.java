package org.chengmai.connectors.feed;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EventTimeTest {
  @ParameterizedTest
  @CsvSource({
    "2026-01-05T08:00:00Z, 2026-01-05T08:00:00Z",
    "2026-01-05T08:00:00+08:00, 2026-01-05T00:00:00Z",
    "2026-01-05T08:00:00.5-03:30, 2026-01-05T11:30:00.5Z",
    "2026-01-05T08:00:00.123456789Z, 2026-01-05T08:00:00.123Z",
    "2024-02-29T00:00:00Z, 2024-02-29T00:00:00Z",
    "2026-01-05T08:00+08:00, 2026-01-05T00:00:00Z",
    "2026-01-05T08:00:00+08, 2026-01-05T00:00:00Z",
  })
  void readsIsoTimesWithAZone(String text, Instant expected) {
    assertThat(EventTime.millis(text)).isEqualTo(expected.toEpochMilli());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "now",
        "2026-01-05T08:00:00",
        "2026-01-05",
        "2026-02-29T00:00:00Z",
        "2026-13-01T00:00:00Z",
        "2026-01-05T24:00:01Z",
        "2026-01-05T08:00:60Z",
        "2026-01-05T08:00:00Zjunk",
        "２０２６-01-05T08:00:00Z",
        "2026/01/05T08:00:00Z",
        "2026-01-05T08:00:00+99:00",
        "-026-01-05T08:00:00Z",
        "0000-00-00T00:00:00Z"
      })
  void refusesWhatIsNoTimeWithAZone(String text) {
    assertThat(EventTime.millis(text)).isEqualTo(EventTime.INVALID);
  }

  @Test
  void agreesWithJavaOnSeededRandomTimes() {
    Random random = new Random(20260105);
    for (int n = 0; n < 20_000; n++) {
      OffsetDateTime time =
          Instant.ofEpochMilli((long) (random.nextDouble() * 4e12) - 1_000_000_000_000L)
              .atOffset(ZoneOffset.ofTotalSeconds((random.nextInt(33) - 16) * 1800));
      assertThat(EventTime.millis(time.toString()))
          .as("seed 20260105: %s", time)
          .isEqualTo(time.toInstant().toEpochMilli());
    }
  }
}
