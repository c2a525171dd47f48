package org.chengmai.indicators.composite;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;
import org.chengmai.indicators.composite.IndexValue.Part;

/**
 * What an index' history says about its weights: the scores of its inputs in all regions and
 * periods of a frozen window are the {@link Sample} that weights are learned from. A period of a
 * region in which an input had no score is left out. Immutable.
 *
 * @param code the index' code
 * @param mean how the index averages
 * @param stated the weights that the newest value was made with
 * @param sample the inputs' scores, a row for each region and period
 * @param leftOut how many rows were left out
 * @param regions the inputs' mean scores in each region
 */
public record WeightStudy(
    String code,
    Mean mean,
    Weights stated,
    Sample sample,
    int leftOut,
    SortedMap<String, Map<String, Reading>> regions) {

  /** How weights are learned. */
  public enum Method {
    /** Of the scores stretched to 0–1, see {@link Sample#entropyOfMinMax}. */
    ENTROPY {
      @Override
      Weights of(Sample sample) {
        return sample.entropyOfMinMax();
      }
    },
    /** See {@link Sample#critic}. */
    CRITIC {
      @Override
      Weights of(Sample sample) {
        return sample.critic();
      }
    },
    /** The combination √(entropy · CRITIC). */
    COMBO {
      @Override
      Weights of(Sample sample) {
        return sample.entropyOfMinMax().combine(sample.critic());
      }
    };

    abstract Weights of(Sample sample);
  }

  /**
   * Studies an index' values.
   *
   * @param values by region, oldest first
   * @throws ChengmaiException INVALID_INPUT when fewer than two rows have a score of every input
   */
  public static WeightStudy of(String code, Map<String, List<IndexValue>> values) {
    SortedMap<String, List<Double>> columns = new TreeMap<>();
    SortedMap<String, Map<String, Reading>> regions = new TreeMap<>();
    IndexValue newest = null;
    int leftOut = 0;
    for (Map.Entry<String, List<IndexValue>> region : new TreeMap<>(values).entrySet()) {
      Map<String, Double> sums = new HashMap<>();
      int rows = 0;
      for (IndexValue value : region.getValue()) {
        newest = value;
        if (value.parts().stream().anyMatch(part -> part.score() == null)) {
          leftOut++;
          continue;
        }
        rows++;
        for (Part part : value.parts()) {
          double score = Objects.requireNonNull(part.score());
          columns.computeIfAbsent(part.code(), c -> new ArrayList<>()).add(score);
          sums.merge(part.code(), score, Double::sum);
        }
      }
      Map<String, Reading> means = new HashMap<>();
      for (Map.Entry<String, Double> sum : sums.entrySet()) {
        means.put(sum.getKey(), new Reading(sum.getValue() / rows, null));
      }
      if (!means.isEmpty()) {
        regions.put(region.getKey(), means);
      }
    }
    if (newest == null || columns.values().stream().noneMatch(column -> column.size() > 1)) {
      throw new ChengmaiException(
          ErrorCode.INVALID_INPUT,
          "%s: %d values of the window lack an input's score, and fewer than two do not; take a window in which all inputs have values"
              .formatted(code, leftOut));
    }
    Map<String, Double> stated = new HashMap<>();
    newest.parts().forEach(part -> stated.put(part.code(), part.weight()));
    return new WeightStudy(
        code, newest.mean(), Weights.of(stated), new Sample(columns), leftOut, regions);
  }

  /** How many rows the weights are learned from. */
  public int rows() {
    return sample.columns().values().iterator().next().size();
  }

  /** An input's mean score. */
  public double meanScore(String input) {
    return Objects.requireNonNull(sample.columns().get(input)).stream()
        .mapToDouble(Double::doubleValue)
        .average()
        .orElseThrow();
  }

  /**
   * Learned weights.
   *
   * @throws ChengmaiException INVALID_DEFINITION when no input varies
   */
  public Weights weights(Method method) {
    return method.of(sample);
  }

  /** How far the order of the regions, by their mean scores, hangs on the weights. */
  public RankStability stability(Weights weights, int draws, long seed) {
    CompositeIndex index =
        new CompositeIndex(
            code,
            weights,
            Set.of(),
            mean,
            CompositeIndex.DEFAULT_MIN_COVERAGE,
            GradeBands.defaults(),
            false);
    return RankStability.of(index, regions, draws, seed);
  }

  /**
   * Weights of so many decimals that sum to 1 exactly: each is rounded down, and what is left goes
   * to those that lost most.
   */
  public static SortedMap<String, BigDecimal> rounded(Weights weights, int decimals) {
    BigDecimal unit = BigDecimal.ONE.movePointLeft(decimals);
    Map<String, BigDecimal> lost = new LinkedHashMap<>();
    SortedMap<String, BigDecimal> rounded = new TreeMap<>();
    BigDecimal left = BigDecimal.ONE;
    for (Map.Entry<String, Double> weight : weights.byCode().entrySet()) {
      BigDecimal exact = BigDecimal.valueOf(weight.getValue());
      BigDecimal down = exact.setScale(decimals, RoundingMode.DOWN);
      rounded.put(weight.getKey(), down);
      lost.put(weight.getKey(), exact.subtract(down));
      left = left.subtract(down);
    }
    List<String> order = new ArrayList<>(lost.keySet());
    order.sort(Comparator.comparing((String input) -> lost.get(input)).reversed());
    for (int i = 0; left.signum() > 0; i = (i + 1) % order.size()) {
      rounded.merge(order.get(i), unit, BigDecimal::add);
      left = left.subtract(unit);
    }
    return rounded;
  }
}
