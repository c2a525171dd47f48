package org.chengmai.engine.alerts;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.chengmai.indicators.Alert;
import org.chengmai.indicators.AlertEvent;
import org.chengmai.indicators.Anomaly;
import org.chengmai.indicators.SeriesKey;
import org.chengmai.indicators.definition.Alerting.Step;
import org.chengmai.indicators.json.Json;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jspecify.annotations.Nullable;

/**
 * One transaction's hold on the log: numbers events, keeps the alerts it touched, writes both at
 * the end.
 */
final class LogWriter {
  /** After these, what is known of an alert's like may have changed. */
  private static final Set<AlertEvent.Type> ASSESSED =
      Set.of(AlertEvent.Type.FIRED, AlertEvent.Type.REOPENED, AlertEvent.Type.GRADE_CHANGED);

  private final Handle handle;
  private final UUID epoch;
  private final Instant now;
  private final Ulids ulids;
  private final Assessor assessor;
  private final AlertRules rules;
  private final long head;
  private final List<AlertEvent> events = new ArrayList<>();
  private List<Anomaly> alongside = List.of();
  private final Map<Long, Anomaly> causes = new HashMap<>();
  private final Map<String, Alert> touched = new LinkedHashMap<>();
  private final Map<String, Long> firstSeq = new HashMap<>();

  LogWriter(
      Handle handle, UUID epoch, Instant now, Ulids ulids, Assessor assessor, AlertRules rules) {
    this.handle = handle;
    this.epoch = epoch;
    this.now = now;
    this.ulids = ulids;
    this.assessor = assessor;
    this.rules = rules;
    // the lock on the one row makes this transaction the only writer until it ends
    this.head =
        handle
            .createQuery("SELECT head FROM chengmai.alert_log_epoch FOR UPDATE")
            .mapTo(Long.class)
            .one();
  }

  void see(List<Sighting> sightings) {
    alongside = sightings.stream().map(Sighting::anomaly).toList();
    AlertParts together = new AlertParts(handle, rules, sightings);
    Map<String, Alert> newest =
        newest(sightings.stream().flatMap(together::candidates).distinct().toArray(String[]::new));
    for (Sighting sighting : sightings) {
      Sighting whole = together.see(sighting, newest);
      Optional<AlertMachine.Change> change =
          AlertMachine.see(newest.get(whole.fingerprint()), whole, ulids::next)
              .map(seen -> AlertMachine.suppress(seen, sighting.anomaly(), rules::suppression));
      if (change.isEmpty() || (change.get().type() != null && isInLog(sighting.anomaly()))) {
        continue;
      }
      newest.put(
          whole.fingerprint(),
          write(withPast(change.get()), sighting.anomaly().detector(), sighting.anomaly()));
    }
    together.write();
  }

  /** An alert that begins says which incidents its series had before. */
  private AlertMachine.Change withPast(AlertMachine.Change change) {
    Alert alert = change.alert();
    if (change.type() == null || alert.revision() != 1) {
      return change;
    }
    SeriesKey key = alert.latest().key();
    List<Alert> own =
        touched.values().stream().filter(one -> one.latest().key().equals(key)).toList();
    List<Alert> past =
        new ArrayList<>(
            AlertBook.alerts(
                handle,
                "WHERE series = :series AND state IN ('RESOLVED', 'CLOSED')"
                    + " ORDER BY starts_at DESC, id DESC LIMIT :limit",
                Map.of("series", key.toString(), "limit", PastIncidents.TOLD + own.size())));
    past.removeIf(one -> touched.containsKey(one.id()));
    own.stream().filter(PastIncidents::isPast).forEach(past::add);
    return new AlertMachine.Change(change.type(), alert.withPast(PastIncidents.words(past)));
  }

  Alert write(AlertMachine.Change change, String actor, @Nullable Anomaly cause) {
    Alert alert = change.alert();
    if (cause != null && change.type() != null && ASSESSED.contains(change.type())) {
      alert = alert.withAssessment(assessor.assess(handle, alert, alongside));
    }
    if (change.type() != null) {
      List<Step> steps = rules.escalation(alert.latest().key().code());
      alert = AlertMachine.await(change.type(), alert, steps, now);
    }
    touched.put(alert.id(), alert);
    if (change.type() == null) {
      return alert;
    }
    long seq = head + events.size() + 1;
    events.add(new AlertEvent(epoch, seq, change.type(), now, actor, alert));
    firstSeq.putIfAbsent(alert.id(), seq);
    if (cause != null) {
      causes.put(seq, cause);
    }
    return alert;
  }

