package org.chengmai.engine.pipeline;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.chengmai.engine.pipeline.ComputationGroup.Computed;
import org.chengmai.indicators.IndicatorPoint;
import org.chengmai.indicators.IndicatorStore;
import org.chengmai.indicators.SeriesKey;
import org.chengmai.indicators.calendar.Alignment;
import org.chengmai.indicators.calendar.ChineseCalendar;
import org.chengmai.indicators.comparison.Comparison;
import org.chengmai.indicators.comparison.History;
import org.chengmai.indicators.comparison.Merge;
import org.chengmai.indicators.comparison.Reading;
import org.chengmai.indicators.definition.IndicatorDefinition;
import org.chengmai.indicators.definition.Measure;
import org.jspecify.annotations.Nullable;

/**
 * Compares values with their own past, which is read from the store by one query for each indicator
 * and run. Safe for use by several threads.
 */
public final class Comparisons {
  private final IndicatorStore store;
  private final ChineseCalendar calendar;

  public Comparisons(IndicatorStore store, ChineseCalendar calendar) {
    this.store = store;
    this.calendar = calendar;
  }

  /** What measures say of points of one indicator, in the points' order. */
  public List<Map<Measure, Reading>> read(
      IndicatorDefinition definition, Set<Measure> measures, List<IndicatorPoint> points) {
    return compare(definition, measures, points.stream().map(Value::of).toList());
  }

  /**
   * The values of one indicator with what their definition's conditions and score look at; what
   * cannot be compared has none.
   */
  List<Computed> add(IndicatorDefinition definition, List<Computed> values) {
    Set<Measure> measures = definition.compared();
    if (measures.isEmpty() || values.isEmpty()) {
      return values;
    }
    List<Map<Measure, Reading>> readings =
        compare(definition, measures, values.stream().map(Value::of).toList());
    List<Computed> compared = new ArrayList<>(values.size());
    for (int i = 0; i < values.size(); i++) {
      Map<String, Double> all = new HashMap<>(values.get(i).readings());
      readings
          .get(i)
          .forEach(
              (measure, reading) ->
                  reading.asNumber().ifPresent(number -> all.put(measure.toString(), number)));
      compared.add(values.get(i).withReadings(all));
    }
    return compared;
  }

  /** A value of any origin. */
  private record Value(
      SeriesKey key,
      Instant period,
      @Nullable Double value,
      @Nullable Double numerator,
      @Nullable Double denominator) {
    static Value of(IndicatorPoint point) {
      return new Value(
          point.key(), point.periodStart(), point.value(), point.numerator(), point.denominator());
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

  private List<Map<Measure, Reading>> compare(
      IndicatorDefinition definition, Set<Measure> measures, List<Value> values) {
    Map<SeriesKey, Past> pasts = pasts(definition, measures, values);
    List<Map<Measure, Reading>> readings = new ArrayList<>(values.size());
    for (Value value : values) {
      Comparison comparison = comparison(definition, pasts.get(value.key()));
      Map<Measure, Reading> said = new LinkedHashMap<>();
      measures.forEach(measure -> said.put(measure, comparison.read(measure, value.period())));
      readings.add(said);
    }
    return readings;
  }

  /** What is known of each series: the values themselves, and from the store what came before. */
  private Map<SeriesKey, Past> pasts(
      IndicatorDefinition definition, Set<Measure> measures, List<Value> values) {
    Comparison any = comparison(definition, new Past(definition));
    Set<Instant> periods = values.stream().map(Value::period).collect(Collectors.toSet());
    Set<Instant> bases = new TreeSet<>();
    for (Instant period : periods) {
      measures.forEach(measure -> bases.addAll(any.bases(measure, period)));
    }
    bases.removeAll(periods);
    Map<SeriesKey, Past> pasts = new HashMap<>();
    Stream.concat(store.at(definition.code(), bases).stream().map(Value::of), values.stream())
        .forEach(
            value -> pasts.computeIfAbsent(value.key(), key -> new Past(definition)).put(value));
    return pasts;
  }

  private Comparison comparison(IndicatorDefinition definition, Past past) {
    IndicatorDefinition.Compare compare = definition.compare();
    return new Comparison(
        past,
        past,
        definition.grain(),
        definition.period().zone(),
        calendar,
        new Comparison.Rules(
            Alignment.of(compare.align()), compare.sameSlotWeeks(), Comparison.Spread.STANDARD));
  }

  /** The known values of one series. */
  private static final class Past implements History, Merge {
    private final IndicatorDefinition definition;
    private final Map<Instant, Value> values = new HashMap<>();

    Past(IndicatorDefinition definition) {
      this.definition = definition;
    }

    void put(Value value) {
      values.put(value.period(), value);
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
}
