package org.chengmai.models.rcf;

import com.amazon.randomcutforest.RandomCutForest;
import java.time.Instant;
import org.chengmai.models.evaluation.Strangeness;

/**
 * The score of a Random Cut Forest on the last eight values: 30 trees of 256 samples that fade over
 * about 2,560 rows, single-threaded, with a fixed seed. Its jars are not part of the product.
 */
public final class RandomCutForestModel implements Strangeness {
  private static final int SHINGLE = 8;
  private static final int SAMPLE = 256;

  private final RandomCutForest forest =
      RandomCutForest.builder()
          .dimensions(SHINGLE)
          .shingleSize(SHINGLE)
          .internalShinglingEnabled(true)
          .numberOfTrees(30)
          .sampleSize(SAMPLE)
          .timeDecay(0.1 / SAMPLE)
          .outputAfter(SAMPLE / 4)
          .parallelExecutionEnabled(false)
          .randomSeed(1)
          .build();

  /** Forests for series of any grain: it knows no calendar. */
  public static Strangeness.Making making() {
    return (grain, dayClass) -> RandomCutForestModel::new;
  }

  @Override
  public double next(Instant time, double value) {
    double[] row = {value};
    double score = forest.getAnomalyScore(row);
    forest.update(row);
    return score;
  }
}
