package org.chengmai.indicators.definition;

import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.chengmai.indicators.definition.Aggregate.Function;
import org.chengmai.indicators.definition.Partial.Kind;
import org.chengmai.indicators.definition.Partial.Sum;
import org.jspecify.annotations.Nullable;

/**
 * One aggregate of an indicator as its SQL asks for it: in parts that merge over regions and
 * periods, and what they come to at the end.
 *
 * @param name of a measure, or the text of the reading that it gives
 * @param numerator the first part in SQL
 * @param denominator the second part in SQL, null where there is none
 * @param options of a percentile and of a moving mean
 * @param sample by what the rows of one region and period are told apart as well, null where they
 *     are not: the value itself, or its hour
 * @param hours how many a period has, for a moving mean
 */
record Component(
    String name,
    Kind kind,
    String numerator,
    @Nullable String denominator,
    Aggregate aggregate,
    @Nullable String sample,
    int hours) {

  /**
   * The parts of an aggregate.
   *
   * @param hour the SQL of a row's hour
   * @param hours how many a period has
   */
  static Component of(String name, Aggregate aggregate, String hour, int hours) {
    String x = aggregate.argument();
    return switch (aggregate.function()) {
      case SUM, COUNT ->
          new Component(name, Kind.ADDED, aggregate.toString(), null, aggregate, null, hours);
      case MIN ->
          new Component(name, Kind.LEAST, aggregate.toString(), null, aggregate, null, hours);
      case MAX ->
          new Component(name, Kind.GREATEST, aggregate.toString(), null, aggregate, null, hours);
      case AVG -> divided(name, aggregate, "SUM(" + x + ")", "COUNT(" + x + ")");
      case ENERGY_MEAN ->
          new Component(
              name,
              Kind.DIVIDED,
              "SUM(POWER(10.0, (" + x + ") / 10.0))",
              "COUNT(" + x + ")",
              aggregate,
              null,
              hours);
      case PERCENTILE ->
          new Component(
              name,
              Kind.SAMPLED,
              "SUM(" + x + ")",
              "COUNT(" + x + ")",
              aggregate,
              "(" + x + ")",
              hours);
      case MOVING_MAX ->
          new Component(
              name, Kind.SAMPLED, "SUM(" + x + ")", "COUNT(" + x + ")", aggregate, hour, hours);
    };
  }

  /** A quotient of two sums. */
  static Component divided(String name, Aggregate aggregate, String numerator, String denominator) {
    return new Component(name, Kind.DIVIDED, numerator, denominator, aggregate, null, 0);
  }

  /** What the parts come to; null where a denominator is zero or the result is not finite. */
  @Nullable Double value(Partial partial) {
    if (!partial.isUsable(kind)) {
      return null;
    }
    Double value =
        switch (aggregate.function()) {
          case ENERGY_MEAN -> 10 * Math.log10(partial.quotient());
          case PERCENTILE -> percentile(partial.samples(), aggregate.options().get(0));
          case MOVING_MAX ->
              movingMaximum(
                  partial.samples(),
                  hours,
                  aggregate.options().get(0).intValue(),
                  aggregate.options().get(1).intValue());
          default ->
              kind == Kind.DIVIDED ? Double.valueOf(partial.quotient()) : partial.numerator();
        };
    return value != null && Double.isFinite(value) ? value : null;
  }

  /** Whether numerator and denominator alone give the value. */
  boolean isQuotient() {
    return kind == Kind.DIVIDED && aggregate.function() != Function.ENERGY_MEAN;
  }

  private static @Nullable Double percentile(SortedMap<Double, Sum> samples, double share) {
    double all = samples.values().stream().mapToDouble(Sum::count).sum();
    double seen = 0;
    for (Map.Entry<Double, Sum> sample : samples.entrySet()) {
      seen += sample.getValue().count();
      if (seen >= share * all - 1e-9) {
        return sample.getKey();
      }
    }
    return null;
  }

  private static @Nullable Double movingMaximum(
      SortedMap<Double, Sum> byHour, int hours, int length, int needed) {
    TreeMap<Double, Double> means = new TreeMap<>();
    byHour.forEach(
        (hour, sum) -> {
          if (sum.count() > 0) {
            means.put(hour, sum.total() / sum.count());
          }
        });
    Double greatest = null;
    for (double first = 0; first + length <= hours; first++) {
      SortedMap<Double, Double> window = means.subMap(first, first + length);
      if (window.size() >= needed) {
        double mean = window.values().stream().mapToDouble(m -> m).average().orElseThrow();
        greatest = greatest == null ? mean : Math.max(greatest, mean);
      }
    }
    return greatest;
  }
}
