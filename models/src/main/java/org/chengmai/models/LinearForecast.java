package org.chengmai.models;

import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;

/**
 * A linear forecast, ready for the hot path: one weight per feature of {@link ForecastFeatures}.
 *
 * @param name and version of the model, such as {@code tribuo-linear-sgd@3}
 * @param residualScale mean absolute error to expect, in units of the series
 */
public record LinearForecast(String name, double[] weights, double bias, double residualScale) {
  public LinearForecast {
    weights = weights.clone();
    if (weights.length != ForecastFeatures.featureNames().size()) {
      throw new ChengmaiException(
          ErrorCode.INVALID_INPUT,
          "model %s has %d weights for %d features"
              .formatted(name, weights.length, ForecastFeatures.featureNames().size()));
    }
  }

  /**
   * What stands in before the first training: the slot's usual level. Its errors teach the detector
   * what is ordinary.
   */
  public static LinearForecast slotMean() {
    double[] weights = new double[ForecastFeatures.featureNames().size()];
    weights[ForecastFeatures.featureNames().indexOf("slot")] = 1;
    return new LinearForecast("slot-mean@0", weights, 0, 0.5);
  }

  /** The expected value, in units of the series. */
  public double predict(double[] features) {
    double sum = bias;
    for (int i = 0; i < weights.length; i++) {
      sum += weights[i] * features[i];
    }
    return sum;
  }
}
