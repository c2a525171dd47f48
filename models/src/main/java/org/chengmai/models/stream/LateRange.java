package org.chengmai.models.stream;

import java.util.Arrays;

/**
 * How far a number is beyond its range until {@value LateTails#PERIODS} to twice as many periods
 * ago, in terms of how much the extremes of blocks of {@value LateTails#PERIODS} periods usually
 * differ: a leak does not move its own record, and a series that wanders by itself is given room.
 */
final class LateRange {
  /** Range that counts, least and greatest. */
  private static final int LEAST = 0;

  private static final int GREATEST = 1;

  /** Range of the last full block, which does not count yet, and of the present one. */
  private static final int LAST = 2;

  private static final int PRESENT = 4;

  /** By how much the least and the greatest of neighbouring blocks differ in the mean. */
  private static final int LEAST_DIFFER = 6;

  private static final int GREATEST_DIFFER = 7;
  private static final int BLOCKS = 8;
  static final int SIZE = 9;

  private static final double FEWEST_BLOCKS = 4;
  private static final double MEMORY = 60;

  /** Extremes never differ by less than this share of the range. */
  private static final double LEAST_SHARE = 0.02;

  private LateRange() {}

  static void clear(double[] hot, int at) {
    Arrays.fill(hot, at, at + SIZE, 0);
    for (int range = LEAST; range <= PRESENT; range += LAST) {
      empty(hot, at + range);
    }
  }

  /** About −log10 of the probability of being so far beyond, by an exponential; 0 within. */
  static double score(double[] hot, int at, double number, double step) {
    if (hot[at + BLOCKS] < FEWEST_BLOCKS) {
      return 0;
    }
    double range = hot[at + GREATEST] - hot[at + LEAST];
    double least = 1e-9 * Math.abs(hot[Layout.ANCHOR]) + 1e-12 + step + LEAST_SHARE * range;
    double up = (number - hot[at + GREATEST] - step) / (hot[at + GREATEST_DIFFER] + least);
    double down = (hot[at + LEAST] - number - step) / (hot[at + LEAST_DIFFER] + least);
    double beyond = Math.max(up, down);
    return beyond > 0 ? Math.log10(hot[at + BLOCKS]) + beyond / Math.log(10) : 0;
  }

  /**
   * @param shrink share by which the range comes nearer to the median with each period
   */
  static void learn(double[] hot, int at, double number, double shrink) {
    widen(hot, at + PRESENT, number, number);
    if (!isEmpty(hot, at)) {
      hot[at + LEAST] += shrink * (hot[Layout.MEDIAN] - hot[at + LEAST]);
      hot[at + GREATEST] += shrink * (hot[Layout.MEDIAN] - hot[at + GREATEST]);
    }
    if ((long) hot[Layout.COUNT] % LateTails.PERIODS == LateTails.PERIODS - 1) {
      close(hot, at);
    }
  }

  private static void close(double[] hot, int at) {
    if (!isEmpty(hot, at + LAST)) {
      hot[at + BLOCKS]++;
      if (!isEmpty(hot, at)) {
        double rate = 1 / Math.min(MEMORY, hot[at + BLOCKS]);
        double least = Math.abs(hot[at + LAST] - hot[at + PRESENT]);
        double greatest = Math.abs(hot[at + LAST + 1] - hot[at + PRESENT + 1]);
        hot[at + LEAST_DIFFER] += rate * (least - hot[at + LEAST_DIFFER]);
        hot[at + GREATEST_DIFFER] += rate * (greatest - hot[at + GREATEST_DIFFER]);
      }
      widen(hot, at, hot[at + LAST], hot[at + LAST + 1]);
    }
    hot[at + LAST] = hot[at + PRESENT];
    hot[at + LAST + 1] = hot[at + PRESENT + 1];
    empty(hot, at + PRESENT);
  }

  private static void empty(double[] hot, int range) {
    hot[range] = Double.POSITIVE_INFINITY;
    hot[range + 1] = Double.NEGATIVE_INFINITY;
  }

  private static boolean isEmpty(double[] hot, int range) {
    return hot[range] > hot[range + 1];
  }

  private static void widen(double[] hot, int range, double least, double greatest) {
    hot[range] = Math.min(hot[range], least);
    hot[range + 1] = Math.max(hot[range + 1], greatest);
  }
}
