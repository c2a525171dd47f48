package org.chengmai.engine.pipeline;

import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
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
                .createQuery("SELECT name, closed, hour, lateness FROM chengmai.group_progress")
                .map(
                    (row, context) ->
                        Map.entry(
                            row.getString(1),
                            new ClosePlan.Progress(
                                row.getTimestamp(2).toInstant(),
                                row.getTimestamp(3).toInstant(),
                                row.getTimestamp(4).toInstant())))
                .forEach(entry -> all.put(entry.getKey(), entry.getValue())));
    return all;
  }

  @Override
  public void save(String group, ClosePlan.Progress progress, List<Recomputation> done) {
    jdbi.useTransaction(
        handle -> {
          handle.execute(
              "INSERT INTO chengmai.group_progress (name, closed, hour, lateness) VALUES (?, ?, ?, ?) ON CONFLICT (name)"
                  + " DO UPDATE SET closed = excluded.closed, hour = excluded.hour, lateness = excluded.lateness",
              group,
              progress.closed(),
              progress.hour(),
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
    long id =
        jdbi.withHandle(
            handle ->
                handle
                    .createQuery(
                        "INSERT INTO chengmai.recomputation (name, from_time, to_time) VALUES (:name, :from, :to) RETURNING id")
                    .bind("name", group)
                    .bind("from", from)
                    .bind("to", to)
                    .mapTo(Long.class)
                    .one());
    return new Recomputation(id, group, from, to);
  }
}
