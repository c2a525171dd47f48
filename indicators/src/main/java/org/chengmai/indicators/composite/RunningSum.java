package org.chengmai.indicators.composite;

import java.math.BigDecimal;
import java.math.RoundingMode;

/**
 * A way from one published value to another in steps that add up exactly. The running sum is
 * rounded and not each step: a step is the difference of the sum rounded after and before it, so
 * that all together telescope, and none is off what it really is by more than one unit. Not
 * thread-safe.
 */
public final class RunningSum {
  private final int decimals;
  private final RoundingMode mode;
  private double exact;
  private BigDecimal rounded;

  /** Begins at a value, which is published with so many decimals. */
  public RunningSum(double start, int decimals, RoundingMode mode) {
    this.decimals = decimals;
    this.mode = mode;
    this.exact = start;
    this.rounded = published(start);
  }

  /** A step by so much, as a decimal. */
  public BigDecimal add(double step) {
    return reach(exact + step);
  }

  /** The step to a value: the last one takes what the doubles before it have lost. */
  public BigDecimal reach(double value) {
    BigDecimal next = published(value);
    BigDecimal step = next.subtract(rounded);
    exact = value;
    rounded = next;
    return step;
  }

  private BigDecimal published(double value) {
    return BigDecimal.valueOf(value).setScale(decimals, mode);
  }
}
