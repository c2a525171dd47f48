package org.chengmai.engine.pipeline;

import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.function.Function;
import org.chengmai.engine.pipeline.ComputationGroup.Computed;
import org.chengmai.indicators.Anomaly;
import org.chengmai.indicators.IndicatorStore;
import org.chengmai.indicators.SeriesKey;
import org.chengmai.indicators.Trust;
import org.chengmai.indicators.definition.IndicatorDefinition;
import org.chengmai.indicators.definition.Measure;
import org.chengmai.models.DayClass;

/**
 * A definition tried on history: computes its values stretch by stretch, oldest first, publishes
 * nothing, and tells how they would have been graded and what the threshold detector would have
 * alerted. Not thread-safe.
 */
public final class DryRun {
  private static final int MOST_ALERTS = 1000;

  private final IndicatorDefinition definition;
  private final DraftStore store;
  private final ComputationGroup group;
  private final TriedDetector<?> tried;
  private final Map<LocalDate, Counts> days = new TreeMap<>();
  private final Map<SeriesKey, Instant> firstValues = new HashMap<>();
  private final Map<SeriesKey, Deque<Computed>> newest = new HashMap<>();
  private final TriedAlerts alerts = new TriedAlerts();
  private final int window;

  /**
   * @param store where the past is that values are compared with, beside the trial's own
   * @param group makes the group that computes the definition, over the store that it is given
   */
  public DryRun(
      IndicatorDefinition definition,
      IndicatorStore store,
      Function<IndicatorStore, ComputationGroup> group,
      Function<LocalDate, DayClass> dayClass) {
    this.definition = definition;
    this.store = new DraftStore(definition, store);
    this.group = group.apply(this.store);
    this.tried = new TriedDetector<>(CatalogueDetectors.thresholds(definition, dayClass));
    this.window =
        definition.thresholds().stream()
            .flatMap(threshold -> threshold.condition().comparisons().stream())
            .mapToInt(comparison -> comparison.window().of())
            .max()
            .orElse(1);
  }

  /**
   * What a trial found.
   *
   * @param days in the definition's zone
   * @param alerts the first {@value #MOST_ALERTS}; the days count all
   */
  public record Report(
      String code, int version, List<Day> days, List<TriedAlerts.Alerted> alerts) {}

  /**
   * One day of a trial.
   *
   * @param missing periods without a value, from a series' first value on
   * @param grades how many values would have had a grade, without regard to {@code for}
   * @param alerts how many would have begun
   */
  public record Day(
      LocalDate date, long values, long missing, Map<String, Long> grades, long alerts) {}

  private static final class Counts {
    private long values;
    private long missing;
    private long alerts;
    private final Map<String, Long> grades = new TreeMap<>();
  }

  public ComputationGroup group() {
    return group;
  }

  /** Tries the periods with {@code from <= start < to}; answers how many values they have. */
  public long next(Instant from, Instant to) {
    List<Computed> values =
        new ArrayList<>(
            group.compute(from, to).stream()
                .filter(value -> value.trust() != Trust.MISSING)
                .toList());
    long found = values.size();
    store.put(values);
    values.addAll(
        MissingPeriods.of(group, new ClosePlan.Span(from, to), values, firstValues, Instant.MIN));
    values.sort(
        Comparator.comparing(Computed::periodStart).thenComparing(value -> value.key().toString()));
    values.forEach(this::take);
    return found;
  }

  private void take(Computed value) {
    Counts day =
        days.computeIfAbsent(
            value.periodStart().atZone(group.zone()).toLocalDate(), date -> new Counts());
    if (value.value() == null) {
      day.missing++;
    } else {
      day.values++;
      firstValues.putIfAbsent(value.key(), value.periodStart());
    }
    Deque<Computed> series = newest.computeIfAbsent(value.key(), key -> new ArrayDeque<>());
    series.addFirst(value);
    if (series.size() > window) {
      series.removeLast();
    }
    if (value.value() != null) {
      List<Computed> recent = List.copyOf(series);
      definition
          .grade((measure, ago) -> reading(recent, measure, ago))
          .ifPresent(grade -> day.grades.merge(grade.key(), 1L, Long::sum));
    }
    for (Anomaly anomaly : tried.next(DraftStore.point(value, definition))) {
      day.alerts += alerts.take(anomaly) ? 1 : 0;
    }
  }

  private static OptionalDouble reading(List<Computed> newest, Measure measure, int ago) {
    if (ago >= newest.size()) {
      return OptionalDouble.empty();
    }
    Computed value = newest.get(ago);
    Double reading =
        measure instanceof Measure.Value ? value.value() : value.readings().get(measure.toString());
    return reading == null ? OptionalDouble.empty() : OptionalDouble.of(reading);
  }

  public Report report() {
    List<TriedAlerts.Alerted> all = alerts.all();
    return new Report(
        definition.code(),
        definition.version(),
        days.entrySet().stream()
            .map(
                day ->
                    new Day(
                        day.getKey(),
                        day.getValue().values,
                        day.getValue().missing,
                        day.getValue().grades,
                        day.getValue().alerts))
            .toList(),
        List.copyOf(all.subList(0, Math.min(MOST_ALERTS, all.size()))));
  }
}
