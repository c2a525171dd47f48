package org.chengmai.indicators.composite;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;

/**
 * What inputs were in several regions or periods, from which weights are learned. Let all columns
 * point the same way, greater is better: scores do. Learn once from a frozen window and publish the
 * weights; weights learned anew each period would change the index without a change of the city.
 * Immutable.
 *
 * @param columns the inputs' figures by code; all lists are as long and in the same order
 */
public record Sample(SortedMap<String, List<Double>> columns) {
  /** Conflict below this is rounding. */
  private static final double ROUNDING = 1e-12;

  public Sample {
    SortedMap<String, List<Double>> copy = new TreeMap<>();
    columns.forEach((code, column) -> copy.put(code, List.copyOf(column)));
    columns = Collections.unmodifiableSortedMap(copy);
    int rows = columns.values().stream().mapToInt(List::size).findFirst().orElse(0);
    if (rows < 2) {
      throw refused("needs two rows or more, has " + rows);
    }
    columns.forEach(
        (code, column) -> {
          if (column.size() != rows || !column.stream().allMatch(Double::isFinite)) {
            throw refused("%s needs %d finite figures, has %s".formatted(code, rows, column));
          }
        });
  }

  /**
   * Entropy weights on raw shares: e = −(1/ln n) Σ p ln p with p = x / Σ x and 0·ln 0 = 0; the
   * weight is 1 − e, scaled. No figure may be negative. A column far from zero hardly counts here,
   * however much it varies, see {@link #entropyOfMinMax}. A constant column has weight 0.
   *
   * @throws ChengmaiException INVALID_INPUT for a negative figure, INVALID_DEFINITION when all
   *     columns are constant
   */
  public Weights entropyOfShares() {
    columns.forEach(
        (code, column) -> {
          if (Collections.min(column) < 0) {
            throw refused(
                "%s has the negative figure %s; use min-max first"
                    .formatted(code, Collections.min(column)));
          }
        });
    return weigh(column -> 1 - entropy(figures(column)));
  }

  /**
   * Entropy weights as of {@link #entropyOfShares}, after each column was stretched to 0–1.
   *
   * @throws ChengmaiException INVALID_DEFINITION when all columns are constant
   */
  public Weights entropyOfMinMax() {
    return weigh(column -> 1 - entropy(minMax(column)));
  }

  /**
   * CRITIC weights (Diakoulaki and others, 1995): the standard deviation of the column, stretched
   * to 0–1, times its conflict Σ (1 − r) with the other columns. A constant column has weight 0 and
   * is no conflict. Where no columns conflict, as there is one only, the deviations decide.
   *
   * @throws ChengmaiException INVALID_DEFINITION when all columns are constant
   */
  public Weights critic() {
    boolean hasConflict = columns.values().stream().anyMatch(column -> conflict(column) > 0);
    return weigh(column -> deviation(minMax(column)) * (hasConflict ? conflict(column) : 1));
  }

  private Weights weigh(ToDoubleFunction<List<Double>> importance) {
    SortedMap<String, Double> importances = new TreeMap<>();
    columns.forEach(
        (code, column) ->
            importances.put(
                code, isConstant(column) ? 0 : Math.max(0, importance.applyAsDouble(column))));
    return Weights.normalised(importances);
  }

  /** With itself a column has none. */
  private double conflict(List<Double> column) {
    double conflict = 0;
    for (List<Double> other : columns.values()) {
      if (!isConstant(column) && !isConstant(other)) {
        conflict += 1 - correlation(minMax(column), minMax(other));
      }
    }
    return conflict < ROUNDING ? 0 : conflict;
  }

  private static boolean isConstant(List<Double> column) {
    return Collections.min(column) >= Collections.max(column);
  }

  private static double[] figures(List<Double> column) {
    return column.stream().mapToDouble(x -> x).toArray();
  }

  private static double[] minMax(List<Double> column) {
    double min = Collections.min(column);
    double max = Collections.max(column);
    return column.stream().mapToDouble(x -> (x - min) / (max - min)).toArray();
  }

  private static double entropy(double[] figures) {
    double sum = Arrays.stream(figures).sum();
    double entropy = 0;
    for (double figure : figures) {
      double share = figure / sum;
      entropy -= share > 0 ? share * Math.log(share) : 0;
    }
    return entropy / Math.log(figures.length);
  }

  private static double deviation(double[] figures) {
    return Math.sqrt(covariance(figures, figures));
  }

  private static double correlation(double[] one, double[] other) {
    return covariance(one, other) / (deviation(one) * deviation(other));
  }

  private static double covariance(double[] one, double[] other) {
    double mean = Arrays.stream(one).average().orElseThrow();
    double otherMean = Arrays.stream(other).average().orElseThrow();
    double sum = 0;
    for (int i = 0; i < one.length; i++) {
      sum += (one[i] - mean) * (other[i] - otherMean);
    }
    return sum / one.length;
  }

  private static ChengmaiException refused(String problem) {
    return new ChengmaiException(ErrorCode.INVALID_INPUT, "sample: " + problem);
  }
}
