package org.chengmai.engine.pipeline;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.chengmai.engine.pipeline.ComputationGroup.Computed;
import org.chengmai.indicators.IndicatorPoint;
import org.chengmai.indicators.IndicatorStore;
import org.chengmai.indicators.SeriesKey;
import org.chengmai.indicators.calendar.Alignment;
import org.chengmai.indicators.calendar.ChineseCalendar;
import org.chengmai.indicators.comparison.Comparison;
import org.chengmai.indicators.comparison.Reading;
import org.chengmai.indicators.definition.IndicatorDefinition;
import org.chengmai.indicators.definition.Measure;

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
    return compare(definition, measures, points.stream().map(Past.Value::of).toList());
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
        compare(definition, measures, values.stream().map(Past.Value::of).toList());
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

  private List<Map<Measure, Reading>> compare(
      IndicatorDefinition definition, Set<Measure> measures, List<Past.Value> values) {
    Map<SeriesKey, Past> pasts = pasts(definition, measures, values);
    List<Map<Measure, Reading>> readings = new ArrayList<>(values.size());
    for (Past.Value value : values) {
      Comparison comparison =
          comparison(definition, pasts.getOrDefault(value.key(), new Past(definition)));
      Map<Measure, Reading> said = new LinkedHashMap<>();
      measures.forEach(measure -> said.put(measure, comparison.read(measure, value.period())));
      readings.add(said);
    }
    return readings;
  }

  /** What is known of each series: the values themselves, and from the store what came before. */
  private Map<SeriesKey, Past> pasts(
      IndicatorDefinition definition, Set<Measure> measures, List<Past.Value> values) {
    Comparison any = comparison(definition, new Past(definition));
    Set<Instant> periods = values.stream().map(Past.Value::period).collect(Collectors.toSet());
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
