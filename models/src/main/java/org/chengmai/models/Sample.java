package org.chengmai.models;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is known of one period.
 *
 * @param revision of the point, 0 when missing
 * @param value null when missing
 * @param readings what conditions look at besides, by the measure's text
 */
record Sample(
    Instant periodStart, int revision, @Nullable Double value, Map<String, Double> readings) {
  Sample(Instant periodStart, int revision, @Nullable Double value) {
    this(periodStart, revision, value, Map.of());
  }
}
