package org.chengmai.indicators.region;

import java.util.Collections;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;
import org.chengmai.indicators.Anomaly.Reasons;

/**
 * How values of one place on two days compare although codes changed in between: the codes whose
 * values make up the same area on either day, each with its weight. It holds for values that add up
 * over regions; of a ratio or an average restate numerator and denominator, each by itself.
 *
 * @param first codes on the first day and what part of each one's value counts, 1 for all of it
 * @param second the same for the second day
 * @param reasons why the values cannot be compared; empty when they can
 */
public record Comparison(Map<String, Double> first, Map<String, Double> second, Reasons reasons) {
  public Comparison {
    first = Collections.unmodifiableMap(new TreeMap<>(first));
    second = Collections.unmodifiableMap(new TreeMap<>(second));
  }

  static Comparison impossible(Reasons reasons) {
    return new Comparison(Map.of(), Map.of(), reasons);
  }

  public boolean isPossible() {
    return reasons.zh().isEmpty();
  }

  /** Whether a share of some former place is in it, so that the sum is an estimate. */
  public boolean isEstimate() {
    return first.values().stream().anyMatch(weight -> weight != 1)
        || second.values().stream().anyMatch(weight -> weight != 1);
  }

  /** The place's value on the first day; empty when impossible or when a value is missing. */
  public OptionalDouble firstValue(Map<String, Double> values) {
    return sum(first, values);
  }

  /** The place's value on the second day; empty when impossible or when a value is missing. */
  public OptionalDouble secondValue(Map<String, Double> values) {
    return sum(second, values);
  }

  private static OptionalDouble sum(Map<String, Double> weights, Map<String, Double> values) {
    double sum = 0;
    for (Map.Entry<String, Double> weight : weights.entrySet()) {
      Double value = values.get(weight.getKey());
      if (value == null) {
        return OptionalDouble.empty();
      }
      sum += weight.getValue() * value;
    }
    return weights.isEmpty() ? OptionalDouble.empty() : OptionalDouble.of(sum);
  }
}
