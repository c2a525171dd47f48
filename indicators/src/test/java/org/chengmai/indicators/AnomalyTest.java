package org.chengmai.indicators;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Map;
import org.chengmai.indicators.json.Json;
import org.junit.jupiter.api.Test;

class AnomalyTest {
  private static Anomaly anomaly(Map<String, Double> channels) {
    return new Anomaly(
        SeriesKey.of("CVS-ENV-0001", "630102"),
        "seasonal",
        "stream@1",
        Anomaly.Status.FIRING,
        Instant.parse("2026-03-01T00:00:00Z"),
        1,
        Grade.ORANGE,
        12.5,
        null,
        4,
        Anomaly.Reasons.of("值过高", "too high"),
        channels);
  }

  @Test
  void itsChannelsAreKeptAndToldInOrder() {
    Anomaly anomaly = anomaly(Map.of("season", 3.25, "high", 4.5));
    String json = Json.write(anomaly);
    assertThat(json).contains("\"channels\":{\"high\":4.5,\"season\":3.25}");
    assertThat(Json.read(json, Anomaly.class)).isEqualTo(anomaly);
    assertThat(anomaly.with(Anomaly.Reasons.of("续", "more")).channels())
        .isEqualTo(anomaly.channels());
  }

  @Test
  void oneWithoutChannelsIsWrittenAndReadAsEarlierVersionsDid() {
    Anomaly anomaly = anomaly(Map.of());
    String json = Json.write(anomaly);
    assertThat(json).doesNotContain("channels");
    assertThat(Json.read(json, Anomaly.class)).isEqualTo(anomaly);
  }
}
