package org.chengmai.models.tribuo;

import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;

/**
 * How the forecasters of a horizon are trained.
 *
 * @param huberCost error beyond which the loss grows only linearly, in units of the series
 * @param learningRate of AdaGrad
 * @param epochs passes of stochastic gradient descent over the rows
 * @param batch rows per step
 * @param alpha weight of the elastic net's penalty
 * @param l1Ratio part of the penalty that drives weights to zero
 * @param mostRows that are used, evenly taken over time
 * @param seed of the shuffling
 */
public record HorizonConfig(
    double huberCost,
    double learningRate,
    int epochs,
    int batch,
    double alpha,
    double l1Ratio,
    int mostRows,
    long seed) {
  public HorizonConfig {
    if (!(huberCost > 0)
        || !(learningRate > 0)
        || epochs < 1
        || batch < 1
        || !(alpha > 0)
        || !(l1Ratio > 0 && l1Ratio <= 1)
        || mostRows < 1) {
      throw new ChengmaiException(
          ErrorCode.INVALID_DEFINITION,
          "horizons: huberCost %s, learningRate %s, epochs %d, batch %d, alpha %s, l1Ratio %s, mostRows %d"
              .formatted(huberCost, learningRate, epochs, batch, alpha, l1Ratio, mostRows));
    }
  }

  public static HorizonConfig defaults() {
    return new HorizonConfig(0.3, 0.05, 8, 8, 0.002, 0.5, 8_000, 1);
  }
}
