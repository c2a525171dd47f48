package org.chengmai.indicators.comparison;

import java.time.Instant;
import java.util.Optional;

/** The values of one series: an indicator in a region, newest revisions. */
@FunctionalInterface
public interface History {
  /** The value of the period that starts then; empty if it is missing. NaN counts as missing. */
  Optional<Double> value(Instant periodStart);

  /**
   * The start of the first period that was ever computed, if known. A base before it is called too
   * little history, and not a missing value.
   */
  default Optional<Instant> beginning() {
    return Optional.empty();
  }
}
