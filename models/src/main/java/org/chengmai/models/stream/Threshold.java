package org.chengmai.models.stream;

/** The score from which alarms begin. */
public enum Threshold {
  /** The benchmark's optimum for its standard profile. */
  NAB(4.6, 0),
  /** The benchmark's optimum where false alarms cost double. */
  NAB_LOW_FP(4.6, 0),
  /** The benchmark's optimum where misses cost double. */
  NAB_LOW_FN(4.6, 0),
  /** The product's default: a few false alarms in a hundred series-weeks. */
  OPERATING(9.6, 1);

  private static final double FIVE_MINUTES_PER_DAY = 288;

  /** Long grains have few periods to be calibrated by. */
  private static final double LEAST = 6.5;

  private final double score;
  private final double perGrain;

  Threshold(double score, double perGrain) {
    this.score = score;
    this.perGrain = perGrain;
  }

  public double score() {
    return score;
  }

  /**
   * The score where a day has so many periods: at {@link #OPERATING} the same number of false
   * alarms a week at every grain, as a tenth of the periods are ten times the probability.
   */
  public double at(double periodsPerDay) {
    double fewer = Math.log10(Math.max(1, periodsPerDay) / FIVE_MINUTES_PER_DAY);
    return Math.max(Math.min(score, LEAST), score + perGrain * fewer);
  }
}