  List<AlertEvent> finish() {
    if (!events.isEmpty()) {
      writeEvents();
      handle.execute("UPDATE chengmai.alert_log_epoch SET head = ?", head + events.size());
    }
    if (!touched.isEmpty()) {
      writeAlerts();
    }
    return List.copyOf(events);
  }

  private Map<String, Alert> newest(String[] fingerprints) {
    Map<String, Alert> newest = new HashMap<>();
    handle
        .createQuery(
            "SELECT DISTINCT ON (fingerprint) alert::text FROM chengmai.alert"
                + " WHERE fingerprint = ANY(:fingerprints) ORDER BY fingerprint, first_seq DESC")
        .bindArray("fingerprints", String.class, (Object[]) fingerprints)
        .map((row, context) -> Json.read(row.getString(1), Alert.class))
        .forEach(alert -> newest.put(alert.fingerprint(), alert));
    return newest;
  }

  private boolean isInLog(Anomaly anomaly) {
    return causes.containsValue(anomaly)
        || handle
            .createQuery(
                "SELECT EXISTS (SELECT FROM chengmai.alert_event WHERE series = :series AND detector = :detector"
                    + " AND period_start = :period AND point_revision = :revision AND status = :status)")
            .bind("series", anomaly.key().toString())
            .bind("detector", anomaly.detector())
            .bind("period", anomaly.periodStart())
            .bind("revision", anomaly.revision())
            .bind("status", anomaly.status().name())
            .mapTo(Boolean.class)
            .one();
  }

  private void writeEvents() {
    PreparedBatch batch =
        handle.prepareBatch(
            "INSERT INTO chengmai.alert_event (seq, type, at, actor, alert_id, series, detector, period_start, point_revision,"
                + " status, alert) VALUES (:seq, :type, :at, :actor, :id, :series, :detector, :period, :revision, :status,"
                + " :alert::jsonb)");
    for (AlertEvent event : events) {
      Anomaly cause = causes.get(event.seq());
      batch
          .bind("seq", event.seq())
          .bind("type", event.type().name())
          .bind("at", event.at())
          .bind("actor", event.actor())
          .bind("id", event.alert().id())
          .bind("series", cause == null ? null : cause.key().toString())
          .bind("detector", cause == null ? null : cause.detector())
          .bind("period", cause == null ? null : cause.periodStart())
          .bind("revision", cause == null ? null : (Integer) cause.revision())
          .bind("status", cause == null ? null : cause.status().name())
          .bind("alert", Json.write(event.alert()))
          .add();
    }
    batch.execute();
  }

  private void writeAlerts() {
    PreparedBatch batch =
        handle.prepareBatch(
            "INSERT INTO chengmai.alert (id, fingerprint, series, state, grade, starts_at, ends_at, first_seq, verdict, alert)"
                + " VALUES (:id, :fingerprint, :series, :state, :grade, :starts, :ends, :first, :verdict, :alert::jsonb)"
                + " ON CONFLICT (id) DO UPDATE SET state = excluded.state, grade = excluded.grade, ends_at = excluded.ends_at,"
                + " verdict = excluded.verdict, alert = excluded.alert");
    for (Alert alert : touched.values()) {
      batch
          .bind("id", alert.id())
          .bind("fingerprint", alert.fingerprint())
          .bind("series", alert.latest().key().toString())
          .bind("state", alert.state().name())
          .bind("grade", alert.grade().ordinal())
          .bind("starts", alert.startsAt())
          .bind("ends", alert.endsAt())
          .bind("first", firstSeq.getOrDefault(alert.id(), head))
          .bind("verdict", alert.feedback() == null ? null : alert.feedback().verdict().name())
          .bind("alert", Json.write(alert))
          .add();
    }
    batch.execute();
  }
}
