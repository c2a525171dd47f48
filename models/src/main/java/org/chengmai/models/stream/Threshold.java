package org.chengmai.models.stream;

/** The score from which alarms begin. */
public enum Threshold {
  /** The benchmark's optimum for its standard profile. */
  NAB(5.0, 0),
  /** The benchmark's optimum where false alarms cost double. */
  NAB_LOW_FP(5.0, 0),
  /** The benchmark's optimum where misses cost double. */
  NAB_LOW_FN(5.0, 0),
  /** The product's default: about one false alarm in a hundred series-weeks. */
  OPERATING(7.1, 1);

  private static final double FIVE_MINUTES_PER_DAY = 288;

  /** Long grains have few periods to be calibrated by. */
  private static final double LEAST = 4.5;

  /** What the threshold of a young series is more, and from where on a series is old. */
  private static final double YOUNG = 20;

  private static final double OLD = 3.13;

  /** What is extreme is told of the youngest, too. */
  private static final double MOST_YOUNG = 2.8;

  /** What breaks the silence after an alarm, in thresholds, and for how long nothing does. */
  private static final double LOUD = 1.6;

  private static final double LEAST_SILENCE = 10;

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
    return at(score, perGrain, periodsPerDay);
  }

  /** The same for another score than that of {@link #OPERATING}. */
  public static double operating(double score, double periodsPerDay) {
    return at(score, OPERATING.perGrain, periodsPerDay);
  }

  private static double at(double score, double perGrain, double periodsPerDay) {
    double fewer = Math.log10(Math.max(1, periodsPerDay) / FIVE_MINUTES_PER_DAY);
    return Math.max(Math.min(score, LEAST), score + perGrain * fewer);
  }

  /**
   * By how much more an alarm needs at {@link #OPERATING} while a series has but few values: 2.8
   * times until 690 of them, twice at 940 and no more from 1,350 on. Grains of a day and longer,
   * which would wait for years, need no more.
   */
  public static double young(double periodsPerDay, double values) {
    double missing = periodsPerDay > 1 ? 1 - Math.log10(1 + values) / OLD : 0;
    return Math.min(MOST_YOUNG, 1 + YOUNG * Math.max(0, missing));
  }

  /**
   * Whether an alarm is so much stronger than it needs to be that it begins in the silence after an
   * earlier one.
   *
   * @param since periods since that one
   */
  public static boolean breaksSilence(double needed, double score, double since) {
    return since > LEAST_SILENCE && score >= LOUD * needed;
  }
}
