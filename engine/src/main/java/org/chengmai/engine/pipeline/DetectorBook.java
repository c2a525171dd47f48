package org.chengmai.engine.pipeline;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import javax.sql.DataSource;
import org.chengmai.engine.alerts.OffsetCommit;
import org.chengmai.indicators.Anomaly;
import org.chengmai.indicators.Band;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;
import org.chengmai.indicators.SeriesKey;
import org.chengmai.indicators.json.Json;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.Update;
import org.jspecify.annotations.Nullable;

/** Keeps the detectors' snapshots, bands and offsets in PostgreSQL. */
final class DetectorBook {
  private final Jdbi jdbi;
  private final String reader;

  DetectorBook(DataSource database, String reader) {
    this.jdbi = Jdbi.create(database);
    this.reader = reader;
  }

  /**
   * Where a reader stands; both offsets name the next record.
   *
   * @param alerts records before it have their alerts in the log
   * @param snapshot records before it are in the snapshots of all series
   * @param lastTick the last tick before the record at {@code snapshot}
   */
  record Place(String topicId, long alerts, long snapshot, @Nullable Instant lastTick) {}

  /**
   * One series' detector.
   *
   * @param version of the definition by which the series is judged
   * @param isLive whether a point of the series came that is no history
   * @param offset the next record that the series has not seen
   * @param state null when the detector is gone and what was saved of it has to go
   * @param standing the anomaly that was last told and still holds
   */
  record Snapshot(
      SeriesKey key,
      String detector,
      int version,
      boolean isLive,
      long offset,
      byte @Nullable [] state,
      @Nullable Anomaly standing) {}

  /** What a detector expected of one period. */
  record Expected(SeriesKey key, Instant periodStart, String detector, Band band) {}

