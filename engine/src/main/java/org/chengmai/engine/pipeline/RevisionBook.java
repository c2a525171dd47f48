package org.chengmai.engine.pipeline;

import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;
import org.chengmai.indicators.SeriesKey;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.PreparedBatch;

/**
 * Numbers the revisions of points in PostgreSQL: other inputs give the next number, the same inputs
 * the same.
 *
 * <p>{@link #number} writes the numbers down under a batch before the points go to Kafka, {@link
 * #confirm} strikes the batch out when Kafka has them. After a crash in between, the batch still
 * stands: the same inputs are then published again under the same number, and other inputs get the
 * next, so that a number never stands for two values. Safe for use by several threads.
 */
public final class RevisionBook implements Revisions {
  private final Jdbi jdbi;

  public RevisionBook(DataSource database) {
    this.jdbi = Jdbi.create(database);
  }

  @Override
  public Batch number(List<Entry> entries) {
    try {
      return numbered(entries);
    } catch (SQLException e) {
      throw new ChengmaiException(
          ErrorCode.UNAVAILABLE, "revisions cannot be numbered: " + e.getMessage(), e);
    }
  }

  private Batch numbered(List<Entry> entries) throws SQLException {
    return jdbi.inTransaction(
        handle -> {
          long batch =
              handle
                  .createQuery(
                      "INSERT INTO chengmai.revision_unconfirmed DEFAULT VALUES RETURNING batch")
                  .mapTo(Long.class)
                  .one();
          return new Batch(batch, number(handle.getConnection(), entries, batch));
        });
  }

  @Override
  public void confirm(Batch batch) {
    jdbi.useHandle(
        handle ->
            handle.execute(
                "DELETE FROM chengmai.revision_unconfirmed WHERE batch = ?", batch.id()));
  }

  private static int[] number(Connection connection, List<Entry> entries, long batch)
      throws SQLException {
    int[] revisions = new int[entries.size()];
    Map<String, Integer> indexes = new HashMap<>(entries.size() * 2);
    String[] series = new String[entries.size()];
    Long[] periods = new Long[entries.size()];
    String[] hashes = new String[entries.size()];
    Long[] kept = new Long[entries.size()];
    for (int i = 0; i < entries.size(); i++) {
      Entry entry = entries.get(i);
      series[i] = entry.key().toString();
      periods[i] = entry.periodStart().toEpochMilli();
      hashes[i] = entry.inputHash();
      kept[i] = entry.keepUntil().toEpochMilli();
      if (indexes.put(periods[i] + " " + series[i], i) != null) {
        throw new ChengmaiException(
            ErrorCode.INVALID_DEFINITION,
            "%s has more than one value for the period %s"
                .formatted(entry.key(), entry.periodStart()));
      }
    }
    Array[] arrays = {
      connection.createArrayOf("text", series),
      connection.createArrayOf("bigint", periods),
      connection.createArrayOf("text", hashes),
      connection.createArrayOf("bigint", kept)
    };
    // rows that are unchanged and confirmed are neither updated nor returned
    try (PreparedStatement statement =
        connection.prepareStatement(
            "INSERT INTO chengmai.revision AS known (series, period_start, revision, input_hash, batch, keep_until)"
                + " SELECT s, to_timestamp(p / 1000.0), 1, h, ?, to_timestamp(k / 1000.0) FROM unnest(?, ?, ?, ?) AS new (s, p, h, k)"
                + " ON CONFLICT (series, period_start) DO UPDATE SET"
                + " revision = known.revision + CASE WHEN known.input_hash = excluded.input_hash THEN 0 ELSE 1 END,"
                + " input_hash = excluded.input_hash, batch = excluded.batch,"
                + " keep_until = greatest(known.keep_until, excluded.keep_until)"
                + " WHERE known.input_hash <> excluded.input_hash"
                + " OR known.batch IN (SELECT batch FROM chengmai.revision_unconfirmed)"
                + " RETURNING series, (extract(epoch FROM period_start) * 1000)::bigint, revision")) {
      statement.setLong(1, batch);
      for (int i = 0; i < arrays.length; i++) {
        statement.setArray(i + 2, arrays[i]);
      }
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          int index = Objects.requireNonNull(indexes.get(row.getLong(2) + " " + row.getString(1)));
          revisions[index] = row.getInt(3);
        }
      }
    }
    return revisions;
  }

  @Override
  public void remember(List<Entry> entries, int[] revisions) {
    jdbi.useHandle(
        handle -> {
          PreparedBatch batch =
              handle.prepareBatch(
                  "INSERT INTO chengmai.revision (series, period_start, revision, input_hash, batch, keep_until)"
                      + " VALUES (?, ?, ?, ?, 0, ?) ON CONFLICT DO NOTHING");
          for (int i = 0; i < revisions.length; i++) {
            Entry entry = entries.get(i);
            batch.add(
                entry.key().toString(),
                entry.periodStart(),
                revisions[i],
                entry.inputHash(),
                entry.keepUntil());
          }
          batch.execute();
        });
  }

  @Override
  public Map<SeriesKey, Instant> firstValues(Set<String> codes, String hashOfMissing) {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(
                    "SELECT series, min(period_start) FROM chengmai.revision"
                        + " WHERE split_part(series, '/', 1) = ANY(:codes) AND input_hash <> :missing GROUP BY series")
                .bindArray("codes", String.class, codes.toArray())
                .bind("missing", hashOfMissing)
                .map(
                    (row, context) ->
                        Map.entry(
                            SeriesKey.parse(row.getString(1)), row.getTimestamp(2).toInstant()))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue)));
  }

  @Override
  public int prune(Instant now) {
    return jdbi.inTransaction(
        handle -> {
          List<Instant> periods = new ArrayList<>();
          // what a crash left unconfirmed and has since been numbered again
          handle.execute(
              "DELETE FROM chengmai.revision_unconfirmed AS u"
                  + " WHERE NOT EXISTS (SELECT FROM chengmai.revision AS r WHERE r.batch = u.batch)");
          int pruned =
              handle
                  .createQuery(
                      "WITH gone AS (DELETE FROM chengmai.revision WHERE keep_until < :now RETURNING period_start)"
                          + " SELECT count(*), max(period_start) FROM gone")
                  .bind("now", now)
                  .map(
                      (row, context) -> {
                        if (row.getTimestamp(2) != null) {
                          periods.add(row.getTimestamp(2).toInstant());
                        }
                        return row.getInt(1);
                      })
                  .one();
          for (Instant period : periods) {
            handle.execute(
                "INSERT INTO chengmai.revision_pruned (period_start) VALUES (?) ON CONFLICT (only_row) DO UPDATE"
                    + " SET period_start = greatest(revision_pruned.period_start, excluded.period_start)",
                period);
          }
          return pruned;
        });
  }

  @Override
  public Optional<Instant> prunedTo() {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery("SELECT period_start FROM chengmai.revision_pruned")
                .mapTo(Instant.class)
                .findOne());
  }
}
