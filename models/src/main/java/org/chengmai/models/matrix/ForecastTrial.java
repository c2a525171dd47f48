package org.chengmai.models.matrix;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Measures forecasts of a matrix on its periods from {@code from} on, which no model has learnt.
 */
public record ForecastTrial(CityMatrix matrix, int from) {

  /** Mean absolute error of each series; NaN where no value of it is known. */
  public double[] errors(MatrixForecaster forecaster) {
    double[][] forecasts = forecaster.forecast(matrix, from, matrix.periods());
    double[] errors = new double[matrix.series().size()];
    for (int s = 0; s < errors.length; s++) {
      int series = s;
      errors[s] =
          IntStream.range(from, matrix.periods())
              .mapToDouble(t -> Math.abs(matrix.values()[t][series] - forecasts[t - from][series]))
              .filter(error -> !Double.isNaN(error))
              .average()
              .orElse(Double.NaN);
    }
    return errors;
  }

  /**
   * Error by error, one model's over another's.
   *
   * @param median of the ratios; NaN when there is none
   * @param shareBelowOne of the series: those that the first model forecasts better
   * @param leftOut series whose ratio does not exist, the second model's error being zero or
   *     unknown
   */
  public record Ratio(double median, double shareBelowOne, int leftOut) {
    public static Ratio of(double[] errors, double[] others) {
      double[] ratios =
          IntStream.range(0, errors.length)
              .mapToDouble(s -> errors[s] / others[s])
              .filter(Double::isFinite)
              .sorted()
              .toArray();
      int n = ratios.length;
      return new Ratio(
          n == 0 ? Double.NaN : (ratios[(n - 1) / 2] + ratios[n / 2]) / 2,
          (double) Arrays.stream(ratios).filter(ratio -> ratio < 1).count() / Math.max(1, n),
          errors.length - n);
    }
  }
}
