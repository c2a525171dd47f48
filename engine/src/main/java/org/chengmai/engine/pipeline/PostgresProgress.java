package org.chengmai.engine.pipeline;

import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/** Keeps progress in the engine's database. */
final class PostgresProgress implements ProgressBook {
  private final Jdbi jdbi;

  PostgresProgress(DataSource database) {
    this.jdbi = Jdbi.create(database);
  }

  @Override
  public Map<String, ClosePlan.Progress> progress() {
    Map<String, ClosePlan.Progress> all = new HashMap<>();
    jdbi.useHandle(
        handle ->
            handle
                .createQuery(
                    "SELECT name, closed, hour, six_hours, lateness FROM chengmai.group_progress")
                .map(
                    (row, context) ->
                        Map.entry(
                            row.getString(1),
                            new ClosePlan.Progress(
                                row.getTimestamp(2).toInstant(),
                                row.getTimestamp(3).toInstant(),
                                row.getTimestamp(4).toInstant(),
                                row.getTimestamp(5).toInstant())))
                .forEach(entry -> all.put(entry.getKey(), entry.getValue())));
    return all;
  }

  @Override
  public void save(String group, ClosePlan.Progress progress, List<Recomputation> done) {
    jdbi.useTransaction(
        handle -> {
          handle.execute(
              "INSERT INTO chengmai.group_progress (name, closed, hour, six_hours, lateness) VALUES (?, ?, ?, ?, ?)"
                  + " ON CONFLICT (name) DO UPDATE SET closed = excluded.closed, hour = excluded.hour,"
                  + " six_hours = excluded.six_hours, lateness = excluded.lateness",
              group,
              progress.closed(),
              progress.hour(),
              progress.sixHours(),
              progress.lateness());
          for (Recomputation recomputation : done) {
            handle.execute("DELETE FROM chengmai.recomputation WHERE id = ?", recomputation.id());
          }
        });
  }

  @Override
  public List<Recomputation> recomputations() {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(
                    "SELECT id, name, from_time, to_time FROM chengmai.recomputation ORDER BY id")
                .map(
                    (row, context) ->
                        new Recomputation(
                            row.getLong(1),
                            row.getString(2),
                            row.getTimestamp(3).toInstant(),
                            row.getTimestamp(4).toInstant()))
                .list());
  }

  @Override
  public Recomputation add(String group, Instant from, Instant to) {
    return jdbi.withHandle(handle -> add(handle, group, from, to));
  }

  private static Recomputation add(Handle handle, String group, Instant from, Instant to) {
    long id =
        handle
            .createQuery(
                "INSERT INTO chengmai.recomputation (name, from_time, to_time) VALUES (:name, :from, :to) RETURNING id")
            .bind("name", group)
            .bind("from", from)
            .bind("to", to)
            .mapTo(Long.class)
            .one();
    return new Recomputation(id, group, from, to);
  }

  @Override
  public Map<String, Instant> updates() {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery("SELECT name, updated_at FROM chengmai.source_update")
                .map((row, context) -> Map.entry(row.getString(1), row.getTimestamp(2).toInstant()))
                .collectToMap(Map.Entry::getKey, Map.Entry::getValue));
  }

  @Override
  public List<Recomputation> updated(
      String group, Instant updatedAt, List<ClosePlan.Span> changed) {
    return jdbi.inTransaction(
        handle -> {
          handle.execute(
              "INSERT INTO chengmai.source_update (name, updated_at) VALUES (?, ?)"
                  + " ON CONFLICT (name) DO UPDATE SET updated_at = excluded.updated_at",
              group,
              updatedAt);
          return changed.stream().map(span -> add(handle, group, span.from(), span.to())).toList();
        });
  }
}
