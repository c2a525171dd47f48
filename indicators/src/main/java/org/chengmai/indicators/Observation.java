package org.chengmai.indicators;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One reading of one registered series.
 *
 * @param series the registered series' id
 * @param time event time, UTC
 * @param value a finite number in the series' unit
 * @param received when the engine took it, UTC
 * @param id the sender's own key where one instant has several events
 */
public record Observation(
    String series, Instant time, double value, Instant received, @Nullable String id) {
  public Observation {
    if (!Double.isFinite(value)) {
      throw new ChengmaiException(
          ErrorCode.INVALID_INPUT,
          "series %s: value %s is not a finite number".formatted(series, value));
    }
  }
}
