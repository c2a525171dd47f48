package org.chengmai.models.evaluation;

import java.time.Instant;

/**
 * How far a value lies from the mean of the last 6,400, in standard deviations: the benchmark's
 * windowed Gaussian, without its step of 100 rows between two looks at the window.
 */
final class WindowedGaussian implements Strangeness {
  private static final int WINDOW = 6_400;
  private static final int LEAST = 100;

  private final double[] window = new double[WINDOW];
  private long rows;
  private double sum;
  private double squares;
  private double origin;

  @Override
  public double next(Instant time, double value) {
    if (rows == 0) {
      origin = value;
    }
    double here = value - origin;
    double strangeness = 0;
    if (rows >= LEAST) {
      double count = Math.min(rows, WINDOW);
      double mean = sum / count;
      double variance = Math.max(0, squares / count - mean * mean);
      double spread = Math.sqrt(variance) + 1e-6 * (1 + Math.abs(mean));
      strangeness = Math.abs(here - mean) / spread;
    }
    int place = (int) (rows % WINDOW);
    double gone = window[place];
    window[place] = here;
    sum += here - gone;
    squares += here * here - gone * gone;
    rows++;
    return strangeness;
  }
}
