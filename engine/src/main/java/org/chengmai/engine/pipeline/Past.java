package org.chengmai.engine.pipeline;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.chengmai.engine.pipeline.ComputationGroup.Computed;
import org.chengmai.indicators.IndicatorPoint;
import org.chengmai.indicators.IndicatorStore;
import org.chengmai.indicators.SeriesKey;
import org.chengmai.indicators.comparison.History;
import org.chengmai.indicators.comparison.Merge;
import org.chengmai.indicators.definition.IndicatorDefinition;
import org.jspecify.annotations.Nullable;

/** The known values of one series, what is being computed among them. */
final class Past implements History, Merge {
  /** A value of any origin. */
  record Value(
      SeriesKey key,
      Instant period,
      @Nullable Double value,
      @Nullable Double numerator,
      @Nullable Double denominator) {
    static Value of(IndicatorPoint point) {
      return new Value(
          point.key(),
          point.periodStart(),
          point.isMeasured() ? point.value() : null,
          point.numerator(),
          point.denominator());
    }

    static Value of(Computed computed) {
      return new Value(
          computed.key(),
          computed.periodStart(),
          computed.value(),
          computed.numerator(),
          computed.denominator());
    }
  }

  private final IndicatorDefinition definition;
  private final Map<Instant, Value> values = new HashMap<>();

  Past(IndicatorDefinition definition) {
    this.definition = definition;
  }

  /**
   * What is to be known of one indicator.
   *
   * @param periods whose values are asked for
   * @param values what was just computed, which counts more than what the store has
   */
  record Asked(IndicatorDefinition definition, Set<Instant> periods, List<Value> values) {
    private Set<Instant> stored() {
      Set<Instant> stored = new TreeSet<>(periods);
      values.forEach(value -> stored.remove(value.period()));
      return stored;
    }
  }

  /** What is known of each series: one question to the store for all that ask for like periods. */
  static Map<SeriesKey, Past> read(IndicatorStore store, List<Asked> asked) {
    Map<String, IndicatorDefinition> definitions = new HashMap<>();
    Map<Set<Instant>, List<String>> codes = new HashMap<>();
    for (Asked one : asked) {
      definitions.put(one.definition().code(), one.definition());
      codes.computeIfAbsent(one.stored(), p -> new ArrayList<>()).add(one.definition().code());
    }
    Map<SeriesKey, Past> pasts = new HashMap<>();
    Stream.concat(
            codes.entrySet().stream()
                .flatMap(like -> store.at(like.getValue(), like.getKey()).stream())
                .map(Value::of),
            asked.stream().flatMap(one -> one.values().stream()))
        .forEach(
            value ->
                pasts
                    .computeIfAbsent(
                        value.key(),
                        key -> new Past(Objects.requireNonNull(definitions.get(key.code()))))
                    .put(value));
    return pasts;
  }

  /**
   * The value of a place in a period, made of the regions that it was then: sums add up, ratios and
   * averages are computed from their parts; others only if it was one region. A share of a region
   * is an estimate.
   *
   * @param regions what was known of each of them, with the part of it that counts
   */
  static Optional<Value> together(
      IndicatorDefinition definition, SeriesKey place, Instant period, Map<Past, Double> regions) {
    double value = 0;
    double numerator = 0;
    double denominator = 0;
    boolean isQuotient = !definition.isSum();
    for (Map.Entry<Past, Double> region : regions.entrySet()) {
      Value known = region.getKey().values.get(period);
      double weight = region.getValue();
      if (known == null || known.value() == null) {
        return Optional.empty();
      }
      if (regions.size() == 1 && weight == 1) {
        return Optional.of(
            new Value(place, period, known.value(), known.numerator(), known.denominator()));
      }
      value += weight * known.value();
      if (isQuotient) {
        if (known.numerator() == null || known.denominator() == null) {
          return Optional.empty();
        }
        numerator += weight * known.numerator();
        denominator += weight * known.denominator();
      }
    }
    if (!isQuotient) {
      return Optional.of(new Value(place, period, value, null, null));
    }
    return denominator == 0
        ? Optional.empty()
        : Optional.of(
            new Value(
                place,
                period,
                numerator / denominator * definition.factor(),
                numerator,
                denominator));
  }

  void put(Value value) {
    if (value.value() != null) {
      values.put(value.period(), value);
    }
  }

  /** All values by the start of their period. */
  NavigableMap<Instant, Double> values() {
    NavigableMap<Instant, Double> all = new TreeMap<>();
    values.forEach((period, known) -> all.put(period, Objects.requireNonNull(known.value())));
    return all;
  }

  @Override
  public Optional<Double> value(Instant periodStart) {
    return Optional.ofNullable(values.get(periodStart)).map(Value::value);
  }

  /** Sums add up, ratios and averages are computed from their parts, others do not combine. */
  @Override
  public Optional<Double> value(List<Instant> periodStarts) {
    if (definition.isSum()) {
      return Merge.sum(this).value(periodStarts);
    }
    double numerator = 0;
    double denominator = 0;
    for (Instant period : periodStarts) {
      Value known = values.get(period);
      if (known == null || known.numerator() == null || known.denominator() == null) {
        return Optional.empty();
      }
      numerator += known.numerator();
      denominator += known.denominator();
    }
    return denominator == 0
        ? Optional.empty()
        : Optional.of(numerator / denominator * definition.factor());
  }
}
