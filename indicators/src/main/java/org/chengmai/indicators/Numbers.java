package org.chengmai.indicators;

import java.util.Arrays;
import java.util.List;

/** Some numbers and what is usual among them. At least one. Immutable. */
public final class Numbers {
  /** Scales a median absolute deviation to the standard deviation of normal values. */
  private static final double NORMAL = 1.4826;

  /** Spreads below this part of the values' size are what rounding leaves. */
  private static final double ROUNDING = 1e-9;

  private final double[] sorted;

  public Numbers(List<Double> values) {
    this(values.stream().mapToDouble(Double::doubleValue).toArray());
  }

  private Numbers(double[] values) {
    Arrays.sort(values);
    this.sorted = values;
  }

  /** The middle one, or the mean of the two in the middle. */
  public double median() {
    int half = sorted.length / 2;
    // Halved first, so that two large values do not overflow.
    return sorted.length % 2 == 1 ? sorted[half] : sorted[half - 1] / 2 + sorted[half] / 2;
  }

  /** The arithmetic mean. */
  public double mean() {
    double mean = 0;
    for (double value : sorted) {
      mean += value / sorted.length;
    }
    return mean;
  }

  /** The standard deviation of a sample (n − 1); 0 for a single number. */
  public double standardDeviation() {
    if (sorted.length < 2) {
      return 0;
    }
    double mean = mean();
    double squares = 0;
    for (double value : sorted) {
      squares += (value - mean) * (value - mean);
    }
    return Math.sqrt(squares / (sorted.length - 1));
  }

  /** The standard deviation told by the median of the distances to the median. */
  public double robustDeviation() {
    double median = median();
    return NORMAL
        * new Numbers(Arrays.stream(sorted).map(v -> Math.abs(v - median)).toArray()).median();
  }

  /** Whether a distance is no more than rounding leaves in numbers of this size. */
  public boolean isNothing(double distance) {
    double size = Math.max(Math.abs(sorted[0]), Math.abs(sorted[sorted.length - 1]));
    return Math.abs(distance) <= ROUNDING * size;
  }
}
