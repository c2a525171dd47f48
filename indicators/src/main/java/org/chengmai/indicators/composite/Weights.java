package org.chengmai.indicators.composite;

import java.util.Collections;
import java.util.Map;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;

/**
 * The weight of each input of an index, by the input's code: none negative, together 1. Immutable.
 * Stated weights may miss 1 by 1e-9 and are then scaled, so that the kept ones miss it by less than
 * 1e-12.
 */
public record Weights(SortedMap<String, Double> byCode) {
  private static final double STATED_TOLERANCE = 1e-9;
  private static final double TOLERANCE = 1e-12;

  public Weights {
    byCode.forEach(Weights::requireWeight);
    double sum = sum(byCode);
    if (!(Math.abs(sum - 1) <= STATED_TOLERANCE)) {
      throw refused("%s sum to %s, must sum to 1".formatted(byCode, sum));
    }
    byCode =
        Collections.unmodifiableSortedMap(
            Math.abs(sum - 1) < TOLERANCE ? new TreeMap<>(byCode) : scaled(byCode, sum));
  }

  /** Weights that someone states. */
  public static Weights of(Map<String, Double> byCode) {
    return new Weights(new TreeMap<>(byCode));
  }

  /** Importances of any sum, none negative and not all zero, scaled to weights. */
  static Weights normalised(Map<String, Double> importances) {
    importances.forEach(Weights::requireWeight);
    SortedMap<String, Double> sorted = new TreeMap<>(importances);
    double sum = sum(sorted);
    if (!(sum > 0 && sum < Double.POSITIVE_INFINITY)) {
      throw refused("none of %s stands out; state fixed weights".formatted(sorted.keySet()));
    }
    return new Weights(scaled(sorted, sum));
  }

  /**
   * The combination √(w_a·w_b), scaled to sum 1: an input needs weight in both, such as AHP and
   * entropy.
   */
  public Weights combine(Weights other) {
    requireSameCodes(other);
    return normalised(map(code -> Math.sqrt(weight(code) * other.weight(code))));
  }

  /** The mixture (1 − λ)·w_a + λ·w_b, λ from 0 to 1 being the share of the other weights. */
  public Weights mix(Weights other, double lambda) {
    requireSameCodes(other);
    if (!(lambda >= 0 && lambda <= 1)) {
      throw refused("the share of the other weights is %s, must be 0 to 1".formatted(lambda));
    }
    return normalised(map(code -> (1 - lambda) * weight(code) + lambda * other.weight(code)));
  }

  /** Each weight times a random factor from 1 − spread to 1 + spread, scaled to sum 1. */
  Weights perturbed(Random random, double spread) {
    return normalised(map(code -> weight(code) * (1 + spread * (2 * random.nextDouble() - 1))));
  }

  double weight(String code) {
    return byCode.getOrDefault(code, 0.0);
  }

  private Map<String, Double> map(ToDoubleFunction<String> weight) {
    SortedMap<String, Double> result = new TreeMap<>();
    byCode.keySet().forEach(code -> result.put(code, weight.applyAsDouble(code)));
    return result;
  }

  private void requireSameCodes(Weights other) {
    if (!byCode.keySet().equals(other.byCode.keySet())) {
      throw refused(
          "%s and %s are not of the same inputs".formatted(byCode.keySet(), other.byCode.keySet()));
    }
  }

  private static void requireWeight(String code, double weight) {
    if (!(weight >= 0 && weight < Double.POSITIVE_INFINITY)) {
      throw refused("%s has %s, must be 0 or more".formatted(code, weight));
    }
  }

  private static double sum(Map<String, Double> weights) {
    return weights.values().stream().mapToDouble(w -> w).sum();
  }

  private static SortedMap<String, Double> scaled(SortedMap<String, Double> weights, double sum) {
    SortedMap<String, Double> scaled = new TreeMap<>();
    weights.forEach((code, weight) -> scaled.put(code, weight / sum));
    return scaled;
  }

  private static ChengmaiException refused(String problem) {
    return new ChengmaiException(ErrorCode.INVALID_DEFINITION, "weights: " + problem);
  }
}
