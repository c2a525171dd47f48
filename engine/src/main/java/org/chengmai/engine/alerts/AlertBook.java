package org.chengmai.engine.alerts;

import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import javax.sql.DataSource;
import org.chengmai.indicators.Alert;
import org.chengmai.indicators.AlertEvent;
import org.chengmai.indicators.AlertLog;
import org.chengmai.indicators.Anomaly;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;
import org.chengmai.indicators.Feedback;
import org.chengmai.indicators.Principal;
import org.chengmai.indicators.Role;
import org.chengmai.indicators.SeriesKey;
import org.chengmai.indicators.json.Json;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jspecify.annotations.Nullable;

/**
 * The alert log and its projection in PostgreSQL. Every change locks the log's head row, so there
 * is one writer at a time and a sequence number is only used up by a commit. Safe for use by
 * several threads and several engines.
 *
 * <p>Sightings that change nothing which people care about are counted on the alert (count,
 * lastSeenAt, latest) without an event; replaying the log alone therefore gives every alert's
 * state, grade, owner and revision, but not those three.
 */
public final class AlertBook implements AlertLog {
  /** After these, what is known of an alert's like may have changed. */
  private static final Set<AlertEvent.Type> ASSESSED =
      Set.of(AlertEvent.Type.FIRED, AlertEvent.Type.REOPENED, AlertEvent.Type.GRADE_CHANGED);

  private final Jdbi jdbi;
  private final InstantSource clock;
  private final Ulids ulids;
  private final Assessor assessor;
  private final UUID epoch;
  private final List<Runnable> listeners = new CopyOnWriteArrayList<>();

  private AlertBook(Jdbi jdbi, InstantSource clock, RandomGenerator random, Assessor assessor) {
    this.jdbi = jdbi;
    this.clock = clock;
    this.ulids = new Ulids(clock, random);
    this.assessor = assessor;
    this.epoch = inTransaction(AlertBook::recognise);
  }

  /**
   * Opens the book on a migrated database; refuses with INVALID_DEFINITION one that doesn't keep
   * what it acknowledges.
   */
  public static AlertBook open(DataSource database, InstantSource clock, RandomGenerator random) {
    return open(database, clock, random, Assessor.NONE);
  }

  /** The same, with someone who says of each alert that fires what is known of its like. */
  public static AlertBook open(
      DataSource database, InstantSource clock, RandomGenerator random, Assessor assessor) {
    Durability.check(database);
    return new AlertBook(Jdbi.create(database), clock, random, assessor);
  }

  /**
   * Runs {@code listener} after each commit that added events, on the committing thread: it must
   * only wake someone.
   */
  public void onCommit(Runnable listener) {
    listeners.add(listener);
  }

  /**
   * Applies sightings in order and saves where they came from, in one transaction. A sighting whose
   * event the log already has (same series, period, revision, detector and status) changes nothing.
   */
  public List<AlertEvent> append(List<Sighting> sightings, OffsetCommit commit) {
    List<AlertEvent> events =
        inTransaction(
            handle -> {
              Writer writer = new Writer(handle);
              commit.write(handle);
              writer.see(sightings);
              return writer.finish();
            });
    return told(events);
  }

  /** Takes an alert on; CONFLICT unless {@code revision} is its newest and it fires. */
  public Alert acknowledge(Principal principal, String id, int revision, @Nullable String note) {
    return decide(
        principal,
        "acknowledging",
        id,
        alert -> AlertMachine.acknowledge(alert, revision, principal.name(), note));
  }

  /**
   * Closes an alert that was dealt with; CONFLICT unless {@code revision} is its newest and it is
   * acknowledged or resolved.
   */
  public Alert close(Principal principal, String id, int revision, @Nullable String note) {
    return decide(
        principal,
        "closing",
        id,
        alert -> AlertMachine.close(alert, revision, principal.name(), note));
  }

