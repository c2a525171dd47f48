package org.chengmai.models.matrix;

/** The value of a season ago: what every model has to beat. */
public final class SeasonalNaive implements MatrixForecaster {
  @Override
  public double[][] forecast(CityMatrix matrix, int from, int to) {
    double[][] carried = matrix.carriedOn().values();
    double[][] forecasts = new double[to - from][];
    for (int t = from; t < to; t++) {
      forecasts[t - from] = carried[t - matrix.season()].clone();
    }
    return forecasts;
  }
}
