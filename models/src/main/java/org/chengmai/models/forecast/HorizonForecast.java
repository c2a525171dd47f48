package org.chengmai.models.forecast;

import java.util.List;
import java.util.Map;
import org.chengmai.models.forecast.HorizonFeatures.Row;

/**
 * A forecast of one horizon, ready to use: the usual level of the target's slot, moved by a linear
 * model and towards other simple forecasts by the shares of {@link Mix}.
 *
 * @param weights of the linear model, one per feature; it forecasts the distance from the slot's
 *     level
 */
public record HorizonForecast(double[] weights, double bias, Mix mix) {

  /** A forecast with its band, as values. */
  public record Estimate(double low, double center, double high) {}

  /**
   * How linear model and simple forecasts are mixed, and how wide the band is.
   *
   * @param season after which the forecast's measure, the seasonal naive forecast, repeats the
   *     series
   * @param ofAll what a series takes that has no blend of its own
   */
  public record Mix(Season season, Blend ofAll, Map<String, Blend> own, ErrorBands bands) {
    public Mix {
      own = Map.copyOf(own);
    }

    double units(Row row, double linear) {
      return own.getOrDefault(row.series(), ofAll).units(row, linear, season);
    }
  }

  /** What a linear model says of each row, as distance from the slot's level. */
  public static double[] linear(double[] weights, double bias, List<Row> rows) {
    return rows.stream().mapToDouble(row -> linear(weights, bias, row)).toArray();
  }

  private static double linear(double[] weights, double bias, Row row) {
    double sum = bias;
    for (int i = 0; i < weights.length; i++) {
      sum += weights[i] * row.features()[i];
    }
    return sum;
  }

  public Estimate estimate(Row row) {
    double center = mix.units(row, linear(weights, bias, row));
    return new Estimate(
        row.raw(center + mix.bands().low(row)),
        row.raw(center),
        row.raw(center + mix.bands().high(row)));
  }
}
