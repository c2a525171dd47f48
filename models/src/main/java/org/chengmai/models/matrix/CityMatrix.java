package org.chengmai.models.matrix;

import java.util.Arrays;
import java.util.List;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;

/**
 * Series of one grain side by side: a row per period, oldest first, a column per series, NaN where
 * a value is missing. The arrays belong to the matrix and are not changed by anyone.
 *
 * @param season periods after which the pattern comes again
 */
public record CityMatrix(String name, List<String> series, int season, double[][] values) {
  public CityMatrix {
    series = List.copyOf(series);
    for (double[] row : values) {
      if (row.length != series.size()) {
        throw new ChengmaiException(
            ErrorCode.INVALID_INPUT,
            "%s: a row has %d values for %d series".formatted(name, row.length, series.size()));
      }
    }
    if (season < 1) {
      throw new ChengmaiException(
          ErrorCode.INVALID_INPUT, "%s: season %d is below 1".formatted(name, season));
    }
  }

  public int periods() {
    return values.length;
  }

  /** The periods before {@code end}: what may be learnt from when the rest is held out. */
  public CityMatrix until(int end) {
    return with(Arrays.copyOf(values, end));
  }

  /** The same series and season with other values. */
  public CityMatrix with(double[][] others) {
    return new CityMatrix(name, series, season, others);
  }

  /**
   * Each missing value replaced by the last one known before it, never by a later one; those before
   * the first stay missing.
   */
  public CityMatrix carriedOn() {
    double[][] carried = new double[values.length][];
    for (int t = 0; t < values.length; t++) {
      carried[t] = values[t].clone();
      for (int s = 0; t > 0 && s < carried[t].length; s++) {
        if (Double.isNaN(carried[t][s])) {
          carried[t][s] = carried[t - 1][s];
        }
      }
    }
    return with(carried);
  }
}
