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
import org.chengmai.indicators.calendar.Calendars;
import org.chengmai.indicators.comparison.Comparison;
import org.chengmai.indicators.comparison.Reading;
import org.chengmai.indicators.definition.IndicatorDefinition;
import org.chengmai.indicators.definition.Measure;

/**
 * Compares values with their own past, which is read from the store once a run for all indicators
 * that look back alike. Safe for use by several threads.
 */
public final class Comparisons {
  private final IndicatorStore store;
  private final Calendars calendars;

  public Comparisons(IndicatorStore store, Calendars calendars) {
    this.store = store;
    this.calendars = calendars;
  }

  /** What measures say of points of one indicator, in the points' order. */
  public List<Map<Measure, Reading>> read(
      IndicatorDefinition definition, Set<Measure> measures, List<IndicatorPoint> points) {
    Past.Asked asked = asked(definition, measures, points.stream().map(Past.Value::of).toList());
    return compare(asked, measures, Past.read(store, List.of(asked)));
  }

  /** What measures say of one point of each series, of several indicators. */
  Map<SeriesKey, Map<Measure, Reading>> read(
      Map<IndicatorDefinition, List<IndicatorPoint>> points, Set<Measure> measures) {
    List<Past.Asked> asked = new ArrayList<>();
    points.forEach(
        (definition, own) ->
            // period by period: what is given of one series hides what the store has of others
            own.stream()
                .map(Past.Value::of)
                .collect(Collectors.groupingBy(Past.Value::period))
                .values()
                .forEach(values -> asked.add(asked(definition, measures, values))));
    Map<SeriesKey, Past> pasts = Past.read(store, asked);
    Map<SeriesKey, Map<Measure, Reading>> read = new HashMap<>();
    for (Past.Asked one : asked) {
      List<Map<Measure, Reading>> readings = compare(one, measures, pasts);
      for (int i = 0; i < readings.size(); i++) {
        read.put(one.values().get(i).key(), readings.get(i));
      }
    }
    return read;
  }

  /**
   * The values of some indicators with what their definitions' conditions and scores look at; what
   * cannot be compared has none.
   */
  Map<IndicatorDefinition, List<Computed>> add(Map<IndicatorDefinition, List<Computed>> values) {
    List<Past.Asked> asked = new ArrayList<>();
    values.forEach(
        (definition, own) -> {
          if (!definition.compared().isEmpty() && !own.isEmpty()) {
            asked.add(
                asked(
                    definition, definition.compared(), own.stream().map(Past.Value::of).toList()));
          }
        });
    Map<SeriesKey, Past> pasts = Past.read(store, asked);
    Map<IndicatorDefinition, List<Computed>> compared = new LinkedHashMap<>(values);
    for (Past.Asked one : asked) {
      List<Map<Measure, Reading>> readings = compare(one, one.definition().compared(), pasts);
      compared.computeIfPresent(one.definition(), (definition, own) -> withReadings(own, readings));
    }
    return compared;
  }

  private static List<Computed> withReadings(
      List<Computed> values, List<Map<Measure, Reading>> readings) {
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
      Past.Asked asked, Set<Measure> measures, Map<SeriesKey, Past> pasts) {
    IndicatorDefinition definition = asked.definition();
    List<Map<Measure, Reading>> readings = new ArrayList<>(asked.values().size());
    for (Past.Value value : asked.values()) {
      Comparison comparison =
          comparison(definition, pasts.getOrDefault(value.key(), new Past(definition)));
      Map<Measure, Reading> said = new LinkedHashMap<>();
      measures.forEach(measure -> said.put(measure, comparison.read(measure, value.period())));
      readings.add(said);
    }
    return readings;
  }

  /** The values themselves, and what they are compared with. */
  private Past.Asked asked(
      IndicatorDefinition definition, Set<Measure> measures, List<Past.Value> values) {
    Comparison any = comparison(definition, new Past(definition));
    Set<Instant> periods = values.stream().map(Past.Value::period).collect(Collectors.toSet());
    Set<Instant> bases = new TreeSet<>();
    for (Instant period : periods) {
      measures.forEach(measure -> bases.addAll(any.bases(measure, period)));
    }
    return new Past.Asked(definition, bases, values);
  }

  private Comparison comparison(IndicatorDefinition definition, Past past) {
    IndicatorDefinition.Compare compare = definition.compare();
    return new Comparison(
        past,
        past,
        definition.grain(),
        definition.period().zone(),
        calendars.days(),
        calendars.of(definition.period().calendar()),
        new Comparison.Rules(
            Alignment.of(compare.align()), compare.sameSlotWeeks(), Comparison.Spread.STANDARD));
  }
}
