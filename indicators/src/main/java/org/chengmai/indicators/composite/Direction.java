package org.chengmai.indicators.composite;

import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;
import org.jspecify.annotations.Nullable;

/**
 * Which values of an input are good.
 *
 * @param low the least good value of a target range, else null
 * @param high the greatest good value of a target range, else null
 */
public record Direction(Sense sense, @Nullable Double low, @Nullable Double high) {

  /** Which way is good. */
  public enum Sense {
    HIGHER_BETTER,
    LOWER_BETTER,
    /** Inside a band; outside, the distance to the band counts. */
    TARGET_RANGE
  }

  public Direction {
    if (sense == Sense.TARGET_RANGE) {
      if (low == null || high == null || !(low <= high) || Double.isInfinite(high - low)) {
        throw refused("target_range needs finite low <= high, has %s and %s".formatted(low, high));
      }
    } else if (low != null || high != null) {
      throw refused("low and high belong to target_range only");
    }
  }

  public static Direction higherBetter() {
    return new Direction(Sense.HIGHER_BETTER, null, null);
  }

  public static Direction lowerBetter() {
    return new Direction(Sense.LOWER_BETTER, null, null);
  }

  public static Direction targetRange(double low, double high) {
    return new Direction(Sense.TARGET_RANGE, low, high);
  }

  /** What is compared with the reference: the value, or its distance to the band. */
  double measure(double value) {
    return low == null || high == null ? value : Math.max(0, Math.max(low - value, value - high));
  }

  /** Whether a smaller {@link #measure} is better. */
  boolean reversed() {
    return sense != Sense.HIGHER_BETTER;
  }

  private static ChengmaiException refused(String problem) {
    return new ChengmaiException(ErrorCode.INVALID_DEFINITION, "direction: " + problem);
  }
}
