package org.chengmai.models.forecast;

import org.chengmai.models.forecast.HorizonFeatures.Row;

/** After what time a series repeats itself. */
public enum Season {
  DAY,
  WEEK;

  /** What the seasonal naive forecast says, in units of the series; NaN when it is not known. */
  public double naive(Row row) {
    return this == DAY ? row.day() : row.week();
  }

  /** The same, with the slot's level where it is not known. */
  double units(Row row) {
    double naive = naive(row);
    return Double.isNaN(naive) ? row.slot() : naive;
  }
}
