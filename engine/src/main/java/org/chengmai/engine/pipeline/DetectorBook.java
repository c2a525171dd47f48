package org.chengmai.engine.pipeline;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
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
import org.jdbi.v3.core.statement.PreparedBatch;
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
   * @param snapshot records before it are in the snapshots
   * @param lastTick the last tick before the snapshot
   */
  record Place(String topicId, long alerts, long snapshot, @Nullable Instant lastTick) {}

  /**
   * One series' detector.
   *
   * @param standing the anomaly that was last told and still holds
   */
  record Snapshot(SeriesKey key, String detector, byte[] state, @Nullable Anomaly standing) {}

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

  /** Begins a topic at an offset, whatever was before. */
  Place begin(String topicId, long offset) {
    jdbi.useHandle(
        handle ->
            handle.execute(
                "INSERT INTO chengmai.detector_offset (reader, topic_id, alert_offset, snapshot_offset) VALUES (?, ?, ?, ?)"
                    + " ON CONFLICT (reader) DO UPDATE SET topic_id = excluded.topic_id, alert_offset = excluded.alert_offset,"
                    + " snapshot_offset = excluded.snapshot_offset",
                reader,
                topicId,
                offset,
                offset));
    return new Place(topicId, offset, offset, null);
  }

  List<Snapshot> snapshots() {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(
                    "SELECT series, detector, state, standing FROM chengmai.detector_snapshot ORDER BY series, detector")
                .map(
                    (row, context) ->
                        new Snapshot(
                            SeriesKey.parse(row.getString(1)),
                            row.getString(2),
                            row.getBytes(3),
                            row.getString(4) == null
                                ? null
                                : Json.read(row.getString(4), Anomaly.class)))
                .list());
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

  /** Saves changed states and bands as of an offset; CONFLICT when someone else has moved on. */
  Place save(
      Place place,
      long next,
      @Nullable Instant lastTick,
      List<Snapshot> snapshots,
      List<Expected> bands) {
    jdbi.useTransaction(
        handle -> {
          move(
              handle,
              place,
              "UPDATE chengmai.detector_offset SET alert_offset = greatest(alert_offset, :next), snapshot_offset = :next,"
                  + " last_tick = :tick WHERE reader = :reader AND topic_id = :topic AND alert_offset = :expected",
              next,
              lastTick);
          write(handle, snapshots, next);
          writeBands(handle, bands);
        });
    return new Place(place.topicId(), Math.max(place.alerts(), next), next, lastTick);
  }

  private void move(Handle handle, Place place, String sql, long next, @Nullable Instant lastTick) {
    int moved =
        handle
            .createUpdate(sql)
            .bind("reader", reader)
            .bind("topic", place.topicId())
            .bind("expected", place.alerts())
            .bind("next", next)
            .bind("tick", lastTick)
            .execute();
    if (moved == 0) {
      throw new ChengmaiException(
          ErrorCode.CONFLICT,
          "reader %s is no longer at offset %d: another one runs"
              .formatted(reader, place.alerts()));
    }
  }

  private static void write(Handle handle, List<Snapshot> snapshots, long offset) {
    if (snapshots.isEmpty()) {
      return;
    }
    PreparedBatch batch =
        handle.prepareBatch(
            "INSERT INTO chengmai.detector_snapshot (series, detector, state, standing, topic_offset) VALUES (?, ?, ?, ?, ?)"
                + " ON CONFLICT (series, detector) DO UPDATE SET state = excluded.state, standing = excluded.standing,"
                + " topic_offset = excluded.topic_offset");
    for (Snapshot one : snapshots) {
      batch.add(
          one.key().toString(),
          one.detector(),
          one.state(),
          one.standing() == null ? null : Json.write(one.standing()),
          offset);
    }
    batch.execute();
  }

  private static void writeBands(Handle handle, List<Expected> bands) {
    if (bands.isEmpty()) {
      return;
    }
    PreparedBatch batch =
        handle.prepareBatch(
            "INSERT INTO chengmai.band (series, period_start, detector, low, expected, high) VALUES (?, ?, ?, ?, ?, ?)"
                + " ON CONFLICT (series, period_start, detector) DO UPDATE SET low = excluded.low,"
                + " expected = excluded.expected, high = excluded.high");
    for (Expected one : bands) {
      batch.add(
          one.key().toString(),
          one.periodStart(),
          one.detector(),
          one.band().low(),
          one.band().expected(),
          one.band().high());
    }
    batch.execute();
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
