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
import org.chengmai.indicators.Detector;
import org.chengmai.indicators.DetectorEvent;
import org.chengmai.indicators.Grade;
import org.chengmai.indicators.IndicatorPoint;
import org.chengmai.indicators.IndicatorStore;
import org.chengmai.indicators.SeriesKey;
import org.chengmai.indicators.Trust;
import org.chengmai.indicators.definition.IndicatorDefinition;
import org.chengmai.indicators.definition.Measure;
import org.chengmai.models.DayClass;
import org.jspecify.annotations.Nullable;

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
  private final Tried<?> tried;
  private final Map<LocalDate, Counts> days = new TreeMap<>();
  private final Map<SeriesKey, Instant> firstValues = new HashMap<>();
  private final Map<SeriesKey, Deque<Computed>> newest = new HashMap<>();
  private final Map<SeriesKey, Alerted> open = new HashMap<>();
  private final List<Alerted> alerts = new ArrayList<>();
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
    this.tried = new Tried<>(CatalogueDetectors.thresholds(definition, dayClass));
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
  public record Report(String code, int version, List<Day> days, List<Alerted> alerts) {}

  /**
   * One day of a trial.
   *
   * @param missing periods without a value, from a series' first value on
   * @param grades how many values would have had a grade, without regard to {@code for}
   * @param alerts how many would have begun
   */
  public record Day(
      LocalDate date, long values, long missing, Map<String, Long> grades, long alerts) {}

  /**
   * An alert of the threshold detector.
   *
   * @param grade the severest that it reached
   * @param to the first period without it, null when it never ended
   * @param value at its beginning
   */
  public record Alerted(
      String region,
      String dimensions,
      Grade grade,
      Instant from,
      @Nullable Instant to,
      @Nullable Double value,
      List<String> zh,
      List<String> en) {

    private Alerted worst(Grade other) {
      return new Alerted(
          region, dimensions, grade.compareTo(other) < 0 ? other : grade, from, to, value, zh, en);
    }

    private Alerted until(Instant end) {
      return new Alerted(region, dimensions, grade, from, end, value, zh, en);
    }
  }

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
    tried.next(value, definition).forEach(anomaly -> alert(anomaly, day));
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

  private void alert(Anomaly anomaly, Counts day) {
    Alerted held = open.get(anomaly.key());
    switch (anomaly.status()) {
      case FIRING -> {
        if (held == null) {
          day.alerts++;
        }
        open.put(
            anomaly.key(),
            held != null
                ? held.worst(anomaly.grade())
                : new Alerted(
                    anomaly.key().region(),
                    anomaly.key().dimensionText(),
                    anomaly.grade(),
                    anomaly.periodStart(),
                    null,
                    anomaly.value(),
                    anomaly.reasons().zh(),
                    anomaly.reasons().en()));
      }
      case CLEARED -> {
        if (held != null) {
          open.remove(anomaly.key());
          alerts.add(held.until(anomaly.periodStart()));
        }
      }
      case PENDING -> {}
    }
  }

  public Report report() {
    List<Alerted> all = new ArrayList<>(alerts);
    all.addAll(open.values());
    all.sort(Comparator.comparing(Alerted::from).thenComparing(Alerted::region));
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

  /** A detector with its states. */
  private static final class Tried<S> {
    private final Detector<S> detector;
    private final Map<SeriesKey, S> states = new HashMap<>();

    Tried(Detector<S> detector) {
      this.detector = detector;
    }

    List<Anomaly> next(Computed value, IndicatorDefinition definition) {
      S state = states.computeIfAbsent(value.key(), detector::initial);
      IndicatorPoint point = DraftStore.point(value, definition);
      Detector.Step<S> step =
          detector.next(
              state,
              point.isMeasured()
                  ? new DetectorEvent.Point(point)
                  : new DetectorEvent.Missing(
                      value.key(), value.periodStart(), definition.grain()));
      states.put(value.key(), step.state());
      return step.anomalies();
    }
  }
}
