package org.chengmai.indicators.composite;

import java.math.BigDecimal;
import java.math.RoundingMode;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;

/** Scores from 0 to 100, and the form in which those of an index are published. */
final class Scores {
  /** Published scores are whole multiples of this. */
  static final BigDecimal UNIT = new BigDecimal("0.0001");

  private Scores() {}

  /** Rounded to a multiple of {@link #UNIT}; a published score gives itself. */
  static BigDecimal published(double score) {
    return BigDecimal.valueOf(score).setScale(UNIT.scale(), RoundingMode.HALF_EVEN);
  }

  static boolean isPublished(double score) {
    return published(score).doubleValue() == score;
  }

  static double clamp(double score) {
    return Math.max(0, Math.min(100, score));
  }

  static void requireFinite(double value) {
    if (!Double.isFinite(value)) {
      throw new ChengmaiException(
          ErrorCode.INVALID_INPUT,
          "value %s has no score; leave it out as missing".formatted(value));
    }
  }
}
