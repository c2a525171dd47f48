package org.chengmai.indicators.quality;

/** How likely chance alone is. */
final class Chance {
  /** Beyond this chi-square the probability is below any bound that a definition may state. */
  private static final double CERTAIN = 700;

  private Chance() {}

  /**
   * That chi-square is at least this large: 1 - P(f/2, x/2), by the series of the incomplete gamma
   * function. Absolute error below 1e-13.
   */
  static double ofChiSquare(double square, int freedom) {
    if (square > CERTAIN) {
      return 0;
    }
    double a = freedom / 2.0;
    double x = square / 2;
    // x^a e^-x / gamma(a + 1), where gamma(a + 1) = a (a - 1) ... down to gamma(1) or gamma(1/2)
    double term = Math.exp(-x);
    double factor = a;
    for (; factor >= 1; factor--) {
      term *= x / factor;
    }
    if (factor > 0) {
      term *= Math.sqrt(x) / (Math.sqrt(Math.PI) / 2);
    }
    double sum = 0;
    for (int i = 1; term > sum * 1e-17 && i < 10_000; i++) {
      sum += term;
      term *= x / (a + i);
    }
    return Math.max(0, 1 - sum);
  }

  /** That of n tries at least so many succeed, each with the same probability below one. */
  static double ofAtLeast(int successes, int n, double probability) {
    double odds = Math.log(probability / (1 - probability));
    double logarithm = n * Math.log1p(-probability);
    double sum = 0;
    for (int k = 0; k <= n; k++) {
      if (k >= successes) {
        sum += Math.exp(logarithm);
      }
      logarithm += odds + Math.log((double) (n - k) / (k + 1));
    }
    return Math.min(1, sum);
  }
}
