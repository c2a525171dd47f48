package org.chengmai.models.stream;

/**
 * How unlikely the mean of the last ten numbers is among such means until ten numbers ago, by a
 * normal distribution (the short against the long history of Ahmad et al. 2017).
 */
final class Likelihood {
  static final int COUNT = 3;
  static final int HOT = 3;
  static final int COLD = 20;
  private static final int SHORT = 10;
  private static final double MEMORY = 4000;
  private static final int LEAST_SEEN = 170;

  /** One event more or less in a mean is at least two deviations. */
  private static final double EVENT_SHARE = 0.5;

  private Likelihood() {}

  /**
   * @param number NaN is nothing seen
   * @param event what one event more makes of a number, where rare ones are counted; else 0
   */
  static double next(StreamState state, int which, double number, double event) {
    if (Double.isNaN(number)) {
      return 0;
    }
    double[] hot = state.hot;
    float[] cold = state.cold;
    int at = Layout.LIKELIHOODS + which * HOT;
    int ring = Layout.RINGS + which * COLD;
    long count = (long) hot[at + 2]++;
    int place = (int) (count % SHORT);
    state.set(ring + place, number);
    double sum = 0;
    for (int i = 0; i < SHORT; i++) {
      sum += cold[ring + i];
    }
    double mean = sum / SHORT;
    int means = ring + SHORT + place;
    if (count >= 2 * SHORT) {
      double rate = 1 / Math.min(MEMORY, count - 2 * SHORT + 1);
      double step = cold[means] - hot[at];
      hot[at] += rate * step;
      hot[at + 1] = (1 - rate) * (hot[at + 1] + rate * step * step);
    }
    state.set(means, mean);
    double least = Math.max(0.01 * Math.abs(hot[at]) + 1e-4, EVENT_SHARE * event / SHORT);
    double deviation = Math.max(Math.sqrt(hot[at + 1]), least);
    return count < LEAST_SEEN ? 0 : rarity((mean - hot[at]) / deviation);
  }

  /** −log10 of the upper tail of the normal distribution, at most 30. */
  static double rarity(double deviations) {
    if (deviations <= 0) {
      return 0;
    }
    // Abramowitz and Stegun 26.2.17.
    double t = 1 / (1 + 0.2316419 * deviations);
    double tail =
        t
            * (0.319381530
                + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
    double density = deviations * deviations / 2 / Math.log(10) + Math.log10(2 * Math.PI) / 2;
    return Math.min(30, density - Math.log10(tail));
  }
}
