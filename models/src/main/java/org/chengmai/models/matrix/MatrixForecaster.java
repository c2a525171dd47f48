package org.chengmai.models.matrix;

/** Says the values of all series ahead; causal: what it says of a period uses nothing later. */
public interface MatrixForecaster {
  /**
   * Forecasts of the periods {@code from} to {@code to} (exclusive), each made its horizon earlier,
   * a row per period in the matrix' own units; {@code from} has a whole window before it.
   */
  double[][] forecast(CityMatrix matrix, int from, int to);
}
