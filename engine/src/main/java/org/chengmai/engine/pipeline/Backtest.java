package org.chengmai.engine.pipeline;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.chengmai.indicators.Alert;
import org.chengmai.indicators.AlertState;
import org.chengmai.indicators.Anomaly;
import org.chengmai.indicators.Grade;
import org.chengmai.indicators.IndicatorPoint;
import org.chengmai.indicators.IndicatorStore;
import org.chengmai.indicators.SeriesKey;
import org.chengmai.indicators.definition.IndicatorDefinition;
import org.jspecify.annotations.Nullable;

/**
 * The detectors of a published definition, learning ones too, over the values that are stored: what
 * would have alarmed, per day, beside the alerts that there were and what people left on them.
 * Publishes nothing. Not thread-safe.
 *
 * <p>Detectors see the points in order and nothing of what comes later, after a time of learning
 * that is not reported. A trained model may have been trained on this very time: the report says
 * so.
 */
public final class Backtest {
  private static final int MOST_ALERTS = 1000;
  private static final Duration LEARNING = Duration.ofDays(42);

  private final IndicatorDefinition definition;
  private final @Nullable String region;
  private final Instant from;
  private final IndicatorStore store;
  private final DetectorSource source;
  private final List<TriedDetector<?>> detectors;
  private final List<Model> models;
  private final Set<SeriesKey> series = new HashSet<>();
  private final Map<LocalDate, Counts> days = new TreeMap<>();
  private final TriedAlerts alerts = new TriedAlerts();

  /**
   * @param region of the series, null for all that detectors watch
   * @param from where the report begins
   * @param models those in force for the indicator
   */
  public Backtest(
      IndicatorDefinition definition,
      @Nullable String region,
      Instant from,
      IndicatorStore store,
      DetectorSource source,
      List<StoredModel> models) {
    this.definition = definition;
    this.region = region;
    this.from = from;
    this.store = store;
    this.source = source;
    this.detectors =
        source.detectors(definition.code(), definition.version(), models).stream()
            .<TriedDetector<?>>map(TriedDetector::new)
            .toList();
    this.models =
        models.stream()
            .map(
                one ->
                    new Model(
                        one.name(), one.version(), one.trainedAt(), one.trainedAt().isAfter(from)))
            .toList();
  }

  /**
   * What a backtest found.
   *
   * @param region null for all
   * @param series how many were judged
   * @param models trained ones that took part
   * @param days in the definition's zone
   * @param alerts the first {@value #MOST_ALERTS} that would have been; the days count all
   * @param raised alerts of these detectors that there were in this time
   */
  public record Report(
      String code,
      int version,
      @Nullable String region,
      int series,
      List<Model> models,
      List<Day> days,
      List<Alarm> alerts,
      List<Raised> raised) {}

  /**
   * A trained model.
   *
   * @param hasSeen whether it was trained after the backtest's beginning, so that it may know some
   *     of what it judges
   */
  public record Model(String name, int version, Instant trainedAt, boolean hasSeen) {}

  /**
   * One day.
   *
   * @param alerts how many would have begun, by detector
   * @param raised how many alerts there were that began on it
   */
  public record Day(
      LocalDate date, long values, long missing, Map<String, Long> alerts, long raised) {}

  /**
   * An alert that would have been.
   *
   * @param raised id of the alert of the same series that there was at the same time, null without
   */
  public record Alarm(TriedAlerts.Alerted alert, @Nullable String raised) {}

  /**
   * An alert that there was.
   *
   * @param note what people left on it
   */
  public record Raised(
      String id,
      String detector,
      String region,
      String dimensions,
      Grade grade,
      AlertState state,
      Instant startsAt,
      @Nullable Instant endsAt,
      @Nullable String owner,
      @Nullable String note) {

    private static Raised of(Alert alert) {
      Anomaly latest = alert.latest();
      return new Raised(
          alert.id(),
          latest.detector(),
          latest.key().region(),
          latest.key().dimensionText(),
          alert.grade(),
          alert.state(),
          alert.startsAt(),
          alert.endsAt(),
          alert.owner(),
          alert.note());
    }

    private boolean isAt(TriedAlerts.Alerted alert) {
      Instant end = alert.to() == null ? Instant.MAX : alert.to();
      return region.equals(alert.region())
          && dimensions.equals(alert.dimensions())
          && startsAt.isBefore(end)
          && (endsAt == null || alert.from().isBefore(endsAt));
    }
  }

  private static final class Counts {
    private long values;
    private long missing;
    private long raised;
    private final Map<String, Long> alerts = new TreeMap<>();
  }

  /** Where reading begins: so long before the report that the detectors have learnt. */
  public Instant learningFrom() {
    return from.minus(LEARNING);
  }

  /** Judges the stored points with {@code from <= start < to}; answers how many those were. */
  public long next(Instant start, Instant to) {
    List<IndicatorPoint> points =
        new ArrayList<>(store.between(List.of(definition.code()), start, to));
    points.removeIf(
        point ->
            region == null ? !source.isWatched(point.key()) : !point.key().region().equals(region));
    points.sort(
        Comparator.comparing(IndicatorPoint::periodStart)
            .thenComparing(point -> point.key().toString()));
    points.forEach(this::take);
    return points.size();
  }

  private void take(IndicatorPoint point) {
    boolean isReported = !point.periodStart().isBefore(from);
    Counts day = isReported ? day(point.periodStart()) : new Counts();
    day.values += point.isMeasured() ? 1 : 0;
    day.missing += point.isMeasured() ? 0 : 1;
    series.add(point.key());
    for (TriedDetector<?> detector : detectors) {
      for (Anomaly anomaly : detector.next(point)) {
        if (alerts.take(anomaly)) {
          day.alerts.merge(anomaly.detector(), 1L, Long::sum);
        }
      }
    }
  }

  private Counts day(Instant time) {
    return days.computeIfAbsent(
        time.atZone(definition.period().zone()).toLocalDate(), date -> new Counts());
  }

  /**
   * @param existing alerts, of any series, that were open in the reported time
   */
  public Report report(List<Alert> existing) {
    List<Raised> raised =
        existing.stream()
            .filter(alert -> alert.latest().key().code().equals(definition.code()))
            .filter(alert -> region == null || alert.latest().key().region().equals(region))
            .map(Raised::of)
            .toList();
    for (Raised one : raised) {
      if (!one.startsAt().isBefore(from)) {
        day(one.startsAt()).raised++;
      }
    }
    List<Alarm> found =
        alerts.all().stream()
            .filter(alert -> alert.to() == null || alert.to().isAfter(from))
            .limit(MOST_ALERTS)
            .map(
                alert ->
                    new Alarm(
                        alert,
                        raised.stream()
                            .filter(one -> one.isAt(alert))
                            .map(Raised::id)
                            .findFirst()
                            .orElse(null)))
            .toList();
    return new Report(
        definition.code(),
        definition.version(),
        region,
        series.size(),
        models,
        days.entrySet().stream()
            .map(
                day ->
                    new Day(
                        day.getKey(),
                        day.getValue().values,
                        day.getValue().missing,
                        Map.copyOf(day.getValue().alerts),
                        day.getValue().raised))
            .toList(),
        found,
        raised);
  }
}
