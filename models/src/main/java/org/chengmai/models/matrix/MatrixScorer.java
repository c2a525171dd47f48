package org.chengmai.models.matrix;

/** Says how strange each series is; causal: the score of a period uses nothing later. */
public interface MatrixScorer {
  /** Scores of the periods {@code from} to {@code to} (exclusive), 0 being ordinary. */
  double[][] novelty(CityMatrix matrix, int from, int to);

  /**
   * A forecast's errors as the score: the root of their mean square over the last {@code periods};
   * a missing value is not strange. Needs {@code periods - 1} forecasts before the first score.
   */
  static MatrixScorer ofErrors(MatrixForecaster forecaster, int periods) {
    return (matrix, from, to) -> {
      int first = from - periods + 1;
      double[][] squares = forecaster.forecast(matrix, first, to);
      for (int t = first; t < to; t++) {
        double[] row = squares[t - first];
        for (int s = 0; s < row.length; s++) {
          double error = matrix.values()[t][s] - row[s];
          row[s] = Double.isNaN(error) ? 0 : error * error;
        }
      }
      double[][] scores = new double[to - from][matrix.series().size()];
      for (int i = 0; i < scores.length; i++) {
        for (int s = 0; s < scores[i].length; s++) {
          double sum = 0;
          for (int back = 0; back < periods; back++) {
            sum += squares[i + back][s];
          }
          scores[i][s] = Math.sqrt(sum / periods);
        }
      }
      return scores;
    };
  }
}
