package org.chengmai.indicators.definition;

import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What one region contributes to one aggregate: parts that merge exactly, so that the value of many
 * regions is computed from their parts and never from their values.
 *
 * @param numerator the aggregate itself; the sum of an average; the numerator of a ratio
 * @param denominator the count of an average, the denominator of a ratio, else null
 * @param samples sums by value or by hour, empty where nothing is sampled
 */
record Partial(
    @Nullable Double numerator, @Nullable Double denominator, SortedMap<Double, Sum> samples) {

  /** How parts merge. */
  enum Kind {
    ADDED,
    LEAST,
    GREATEST,
    /** Numerators and denominators are added, and divided at the end. */
    DIVIDED,
    /** Sums are kept by value or by hour. */
    SAMPLED
  }

  /** The sum and the count of some inputs. */
  record Sum(double total, double count) {
    Sum plus(Sum other) {
      return new Sum(total + other.total, count + other.count);
    }
  }

  static final Partial NONE = new Partial(null, null, new TreeMap<>());

  static final Partial ZERO = new Partial(0.0, null, new TreeMap<>());

  /** Whether there is something to compute from; a numerator without its denominator is nothing. */
  boolean isUsable(Kind kind) {
    return switch (kind) {
      case ADDED, LEAST, GREATEST -> numerator != null;
      case DIVIDED -> numerator != null && denominator != null;
      case SAMPLED -> !samples.isEmpty();
    };
  }

  /**
   * The parts of both together; what is not usable adds nothing. Associative and commutative but
   * for the last bit of sums.
   */
  Partial merge(Partial other, Kind kind) {
    if (!other.isUsable(kind)) {
      return this;
    }
    if (!isUsable(kind)) {
      return other;
    }
    return switch (kind) {
      case ADDED -> of(top() + other.top(), null);
      case LEAST -> of(Math.min(top(), other.top()), null);
      case GREATEST -> of(Math.max(top(), other.top()), null);
      case DIVIDED -> of(top() + other.top(), bottom() + other.bottom());
      case SAMPLED -> {
        SortedMap<Double, Sum> merged = new TreeMap<>(samples);
        other.samples.forEach((key, sum) -> merged.merge(key, sum, Sum::plus));
        yield new Partial(null, null, merged);
      }
    };
  }

  private static Partial of(double numerator, @Nullable Double denominator) {
    return new Partial(numerator, denominator, new TreeMap<>());
  }

  double quotient() {
    return top() / bottom();
  }

  private double top() {
    return Objects.requireNonNull(numerator);
  }

  private double bottom() {
    return Objects.requireNonNull(denominator);
  }
}
