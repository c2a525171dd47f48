package org.chengmai.engine.ingest;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/**
 * One corrected value on its way.
 *
 * @param eventId null means every observation of the series at that time
 * @param attempts how often it was tried
 */
record Correction(
    long id,
    String series,
    String measure,
    String region,
    Instant time,
    @Nullable String eventId,
    double value,
    int attempts) {
  /** The UTC day, which is Druid's segment. */
  Instant day() {
    return time.truncatedTo(ChronoUnit.DAYS);
  }

  boolean concerns(String otherSeries, long otherTime, @Nullable String otherId) {
    return series.equals(otherSeries)
        && time.toEpochMilli() == otherTime
        && (eventId == null || eventId.equals(otherId));
  }
}
