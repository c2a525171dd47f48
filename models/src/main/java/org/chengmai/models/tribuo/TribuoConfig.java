package org.chengmai.models.tribuo;

import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;

/**
 * How the forecaster is trained.
 *
 * @param epochs passes over the rows
 * @param learningRate of AdaGrad
 * @param huberCost error beyond which the loss grows only linearly, in units of the series
 * @param batch rows per step
 * @param seed of the shuffling
 * @param mostRows newest rows that are used
 */
public record TribuoConfig(
    int epochs, double learningRate, double huberCost, int batch, long seed, int mostRows) {
  public TribuoConfig {
    if (epochs < 1 || !(learningRate > 0) || !(huberCost > 0) || batch < 1 || mostRows < 1) {
      throw new ChengmaiException(
          ErrorCode.INVALID_DEFINITION,
          "Tribuo: epochs %d, learningRate %s, huberCost %s, batch %d, mostRows %d"
              .formatted(epochs, learningRate, huberCost, batch, mostRows));
    }
  }

  public static TribuoConfig defaults() {
    return new TribuoConfig(10, 0.1, 1, 8, 1, 50_000);
  }
}
