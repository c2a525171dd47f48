package org.chengmai.models.rcf;

import com.amazon.randomcutforest.config.ForestMode;
import com.amazon.randomcutforest.config.TransformMethod;
import com.amazon.randomcutforest.parkservices.AnomalyDescriptor;
import com.amazon.randomcutforest.parkservices.ThresholdedRandomCutForest;
import java.time.Instant;
import org.chengmai.models.evaluation.RowScorer;

/**
 * A Random Cut Forest with the thresholds of its own authors, as their library ships them: an alarm
 * begins where its grade rises above zero.
 */
public final class RandomCutForestAlarms implements RowScorer {
  private static final int SHINGLE = 8;
  private static final int SAMPLE = 256;

  private final ThresholdedRandomCutForest forest =
      ThresholdedRandomCutForest.builder()
          .dimensions(SHINGLE)
          .shingleSize(SHINGLE)
          .numberOfTrees(30)
          .sampleSize(SAMPLE)
          .timeDecay(0.1 / SAMPLE)
          .randomSeed(1)
          .forestMode(ForestMode.STANDARD)
          .transformMethod(TransformMethod.NORMALIZE)
          .autoAdjust(true)
          .build();
  private boolean isOpen;
  private double score;

  /** The kind {@code rcf-own}. */
  public static RowScorer.Kind kind() {
    return RowScorer.Kind.of("rcf-own", (grain, dayClass) -> RandomCutForestAlarms::new);
  }

  @Override
  public double next(Instant time, double value) {
    AnomalyDescriptor verdict = forest.process(new double[] {value}, time.getEpochSecond());
    boolean isAnomaly = verdict.getAnomalyGrade() > 0;
    boolean hasBegun = isAnomaly && !isOpen;
    isOpen = isAnomaly;
    score = verdict.getRCFScore();
    return hasBegun ? score : 0;
  }

  @Override
  public double strangeness() {
    return score;
  }
}