  /**
   * Keeps what an operator says of an alert; CONFLICT unless {@code revision} is its newest and it
   * has fired. What was said before stays in the log.
   */
  public Alert judge(
      Principal principal,
      String id,
      int revision,
      Feedback.Verdict verdict,
      @Nullable String note) {
    return decide(
        principal,
        "judging",
        id,
        alert ->
            AlertMachine.judge(
                alert, revision, new Feedback(verdict, note, principal.name(), now())));
  }

  /** What was said of an alert, oldest first. */
  public List<Feedback> feedback(String id) {
    get(id);
    return inTransaction(
        handle ->
            handle
                .createQuery(
                    "SELECT (alert -> 'feedback')::text FROM chengmai.alert_event"
                        + " WHERE alert_id = :id AND type = 'JUDGED' ORDER BY seq")
                .bind("id", id)
                .map((row, context) -> Json.read(row.getString(1), Feedback.class))
                .list());
  }

  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MICROS);
  }

  private Alert decide(
      Principal principal,
      String action,
      String id,
      Function<Alert, AlertMachine.Change> decision) {
    principal.require(Role.OPERATOR, action + " an alert");
    List<AlertEvent> events =
        inTransaction(
            handle -> {
              Writer writer = new Writer(handle);
              Alert current =
                  alerts(handle, "WHERE id = :id", Map.of("id", id)).stream()
                      .findFirst()
                      .orElseThrow(() -> unknown(id));
              writer.write(decision.apply(current), principal.name(), null);
              return writer.finish();
            });
    return told(events).get(0).alert();
  }

  private List<AlertEvent> told(List<AlertEvent> events) {
    if (!events.isEmpty()) {
      listeners.forEach(Runnable::run);
    }
    return events;
  }

  @Override
  public UUID epoch() {
    return epoch;
  }

  @Override
  public long head() {
    return inTransaction(
        handle ->
            handle
                .createQuery("SELECT head FROM chengmai.alert_log_epoch")
                .mapTo(Long.class)
                .one());
  }

  @Override
  public long floor() {
    return inTransaction(
        handle ->
            handle
                .createQuery("SELECT coalesce(min(seq), 1) FROM chengmai.alert_event")
                .mapTo(Long.class)
                .one());
  }

  @Override
  public List<AlertEvent> after(long seq, int limit) {
    return inTransaction(
        handle ->
            handle
                .createQuery(
                    "SELECT seq, type, at, actor, alert::text FROM chengmai.alert_event WHERE seq > :seq ORDER BY seq LIMIT :limit")
                .bind("seq", seq)
                .bind("limit", limit)
                .map(
                    (row, context) ->
                        new AlertEvent(
                            epoch,
                            row.getLong(1),
                            AlertEvent.Type.valueOf(row.getString(2)),
                            row.getTimestamp(3).toInstant(),
                            row.getString(4),
                            Json.read(row.getString(5), Alert.class)))
                .list());
  }

  @Override
  public List<Alert> open() {
    return read(
        "WHERE state IN ('PENDING', 'FIRING', 'ACKNOWLEDGED') ORDER BY grade DESC, starts_at DESC, first_seq DESC",
        Map.of());
  }

  /** The newest alerts in any state. */
  public List<Alert> newest(int limit) {
    return read("ORDER BY first_seq DESC LIMIT :limit", Map.of("limit", limit));
  }

  public Alert get(String id) {
    return read("WHERE id = :id", Map.of("id", id)).stream()
        .findFirst()
        .orElseThrow(() -> unknown(id));
  }

  /**
   * Alerts of one series that were going on between two times, oldest first; at most the newest
   * 500.
   */
  public List<Alert> of(SeriesKey key, Instant from, Instant to) {
    List<Alert> alerts =
        new ArrayList<>(
            read(
                "WHERE series = :series AND starts_at < :to AND (ends_at IS NULL OR ends_at >= :from)"
                    + " ORDER BY first_seq DESC LIMIT 500",
                Map.of("series", key.toString(), "from", from, "to", to)));
    Collections.reverse(alerts);
    return alerts;
  }

  /** The newest 500 alerts of one series, newest first. */
  public List<Alert> of(SeriesKey key) {
    return read(
        "WHERE series = :series ORDER BY first_seq DESC LIMIT 500",
        Map.of("series", key.toString()));
  }

  /** The newest alerts, of any series, that were open within {@code from <= t < to}; by start. */
  public List<Alert> between(Instant from, Instant to) {
    List<Alert> alerts =
        new ArrayList<>(
            read(
                "WHERE starts_at < :to AND (ends_at IS NULL OR ends_at >= :from)"
                    + " ORDER BY first_seq DESC LIMIT 500",
                Map.of("from", from, "to", to)));
    Collections.reverse(alerts);
    return alerts;
  }

  private List<Alert> read(String where, Map<String, ?> parameters) {
    return inTransaction(handle -> alerts(handle, where, parameters));
  }

  private static List<Alert> alerts(Handle handle, String where, Map<String, ?> parameters) {
    return handle
        .createQuery("SELECT alert::text FROM chengmai.alert " + where)
        .bindMap(parameters)
        .map((row, context) -> Json.read(row.getString(1), Alert.class))
        .list();
  }

  private static ChengmaiException unknown(String id) {
    return new ChengmaiException(ErrorCode.NOT_FOUND, "there is no alert '%s'".formatted(id));
  }

  /**
   * The log's epoch; a new one when the data came to another server or were rolled back to a point
   * in time.
   */
  private static UUID recognise(Handle handle) {
    String server =
        handle
            .createQuery(
                "SELECT system_identifier || '/' || timeline_id FROM pg_control_system(), pg_control_checkpoint()")
            .mapTo(String.class)
            .one();
    return handle
        .createQuery(
            "UPDATE chengmai.alert_log_epoch"
                + " SET epoch = CASE WHEN server IS NULL OR server = :server THEN epoch ELSE gen_random_uuid() END, server = :server"
                + " RETURNING epoch")
        .bind("server", server)
        .mapTo(UUID.class)
        .one();
  }

  private <T> T inTransaction(Function<Handle, T> work) {
    try {
      return jdbi.inTransaction(work::apply);
    } catch (JdbiException e) {
      throw new ChengmaiException(
          ErrorCode.UNAVAILABLE, "the alert book's PostgreSQL failed: " + e.getMessage(), e);
    }
  }

  /**
   * One transaction's hold on the log: numbers events, keeps the alerts it touched, writes both at
   * the end.
   */
  private final class Writer {
    private final Handle handle;
    private final long head;
    private final Instant now = now();
    private final List<AlertEvent> events = new ArrayList<>();
    private List<Anomaly> alongside = List.of();
    private final Map<Long, Anomaly> causes = new HashMap<>();
    private final Map<String, Alert> touched = new LinkedHashMap<>();
    private final Map<String, Long> firstSeq = new HashMap<>();

    Writer(Handle handle) {
      this.handle = handle;
      // the lock on the one row makes this transaction the only writer until it ends
      this.head =
          handle
              .createQuery("SELECT head FROM chengmai.alert_log_epoch FOR UPDATE")
              .mapTo(Long.class)
              .one();
    }

    void see(List<Sighting> sightings) {
      alongside = sightings.stream().map(Sighting::anomaly).toList();
      Map<String, Alert> newest =
          newest(sightings.stream().map(Sighting::fingerprint).distinct().toArray(String[]::new));
      for (Sighting sighting : sightings) {
        Optional<AlertMachine.Change> change =
            AlertMachine.see(newest.get(sighting.fingerprint()), sighting, ulids::next);
        if (change.isEmpty() || (change.get().type() != null && isInLog(sighting.anomaly()))) {
          continue;
        }
        newest.put(
            sighting.fingerprint(),
            write(withPast(change.get()), sighting.anomaly().detector(), sighting.anomaly()));
      }
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
              alerts(
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
}
