package org.chengmai.engine.feedback;

import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import javax.sql.DataSource;
import org.chengmai.engine.alerts.Assessor;
import org.chengmai.indicators.Alert;
import org.chengmai.indicators.Anomaly;
import org.chengmai.indicators.Assessment;
import org.chengmai.indicators.Feedback;
import org.chengmai.indicators.SeriesKey;
import org.chengmai.indicators.Trust;
import org.chengmai.indicators.json.Json;
import org.chengmai.models.DayClass;
import org.chengmai.models.feedback.AlarmEvidence;
import org.chengmai.models.feedback.Combiner;
import org.chengmai.models.feedback.JudgedAlarm;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/**
 * Keeps what was known of each alert as it fired, and says by earlier feedback what to think of it:
 * how likely it is to be real, and which expected events were like it. Safe for several threads.
 */
public final class EvidenceBook implements Assessor {
  private static final ZoneId CHINA = ZoneId.of("Asia/Shanghai");
  private static final Duration RECENT = Duration.ofDays(7);
  private static final String IS_REAL = "a.verdict <> 'FALSE_ALARM'";

  private final Jdbi jdbi;
  private final Function<LocalDate, DayClass> dayClass;
  private final Function<SeriesKey, @Nullable Trust> trust;
  private volatile @Nullable Combiner combiner;

  /**
   * @param trust of a series' newest point, null when unknown
   */
  public EvidenceBook(
      DataSource database,
      Function<LocalDate, DayClass> dayClass,
      Function<SeriesKey, @Nullable Trust> trust) {
    this.jdbi = Jdbi.create(database);
    this.dayClass = dayClass;
    this.trust = trust;
  }

  /** Judges alerts that fire from now on by this combiner. */
  void use(Combiner newer) {
    combiner = newer;
  }

  /** Every alert that was judged, in the order in which they fired. */
  List<JudgedAlarm> judged() {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(
                    "SELECT e.features::text, "
                        + IS_REAL
                        + " FROM chengmai.alert a JOIN chengmai.alert_evidence e ON e.alert_id = a.id"
                        + " WHERE a.verdict IS NOT NULL ORDER BY a.first_seq")
                .map(
                    (row, context) ->
                        new JudgedAlarm(features(row.getString(1)), row.getBoolean(2)))
                .list());
  }

  private static Map<String, Double> features(String json) {
    Map<String, Double> features = new java.util.TreeMap<>();
    Json.read(json, Map.class)
        .forEach((name, value) -> features.put((String) name, ((Number) value).doubleValue()));
    return features;
  }

  @Override
  public @Nullable Assessment assess(Handle handle, Alert alert, List<Anomaly> alongside) {
    Anomaly anomaly = alert.latest();
    DayClass day = dayClass.apply(LocalDate.ofInstant(anomaly.periodStart(), CHINA));
    Map<String, Double> features = evidence(handle, alert, alongside, day).features();
    handle.execute(
        "INSERT INTO chengmai.alert_evidence (alert_id, day_class, features) VALUES (?, ?, ?::jsonb)"
            + " ON CONFLICT (alert_id) DO UPDATE SET features = excluded.features",
        alert.id(),
        day.name(),
        Json.write(features));
    Anomaly.Reasons reasons = new Anomaly.Reasons(List.of(), List.of());
    for (Alert like : expected(handle, alert, day)) {
      reasons = FeedbackWords.expected(reasons, like);
    }
    Combiner used = combiner;
    if (used == null) {
      return reasons.zh().isEmpty() ? null : new Assessment(null, false, null, reasons);
    }
    double probability = used.probability(features);
    // what was expected once is no false alarm: it is told of, not demoted
    boolean demoted = reasons.zh().isEmpty() && used.demotes(alert.grade(), probability);
    return new Assessment(
        probability,
        demoted,
        used.label(),
        demoted ? FeedbackWords.demoted(used, probability, features) : reasons);
  }

  private AlarmEvidence evidence(
      Handle handle, Alert alert, List<Anomaly> alongside, DayClass day) {
    SeriesKey key = alert.latest().key();
    Set<String> detectors = new HashSet<>();
    Set<String> series = new HashSet<>();
    alongside.stream()
        .filter(one -> one.status() == Anomaly.Status.FIRING)
        .filter(one -> one.key().code().equals(key.code()))
        .forEach(one -> note(one.key().toString(), one.detector(), key, detectors, series));
    handle
        .createQuery(
            "SELECT series, alert #>> '{latest,detector}' FROM chengmai.alert"
                + " WHERE state IN ('FIRING', 'ACKNOWLEDGED') AND starts_with(series, :code)")
        .bind("code", key.code() + "/")
        .map((row, context) -> List.of(row.getString(1), row.getString(2)))
        .forEach(one -> note(one.get(0), one.get(1), key, detectors, series));
    detectors.remove(alert.latest().detector());
    return handle
        .createQuery(
            "SELECT count(*), max(starts_at) FROM chengmai.alert"
                + " WHERE series = :series AND id <> :id AND starts_at >= :since AND starts_at <= :start")
        .bind("series", key.toString())
        .bind("id", alert.id())
        .bind("since", alert.startsAt().minus(RECENT))
        .bind("start", alert.startsAt())
        .map(
            (row, context) ->
                new AlarmEvidence(
                    alert.latest(),
                    day,
                    row.getInt(1),
                    row.getTimestamp(2) == null
                        ? RECENT
                        : Duration.between(row.getTimestamp(2).toInstant(), alert.startsAt()),
                    detectors.size(),
                    series.size(),
                    trust.apply(key)))
        .one();
  }

  private static void note(
      String of, String detector, SeriesKey key, Set<String> detectors, Set<String> series) {
    if (of.equals(key.toString())) {
      detectors.add(detector);
    } else {
      series.add(of);
    }
  }

  /** Alerts of the series on days of the class that were expected events, newest first. */
  private static List<Alert> expected(Handle handle, Alert alert, DayClass day) {
    return new ArrayList<>(
        handle
            .createQuery(
                "SELECT a.alert::text FROM chengmai.alert a JOIN chengmai.alert_evidence e ON e.alert_id = a.id"
                    + " WHERE a.series = :series AND a.id <> :id AND a.verdict = :verdict AND e.day_class = :day"
                    + " ORDER BY a.starts_at DESC LIMIT 3")
            .bind("series", alert.latest().key().toString())
            .bind("id", alert.id())
            .bind("verdict", Feedback.Verdict.EXPECTED_EVENT.name())
            .bind("day", day.name())
            .map((row, context) -> Json.read(row.getString(1), Alert.class))
            .list());
  }
}
