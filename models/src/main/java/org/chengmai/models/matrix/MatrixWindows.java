package org.chengmai.models.matrix;

/**
 * What a forecast of one period may see of each series: the values of the last periods that are
 * known when the forecast is made, and those that end a season before the period forecast.
 *
 * @param length periods of each of the two windows
 * @param horizon periods from the last known one to the one forecast; at most a season
 */
public record MatrixWindows(int length, int horizon, int season) {
  public MatrixWindows {
    if (horizon < 1 || horizon > season) {
      throw new IllegalArgumentException(
          "horizon %d is not within 1 and the season %d".formatted(horizon, season));
    }
  }

  /** The first period that can be forecast. */
  public int first() {
    return length - 1 + Math.max(horizon, season);
  }

  /** The values of one series before {@code period}, the recent window first. */
  public double[] of(double[][] values, int period, int series) {
    double[] window = new double[2 * length];
    for (int i = 0; i < length; i++) {
      int back = length - 1 - i;
      window[i] = values[period - horizon - back][series];
      window[length + i] = values[period - season - back][series];
    }
    return window;
  }
}
