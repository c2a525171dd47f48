package org.chengmai.models.forecast;

import org.chengmai.models.forecast.HorizonFeatures.Row;

/**
 * How much say a linear model, the value one season before, and the slot's level over all days of
 * its class have in a forecast; what is left belongs to the slot's own level. The shares are convex
 * and chosen on data that the model had not seen, so one that learnt nothing gets no say.
 */
public record Blend(double model, double seasonal, double ofClass) {

  /**
   * The forecast in units of the series.
   *
   * @param linear distance from the slot's level that the model says
   */
  double units(Row row, double linear, Season season) {
    return row.slot()
        + model * linear
        + seasonal * (season.units(row) - row.slot())
        + ofClass * (row.ofClass() - row.slot());
  }
}
