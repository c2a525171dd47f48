package org.chengmai.models.stream;

/**
 * How far the value before the newest one stuck out beyond both its neighbours. All are taken as
 * their distance from what their slots are used to, so that a peak that comes higher than usual as
 * a whole is no spike.
 */
final class Spike {
  /** Distances of the last value and of the one before, and a step of scatter at the last. */
  private static final int LAST = 0;

  private static final int EARLIER = 1;
  private static final int UNIT = 2;
  static final int SIZE = 3;

  private Spike() {}

  /** What follows has no neighbour. */
  static void clear(double[] hot) {
    hot[Layout.SPIKE + LAST] = Double.NaN;
  }

  /**
   * Steps of scatter, negative downwards, 0 for no spike; NaN while one of the three is not known.
   *
   * @param residual the newest value's distance, NaN when it is not known
   */
  static double next(double[] hot, double residual, double unit) {
    double last = hot[Layout.SPIKE + LAST];
    double earlier = hot[Layout.SPIKE + EARLIER];
    double up = last - Math.max(earlier, residual);
    double down = Math.min(earlier, residual) - last;
    double steps = (up > 0 ? up : Math.min(0, -down)) / hot[Layout.SPIKE + UNIT];
    hot[Layout.SPIKE + EARLIER] = last;
    hot[Layout.SPIKE + LAST] = residual;
    hot[Layout.SPIKE + UNIT] = unit;
    return steps;
  }
}
