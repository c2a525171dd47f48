package org.chengmai.indicators.rootcause;

import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;

/**
 * What one part of a whole holds in one period.
 *
 * @param numerator the value itself where values add up; the numerator of a ratio, the sum of an
 *     average
 * @param denominator of a ratio, the count of an average; 0 where values add up
 */
public record Amount(double numerator, double denominator) {
  /** Of a part that was not there. */
  public static final Amount NONE = new Amount(0, 0);

  public Amount {
    if (!Double.isFinite(numerator) || !Double.isFinite(denominator)) {
      throw new ChengmaiException(
          ErrorCode.INVALID_INPUT,
          "amount %s/%s is not finite; leave it out as missing".formatted(numerator, denominator));
    }
  }

  public static Amount of(double value) {
    return new Amount(value, 0);
  }

  boolean isPositive() {
    return numerator > 0 && denominator >= 0;
  }

  boolean isNegative() {
    return numerator < 0 || denominator < 0;
  }

  Amount plus(Amount other) {
    return new Amount(numerator + other.numerator, denominator + other.denominator);
  }

  Amount minus(Amount other) {
    return new Amount(numerator - other.numerator, denominator - other.denominator);
  }
}
