package org.chengmai.models.feedback;

import java.util.Map;
import org.chengmai.indicators.Grade;

/**
 * A trained logistic regression over alarms' evidence. It demotes an alarm that is less likely to
 * be real than {@code demoteBelow}, a red one never.
 *
 * @param label name and version, such as {@code feedback-combiner@3}
 * @param demoteBelow by which the share of real alarms that are demoted keeps its bound; 0 demotes
 *     none
 */
public record Combiner(String label, Map<String, Double> weights, double bias, double demoteBelow) {
  public Combiner {
    weights = Map.copyOf(weights);
  }

  /** The probability that an alarm is about something real. */
  public double probability(Map<String, Double> features) {
    double sum = bias;
    for (Map.Entry<String, Double> feature : features.entrySet()) {
      sum += weights.getOrDefault(feature.getKey(), 0.0) * feature.getValue();
    }
    return 1 / (1 + Math.exp(-sum));
  }

  public boolean demotes(Grade grade, double probability) {
    return grade != Grade.RED && probability < demoteBelow;
  }
}
