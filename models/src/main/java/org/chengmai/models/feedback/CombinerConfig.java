package org.chengmai.models.feedback;

import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;

/**
 * How a combiner learns.
 *
 * @param cost of an error against the size of the weights: smaller is more cautious
 * @param folds in which it is judged on alarms that it has not seen
 * @param mostMissed greatest share of real alarms that may be demoted
 * @param leastOfEach labels of either kind below which nothing is learnt
 * @param seed of the folds
 */
public record CombinerConfig(
    double cost, int folds, double mostMissed, int leastOfEach, long seed) {
  public CombinerConfig {
    if (!(cost > 0) || folds < 2 || !(mostMissed >= 0 && mostMissed < 1) || leastOfEach < folds) {
      throw new ChengmaiException(
          ErrorCode.INVALID_DEFINITION,
          "combiner: cost %s, folds %d, mostMissed %s, leastOfEach %d"
              .formatted(cost, folds, mostMissed, leastOfEach));
    }
  }

  public static CombinerConfig defaults() {
    return new CombinerConfig(0.01, 5, 0.05, 5, 1);
  }

  /**
   * The probability below which alarms are demoted, from what folds that had not seen them gave the
   * real ones: of {@code n} the k-th smallest with k = ⌊mostMissed · (n + 1)⌋. A further real
   * alarm, drawn as these were, lies below it with a probability of at most k / (n + 1) (conformal
   * prediction: Vovk, Gammerman, Shafer 2005). 0 while they are too few to say so.
   */
  public double demoteBelow(double[] ofReal) {
    double[] sorted = ofReal.clone();
    java.util.Arrays.sort(sorted);
    int rank = (int) Math.floor(mostMissed * (sorted.length + 1));
    return rank == 0 ? 0 : sorted[rank - 1];
  }
}
