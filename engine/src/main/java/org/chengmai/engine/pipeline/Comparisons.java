package org.chengmai.engine.pipeline;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeSet;
import org.chengmai.engine.pipeline.ComputationGroup.Computed;
import org.chengmai.indicators.IndicatorStore;
import org.chengmai.indicators.SeriesKey;
import org.chengmai.indicators.calendar.Alignment;
import org.chengmai.indicators.calendar.ChineseCalendar;
import org.chengmai.indicators.comparison.Comparison;
import org.chengmai.indicators.definition.IndicatorDefinition;
import org.chengmai.indicators.definition.Measure;

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
    return Past.read(store, definition, bases, values);
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
}
