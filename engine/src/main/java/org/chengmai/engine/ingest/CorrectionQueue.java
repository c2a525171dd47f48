package org.chengmai.engine.ingest;

import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.chengmai.connectors.feed.Receipt;
import org.chengmai.indicators.Observation;
import org.chengmai.indicators.Series;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.mapper.RowMapper;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jspecify.annotations.Nullable;

/** The corrections in PostgreSQL. Blocking; safe for several threads. */
final class CorrectionQueue {
  private static final String COLUMNS =
      "id, series, measure, region, time, event_id, value, attempts";
  private static final RowMapper<Correction> CORRECTION =
      (row, context) ->
          new Correction(
              row.getLong(1),
              row.getString(2),
              row.getString(3),
              row.getString(4),
              row.getObject(5, OffsetDateTime.class).toInstant(),
              row.getString(6),
              row.getDouble(7),
              row.getInt(8));

  private final Jdbi jdbi;
  private final SeriesRegistry registry;

  CorrectionQueue(Jdbi jdbi, SeriesRegistry registry) {
    this.jdbi = jdbi;
    this.registry = registry;
  }

  Receipt add(
      String principal,
      @Nullable String key,
      List<Observation> observations,
      List<String> errors,
      Instant now) {
    return SeriesRegistry.database(
        () ->
            jdbi.inTransaction(
                handle -> {
                  Receipt receipt = new Receipt(observations.size(), errors.size(), false, errors);
                  Optional<Receipt> first =
                      key == null
                          ? Optional.empty()
                          : claim(handle, principal + "\n" + key, receipt, now);
                  if (first.isPresent()) {
                    return first.get();
                  }
                  insert(handle, principal, observations);
                  return receipt;
                }));
  }

  /** Takes the key; answers the receipt of the batch that has it already. */
  private static Optional<Receipt> claim(Handle handle, String key, Receipt receipt, Instant now) {
    int inserted =
        handle
            .createUpdate(
                "INSERT INTO chengmai.correction_batch VALUES (:key, :accepted, :rejected, :at) ON CONFLICT DO NOTHING")
            .bind("key", key.replace('\n', '/'))
            .bind("accepted", receipt.accepted())
            .bind("rejected", receipt.rejected())
            .bind("at", now.atOffset(ZoneOffset.UTC))
            .execute();
    return inserted == 1
        ? Optional.empty()
        : handle
            .createQuery(
                "SELECT accepted, rejected FROM chengmai.correction_batch WHERE key = :key")
            .bind("key", key.replace('\n', '/'))
            .map((row, context) -> new Receipt(row.getInt(1), row.getInt(2), true, List.of()))
            .findOne();
  }

  private void insert(Handle handle, String principal, List<Observation> observations) {
    if (observations.isEmpty()) {
      return;
    }
    PreparedBatch batch =
        handle.prepareBatch(
            """
            INSERT INTO chengmai.correction (series, measure, region, time, event_id, value, received, principal)
            VALUES (:series, :measure, :region, :time, :event, :value, :received, :principal)""");
    for (Observation one : observations) {
      Series series = Objects.requireNonNull(registry.find(one.series()));
      batch
          .bind("series", one.series())
          .bind("measure", series.measure())
          .bind("region", series.region())
          .bind("time", one.time().atOffset(ZoneOffset.UTC))
          .bind("event", one.id())
          .bind("value", one.value())
          .bind("received", one.received().atOffset(ZoneOffset.UTC))
          .bind("principal", principal)
          .add();
    }
    batch.execute();
  }

  List<Corrections.Interval> pending() {
    return SeriesRegistry.database(
        () ->
            jdbi.withHandle(
                handle ->
                    handle
                        .createQuery(
                            """
                            SELECT measure, region, min(time), max(time) FROM chengmai.correction
                            WHERE state IN ('queued', 'applied') GROUP BY measure, region, date_trunc('day', time, 'UTC')
                            ORDER BY 1, 2, 3""")
                        .map(
                            (row, context) ->
                                new Corrections.Interval(
                                    row.getString(1),
                                    row.getString(2),
                                    row.getObject(3, OffsetDateTime.class).toInstant(),
                                    row.getObject(4, OffsetDateTime.class)
                                        .toInstant()
                                        .plusMillis(1)))
                        .list()));
  }

  /** The corrections of the oldest day that are due, of equal ones the last. */
  List<Correction> due(Instant now, int limit) {
    return SeriesRegistry.database(
        () ->
            jdbi.inTransaction(
                handle -> {
                  handle.execute(
                      """
                      UPDATE chengmai.correction c SET state = 'superseded', settled_at = now() WHERE state = 'queued' AND EXISTS (
                        SELECT FROM chengmai.correction d WHERE d.series = c.series AND d.time = c.time
                          AND d.event_id IS NOT DISTINCT FROM c.event_id AND d.id > c.id AND d.state = 'queued')""");
                  return handle
                      .createQuery(
                          """
                          SELECT %s FROM chengmai.correction WHERE state = 'queued' AND try_after <= :now
                            AND date_trunc('day', time, 'UTC') = (SELECT date_trunc('day', min(time), 'UTC') FROM chengmai.correction
                                                                  WHERE state = 'queued' AND try_after <= :now)
                          ORDER BY id LIMIT :limit"""
                              .formatted(COLUMNS))
                      .bind("now", now.atOffset(ZoneOffset.UTC))
                      .bind("limit", limit)
                      .map(CORRECTION)
                      .list();
                }));
  }

  List<Correction> applied() {
    return SeriesRegistry.database(
        () ->
            jdbi.withHandle(
                handle ->
                    handle
                        .createQuery(
                            "SELECT %s FROM chengmai.correction WHERE state = 'applied' ORDER BY id"
                                .formatted(COLUMNS))
                        .map(CORRECTION)
                        .list()));
  }

  void settle(Collection<Correction> corrections, String state) {
    if (!corrections.isEmpty()) {
      update(
          "UPDATE chengmai.correction SET state = '%s', settled_at = now() WHERE id = ANY(:ids)"
              .formatted(state),
          corrections);
    }
  }

  void postpone(Collection<Correction> corrections, Instant now, Duration wait) {
    if (!corrections.isEmpty()) {
      update(
          "UPDATE chengmai.correction SET attempts = attempts + 1, try_after = '%s' WHERE id = ANY(:ids)"
              .formatted(now.plus(wait)),
          corrections);
    }
  }

  private void update(String sql, Collection<Correction> corrections) {
    SeriesRegistry.database(
        () ->
            jdbi.withHandle(
                handle ->
                    handle
                        .createUpdate(sql)
                        .bindArray(
                            "ids", Long.class, corrections.stream().map(Correction::id).toList())
                        .execute()));
  }
}