  Optional<Place> place() {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(
                    "SELECT topic_id, alert_offset, snapshot_offset, last_tick FROM chengmai.detector_offset WHERE reader = :reader")
                .bind("reader", reader)
                .map(
                    (row, context) ->
                        new Place(
                            row.getString(1),
                            row.getLong(2),
                            row.getLong(3),
                            row.getTimestamp(4) == null ? null : row.getTimestamp(4).toInstant()))
                .findOne());
  }

  /** Begins a topic at an offset, whatever was before; the states stand where it begins. */
  Place begin(String topicId, long offset) {
    jdbi.useTransaction(
        handle -> {
          handle.execute("UPDATE chengmai.detector_snapshot SET topic_offset = ?", offset);
          handle.execute(
              "INSERT INTO chengmai.detector_offset (reader, topic_id, alert_offset, snapshot_offset) VALUES (?, ?, ?, ?)"
                  + " ON CONFLICT (reader) DO UPDATE SET topic_id = excluded.topic_id, alert_offset = excluded.alert_offset,"
                  + " snapshot_offset = excluded.snapshot_offset",
              reader,
              topicId,
              offset,
              offset);
        });
    return new Place(topicId, offset, offset, null);
  }

  /** Shows every snapshot, a series' own one after the other, without holding them all. */
  void snapshots(Consumer<Snapshot> seen) {
    // only a transaction lets the driver fetch a few rows at a time
    jdbi.useTransaction(
        handle ->
            handle
                .createQuery(
                    "SELECT series, detector, version, live, topic_offset, state, standing"
                        + " FROM chengmai.detector_snapshot ORDER BY series, detector")
                .setFetchSize(200)
                .map(
                    (row, context) ->
                        new Snapshot(
                            SeriesKey.parse(row.getString(1)),
                            row.getString(2),
                            row.getInt(3),
                            row.getBoolean(4),
                            row.getLong(5),
                            row.getBytes(6),
                            row.getString(7) == null
                                ? null
                                : Json.read(row.getString(7), Anomaly.class)))
                .forEach(seen));
  }

  /**
   * Moves the alerts' offset in the alert log's transaction; CONFLICT when someone else has moved
   * it.
   */
  OffsetCommit alertsReached(Place place, long next) {
    return handle ->
        move(
            handle,
            place,
            "UPDATE chengmai.detector_offset SET alert_offset = :next"
                + " WHERE reader = :reader AND topic_id = :topic AND alert_offset = :expected",
            next,
            null);
  }

  /**
   * Saves states and bands; CONFLICT when someone else has moved on.
   *
   * @param next records before it have their alerts in the log
   */
  Place save(Place place, long next, SeriesWatch.Cut cut, List<Expected> bands) {
    jdbi.useTransaction(
        handle -> {
          move(
              handle,
              place,
              "UPDATE chengmai.detector_offset SET alert_offset = greatest(alert_offset, :next), snapshot_offset = :snapshot,"
                  + " last_tick = :tick WHERE reader = :reader AND topic_id = :topic AND alert_offset = :expected",
              next,
              cut);
          write(handle, cut.states());
          writeBands(handle, bands);
        });
    return new Place(place.topicId(), Math.max(place.alerts(), next), cut.offset(), cut.lastTick());
  }

  private void move(
      Handle handle, Place place, String sql, long next, SeriesWatch.@Nullable Cut cut) {
    Update update =
        handle
            .createUpdate(sql)
            .bind("reader", reader)
            .bind("topic", place.topicId())
            .bind("expected", place.alerts())
            .bind("next", next);
    if (cut != null) {
      update.bind("snapshot", cut.offset()).bind("tick", cut.lastTick());
    }
    int moved = update.execute();
    if (moved == 0) {
      throw new ChengmaiException(
          ErrorCode.CONFLICT,
          "reader %s is no longer at offset %d: another one runs"
              .formatted(reader, place.alerts()));
    }
  }

  private static void write(Handle handle, List<Snapshot> snapshots) {
    List<Snapshot> gone = snapshots.stream().filter(one -> one.state() == null).toList();
    List<Snapshot> kept = snapshots.stream().filter(one -> one.state() != null).toList();
    if (!gone.isEmpty()) {
      execute(
          handle,
          "DELETE FROM chengmai.detector_snapshot old USING unnest(?, ?) AS gone (series, detector)"
              + " WHERE old.series = gone.series AND old.detector = gone.detector",
          array("text", gone, one -> one.key().toString()),
          array("text", gone, Snapshot::detector));
    }
    if (!kept.isEmpty()) {
      execute(
          handle,
          "INSERT INTO chengmai.detector_snapshot (series, detector, version, live, topic_offset, state, standing)"
              + " SELECT * FROM unnest(?, ?, ?, ?, ?, ?, ?)"
              + " ON CONFLICT (series, detector) DO UPDATE SET version = excluded.version, live = excluded.live,"
              + " topic_offset = excluded.topic_offset, state = excluded.state, standing = excluded.standing",
          array("text", kept, one -> one.key().toString()),
          array("text", kept, Snapshot::detector),
          array("integer", kept, Snapshot::version),
          array("boolean", kept, Snapshot::isLive),
          array("bigint", kept, Snapshot::offset),
          new Column("bytea", kept.stream().map(Snapshot::state).toArray(byte[][]::new)),
          array("text", kept, one -> one.standing() == null ? null : Json.write(one.standing())));
    }
  }

  private static void writeBands(Handle handle, List<Expected> bands) {
    if (bands.isEmpty()) {
      return;
    }
    // one statement must not change a row twice: of a period's bands the last one counts
    Map<List<Object>, Expected> newest = new LinkedHashMap<>();
    bands.forEach(one -> newest.put(List.of(one.key(), one.periodStart(), one.detector()), one));
    List<Expected> rows = List.copyOf(newest.values());
    execute(
        handle,
        "INSERT INTO chengmai.band (series, period_start, detector, low, expected, high)"
            + " SELECT series, to_timestamp(start / 1000.0), detector, low, expected, high"
            + " FROM unnest(?, ?, ?, ?, ?, ?) AS one (series, start, detector, low, expected, high)"
            + " ON CONFLICT (series, period_start, detector) DO UPDATE SET low = excluded.low,"
            + " expected = excluded.expected, high = excluded.high",
        array("text", rows, one -> one.key().toString()),
        array("bigint", rows, one -> one.periodStart().toEpochMilli()),
        array("text", rows, Expected::detector),
        array("float8", rows, one -> one.band().low()),
        array("float8", rows, one -> one.band().expected()),
        array("float8", rows, one -> one.band().high()));
  }

  /** One column of many rows, by the name of its SQL type. */
  private record Column(String type, Object[] values) {}

  private static <T> Column array(String type, List<T> rows, Function<T, @Nullable Object> column) {
    return new Column(type, rows.stream().map(column).toArray());
  }

  /** One statement for many rows: a batch would go back and forth. */
  private static void execute(Handle handle, String sql, Column... columns) {
    try (PreparedStatement statement = handle.getConnection().prepareStatement(sql)) {
      for (int i = 0; i < columns.length; i++) {
        statement.setArray(
            i + 1, handle.getConnection().createArrayOf(columns[i].type(), columns[i].values()));
      }
      statement.execute();
    } catch (SQLException e) {
      throw new ChengmaiException(
          ErrorCode.UNAVAILABLE, "the detectors' PostgreSQL failed: " + e.getMessage(), e);
    }
  }

  void pruneBands(Instant before) {
    jdbi.useHandle(
        handle -> handle.execute("DELETE FROM chengmai.band WHERE period_start < ?", before));
  }

  List<Expected> bands(SeriesKey key, Instant from, Instant to) {
    return new ArrayList<>(
        jdbi.withHandle(
            handle ->
                handle
                    .createQuery(
                        "SELECT period_start, detector, low, expected, high FROM chengmai.band WHERE series = :series"
                            + " AND period_start >= :from AND period_start < :to ORDER BY period_start, detector")
                    .bind("series", key.toString())
                    .bind("from", from)
                    .bind("to", to)
                    .map(
                        (row, context) ->
                            new Expected(
                                key,
                                row.getTimestamp(1).toInstant(),
                                row.getString(2),
                                new Band(row.getDouble(3), row.getDouble(4), row.getDouble(5))))
                    .list()));
  }
}
