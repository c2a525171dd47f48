package org.chengmai.engine.alerts;

import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import javax.sql.DataSource;
import org.chengmai.indicators.Alert;
import org.chengmai.indicators.AlertEvent;
import org.chengmai.indicators.AlertLog;
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
  private static final String WAITING =
      "WHERE state = 'FIRING' AND alert -> 'escalation' IS NOT NULL ORDER BY first_seq";

  /** Who acts where a step has come. */
  private static final String ESCALATION = "escalation";

  private final Jdbi jdbi;
  private final InstantSource clock;
  private final Ulids ulids;
  private final Assessor assessor;
  private final AlertRules rules;
  private final UUID epoch;
  private final List<Runnable> listeners = new CopyOnWriteArrayList<>();

  private AlertBook(
      Jdbi jdbi, InstantSource clock, RandomGenerator random, Assessor assessor, AlertRules rules) {
    this.jdbi = jdbi;
    this.clock = clock;
    this.ulids = new Ulids(clock, random);
    this.assessor = assessor;
    this.rules = rules;
    this.epoch = inTransaction(AlertBook::recognise);
  }

  /**
   * Opens the book on a migrated database; refuses with INVALID_DEFINITION one that doesn't keep
   * what it acknowledges.
   */
  public static AlertBook open(DataSource database, InstantSource clock, RandomGenerator random) {
    return open(database, clock, random, Assessor.NONE, AlertRules.NONE);
  }

  /**
   * The same, with someone who says of each alert that fires what is known of its like, and with
   * what definitions decide.
   */
  public static AlertBook open(
      DataSource database,
      InstantSource clock,
      RandomGenerator random,
      Assessor assessor,
      AlertRules rules) {
    Durability.check(database);
    return new AlertBook(Jdbi.create(database), clock, random, assessor, rules);
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
              LogWriter writer = writer(handle);
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

  /** Calls more people for alerts that have waited for an answer as long as their steps say. */
  public List<AlertEvent> escalate() {
    Instant now = now();
    return read(WAITING, Map.of()).stream().noneMatch(alert -> escalated(alert, now).isPresent())
        ? List.of()
        : told(
            inTransaction(
                handle -> {
                  LogWriter writer = writer(handle);
                  alerts(handle, WAITING, Map.of())
                      .forEach(
                          alert ->
                              escalated(alert, now)
                                  .ifPresent(change -> writer.write(change, ESCALATION, null)));
                  return writer.finish();
                }));
  }

  private Optional<AlertMachine.Change> escalated(Alert alert, Instant now) {
    return AlertMachine.escalate(alert, rules.escalation(alert.latest().key().code()), now);
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

  private LogWriter writer(Handle handle) {
    return new LogWriter(handle, epoch, now(), ulids, assessor, rules);
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
              LogWriter writer = writer(handle);
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
            events(
                handle,
                "WHERE seq > :seq ORDER BY seq LIMIT :limit",
                Map.of("seq", seq, "limit", limit)));
  }

  /** All that happened to an alert, oldest first; NOT_FOUND when there is none of that id. */
  public List<AlertEvent> events(String id) {
    List<AlertEvent> events =
        inTransaction(
            handle -> events(handle, "WHERE alert_id = :id ORDER BY seq", Map.of("id", id)));
    if (events.isEmpty()) {
      throw unknown(id);
    }
    return events;
  }

  private List<AlertEvent> events(Handle handle, String where, Map<String, ?> parameters) {
    return handle
        .createQuery("SELECT seq, type, at, actor, alert::text FROM chengmai.alert_event " + where)
        .bindMap(parameters)
        .map(
            (row, context) ->
                new AlertEvent(
                    epoch,
                    row.getLong(1),
                    AlertEvent.Type.valueOf(row.getString(2)),
                    row.getTimestamp(3).toInstant(),
                    row.getString(4),
                    Json.read(row.getString(5), Alert.class)))
        .list();
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

  static List<Alert> alerts(Handle handle, String where, Map<String, ?> parameters) {
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
}
