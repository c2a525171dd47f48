package org.chengmai.engine.alerts;

import java.time.Instant;
import org.chengmai.indicators.Anomaly;
import org.chengmai.indicators.Band;
import org.chengmai.indicators.Grade;
import org.chengmai.indicators.SeriesKey;

/** Anomalies to test with: minute periods counted from one instant. */
public final class Anomalies {
  public static final Instant START = Instant.parse("2026-03-01T00:00:00Z");

  private Anomalies() {}

  public static Anomaly anomaly(String region, Anomaly.Status status, Grade grade, int minute) {
    return new Anomaly(
        SeriesKey.of("CVS-ENV-0001", region),
        "threshold",
        "threshold@1",
        status,
        START.plusSeconds(60L * minute),
        1,
        grade,
        12.5,
        new Band(1, 2, 3),
        4,
        Anomaly.Reasons.of("值过高", "too high"));
  }

  /** Seen a minute after the period began. */
  public static Sighting sighting(String region, Anomaly.Status status, Grade grade, int minute) {
    return new Sighting(
        anomaly(region, status, grade, minute), START.plusSeconds(60L * minute + 60));
  }
}
