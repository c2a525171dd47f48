package org.chengmai.indicators.composite;

/** How the scores of an index become one. Weights sum to 1. */
public enum Mean {
  /** Σ w·s: a good input makes up for a bad one. */
  ARITHMETIC {
    @Override
    double of(double[] weights, double[] scores) {
      double mean = 0;
      for (int i = 0; i < scores.length; i++) {
        mean += weights[i] * scores[i];
      }
      return mean;
    }

    @Override
    double[] contributions(double[] weights, double[] before, double[] after) {
      double[] contributions = new double[weights.length];
      for (int i = 0; i < weights.length; i++) {
        contributions[i] = weights[i] * (after[i] - before[i]);
      }
      return contributions;
    }
  },

  /**
   * Π s^w: a bad input can hardly be made up for. A score below 1 counts as 1, else a single zero
   * would make the index zero whatever its weight, and no change could be told apart any more.
   */
  GEOMETRIC {
    @Override
    double of(double[] weights, double[] scores) {
      double logarithm = 0;
      for (int i = 0; i < scores.length; i++) {
        logarithm += weights[i] * log(scores[i]);
      }
      return Math.exp(logarithm);
    }

    /** Logarithmic mean Divisia index: L(after, before)·w·ln(t/s), L = (b − a) / ln(b/a). */
    @Override
    double[] contributions(double[] weights, double[] before, double[] after) {
      double[] contributions = new double[weights.length];
      double total = 0;
      for (int i = 0; i < weights.length; i++) {
        contributions[i] = weights[i] * (log(after[i]) - log(before[i]));
        total += contributions[i];
      }
      double start = of(weights, before);
      double logarithmicMean = total == 0 ? start : start * Math.expm1(total) / total;
      for (int i = 0; i < weights.length; i++) {
        contributions[i] *= logarithmicMean;
      }
      return contributions;
    }
  };

  private static final double LEAST = 1;

  abstract double of(double[] weights, double[] scores);

  /** What each score's change adds to the mean; sums to the mean's change but for rounding. */
  abstract double[] contributions(double[] weights, double[] before, double[] after);

  private static double log(double score) {
    return Math.log(Math.max(LEAST, score));
  }
}
