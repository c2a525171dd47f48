package org.chengmai.engine.pipeline;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeSet;
import org.chengmai.engine.pipeline.ComputationGroup.Computed;
import org.chengmai.indicators.IndicatorPoint;
import org.chengmai.indicators.IndicatorStore;
import org.chengmai.indicators.SeriesKey;
import org.chengmai.indicators.calendar.Alignment;
import org.chengmai.indicators.calendar.ChineseCalendar;
import org.chengmai.indicators.comparison.Comparison;
import org.chengmai.indicators.comparison.History;
import org.chengmai.indicators.comparison.Merge;
import org.chengmai.indicators.definition.IndicatorDefinition;
import org.chengmai.indicators.definition.Measure;
import org.jspecify.annotations.Nullable;

/**
 * Adds to computed values what their definition's conditions and score compare them with in their
 * own past. It is read from the store by one query for each indicator and run.
 */
final class Comparisons {
  private final IndicatorStore store;
  private final ChineseCalendar calendar;

  Comparisons(IndicatorStore store, ChineseCalendar calendar) {
    this.store = store;
    this.calendar = calendar;
  }

  /** The values of one indicator with their readings; what cannot be compared has none. */
  List<Computed> add(IndicatorDefinition definition, List<Computed> values) {
    Set<Measure> measures = definition.compared();
    if (measures.isEmpty() || values.isEmpty()) {
      return values;
    }
    Map<SeriesKey, Past> pasts = pasts(definition, measures, values);
    List<Computed> compared = new ArrayList<>(values.size());
    for (Computed value : values) {
      Comparison comparison =
          comparison(definition, pasts.getOrDefault(value.key(), new Past(definition)));
      Map<String, Double> readings = new HashMap<>(value.readings());
      for (Measure measure : measures) {
        OptionalDouble reading = comparison.read(measure, value.periodStart()).asNumber();
        if (reading.isPresent()) {
          readings.put(measure.toString(), reading.getAsDouble());
        }
      }
      compared.add(value.withReadings(readings));
    }
    return compared;
  }

  private Map<SeriesKey, Past> pasts(
      IndicatorDefinition definition, Set<Measure> measures, Collection<Computed> values) {
    Comparison any = comparison(definition, new Past(definition));
    Set<Instant> periods = new TreeSet<>();
    values.forEach(value -> periods.add(value.periodStart()));
    Set<Instant> bases = new TreeSet<>();
    for (Instant period : periods) {
      measures.forEach(measure -> bases.addAll(any.bases(measure, period)));
    }
    bases.removeAll(periods);
    Map<SeriesKey, Past> pasts = new HashMap<>();
    for (IndicatorPoint point : store.at(definition.code(), bases)) {
      pasts
          .computeIfAbsent(point.key(), key -> new Past(definition))
          .put(point.periodStart(), point.value(), point.numerator(), point.denominator());
    }
    for (Computed value : values) {
      pasts
          .computeIfAbsent(value.key(), key -> new Past(definition))
          .put(value.periodStart(), value.value(), value.numerator(), value.denominator());
    }
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
    private record Known(double value, @Nullable Double numerator, @Nullable Double denominator) {}

    private final IndicatorDefinition definition;
    private final Map<Instant, Known> values = new HashMap<>();

    Past(IndicatorDefinition definition) {
      this.definition = definition;
    }

    void put(
        Instant period,
        @Nullable Double value,
        @Nullable Double numerator,
        @Nullable Double denominator) {
      if (value != null) {
        values.put(period, new Known(value, numerator, denominator));
      }
    }

    @Override
    public Optional<Double> value(Instant periodStart) {
      return Optional.ofNullable(values.get(periodStart)).map(Known::value);
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
        Known known = values.get(period);
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
