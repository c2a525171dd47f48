package org.chengmai.indicators.definition;

import org.chengmai.indicators.definition.Aggregate.Function;
import org.jspecify.annotations.Nullable;

/**
 * What one region contributes to an indicator: parts that merge exactly, so that the value of many
 * regions is computed from their parts and never from their values.
 *
 * @param numerator the aggregate itself; the sum of an average; the numerator of a ratio
 * @param denominator the count of an average, the denominator of a ratio, else null
 */
record Partial(@Nullable Double numerator, @Nullable Double denominator, long n) {

  /** How parts merge and become a value. */
  enum Kind {
    ADDED,
    LEAST,
    GREATEST,
    /** Numerators and denominators are added, and divided at the end. */
    DIVIDED;

    static Kind of(Function function) {
      return switch (function) {
        case SUM, COUNT -> ADDED;
        case AVG -> DIVIDED;
        case MIN -> LEAST;
        case MAX -> GREATEST;
      };
    }
  }

  static Partial zero() {
    return new Partial(0.0, null, 0);
  }

  /** Whether there is something to compute from; a numerator without its denominator is nothing. */
  boolean isUsable(Kind kind) {
    return numerator != null && (kind != Kind.DIVIDED || denominator != null);
  }

  /**
   * The parts of both together; both are usable. Associative and commutative but for the last bit
   * of sums.
   */
  Partial merge(Partial other, Kind kind) {
    double a = require(numerator);
    double b = require(other.numerator);
    double merged =
        switch (kind) {
          case ADDED, DIVIDED -> a + b;
          case LEAST -> Math.min(a, b);
          case GREATEST -> Math.max(a, b);
        };
    Double bottom =
        kind == Kind.DIVIDED
            ? Double.valueOf(require(denominator) + require(other.denominator))
            : null;
    return new Partial(merged, bottom, n + other.n);
  }

  /** The value before scaling; null where a denominator is zero or the result is not finite. */
  @Nullable Double value(Kind kind) {
    if (!isUsable(kind)) {
      return null;
    }
    double value =
        kind == Kind.DIVIDED ? require(numerator) / require(denominator) : require(numerator);
    return Double.isFinite(value) ? value : null;
  }

  private static double require(@Nullable Double part) {
    return java.util.Objects.requireNonNull(part);
  }
}
