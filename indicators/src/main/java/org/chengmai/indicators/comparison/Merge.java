package org.chengmai.indicators.comparison;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * How the value of several periods together comes about. Counts add up; a ratio has to be
 * recomputed from its numerators and denominators, which only the caller has.
 */
@FunctionalInterface
public interface Merge {
  /** The value of all these periods together; empty if it cannot be told. */
  Optional<Double> value(List<Instant> periodStarts);

  /** Adds the values up, as is right for counts and amounts; empty if one is missing. */
  static Merge sum(History history) {
    return periods -> {
      double sum = 0;
      for (Instant period : periods) {
        Optional<Double> value = history.value(period);
        if (value.isEmpty()) {
          return Optional.empty();
        }
        sum += value.get();
      }
      return Optional.of(sum);
    };
  }

  /** For values that cannot be put together, such as a stock or a median. */
  static Merge none() {
    return periods -> Optional.empty();
  }
}
