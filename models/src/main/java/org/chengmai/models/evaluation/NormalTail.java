package org.chengmai.models.evaluation;

/** The upper tail of the normal distribution. */
final class NormalTail {
  private NormalTail() {}

  /**
   * −log10 of the probability that a standard normal value is greater than {@code z >= 0}; right to
   * 1 in 10,000 of the probability or better. Source: Abramowitz and Stegun, Handbook of
   * Mathematical Functions, 26.2.17, and beyond 5 the continued fraction 26.2.14.
   */
  static double minusLog10(double z) {
    double density = Math.exp(-z * z / 2) / Math.sqrt(2 * Math.PI);
    if (z > 5) {
      double fraction = z + 1 / (z + 2 / (z + 3 / (z + 4 / (z + 0.65))));
      return z * z / 2 / Math.log(10) + Math.log10(Math.sqrt(2 * Math.PI) * fraction);
    }
    double t = 1 / (1 + 0.2316419 * z);
    double sum =
        t
            * (0.319381530
                + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
    return -Math.log10(density * sum);
  }
}
