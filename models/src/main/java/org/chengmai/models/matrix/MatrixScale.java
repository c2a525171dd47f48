package org.chengmai.models.matrix;

import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;

/**
 * Mean and standard deviation of each series over the periods it was learnt from; brings values to
 * a common scale and back.
 */
public record MatrixScale(double[] mean, double[] deviation) {

  /** Learns from every period of the matrix; a series that never moves keeps its unit. */
  public static MatrixScale of(CityMatrix training) {
    int series = training.series().size();
    double[] mean = new double[series];
    double[] deviation = new double[series];
    for (int s = 0; s < series; s++) {
      double sum = 0;
      double squares = 0;
      int known = 0;
      for (double[] row : training.values()) {
        if (!Double.isNaN(row[s])) {
          sum += row[s];
          known++;
        }
      }
      mean[s] = known == 0 ? 0 : sum / known;
      for (double[] row : training.values()) {
        squares += Double.isNaN(row[s]) ? 0 : (row[s] - mean[s]) * (row[s] - mean[s]);
      }
      double spread = known == 0 ? 0 : Math.sqrt(squares / known);
      deviation[s] = spread > 1e-9 ? spread : 1;
    }
    return new MatrixScale(mean, deviation);
  }

  /**
   * Gaps carried on and every value in standard deviations from the mean; unknown counts as 0.
   *
   * @throws ChengmaiException INVALID_INPUT when the matrix has another number of series
   */
  public double[][] standardise(CityMatrix matrix) {
    if (matrix.series().size() != mean.length) {
      throw new ChengmaiException(
          ErrorCode.INVALID_INPUT,
          "%s has %d series, the model learnt from %d"
              .formatted(matrix.name(), matrix.series().size(), mean.length));
    }
    double[][] scaled = matrix.carriedOn().values();
    for (double[] row : scaled) {
      for (int s = 0; s < row.length; s++) {
        row[s] = Double.isNaN(row[s]) ? 0 : (row[s] - mean[s]) / deviation[s];
      }
    }
    return scaled;
  }

  public double restore(double scaled, int series) {
    return mean[series] + scaled * deviation[series];
  }
}
