package org.chengmai.engine.history;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import javax.sql.DataSource;
import org.chengmai.engine.history.Job.Kind;
import org.chengmai.engine.history.Job.State;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/** Keeps jobs in the engine's database. */
final class PostgresJobs implements JobBook {
  private static final String SELECT =
      "SELECT j.id, j.kind, j.codes, j.from_time, j.to_time, j.definition, j.principal, j.state, j.total, j.failure, j.report,"
          + " j.created_at, j.ended_at, count(s.name)::int AS done, coalesce(sum(s.points), 0)::bigint AS points"
          + " FROM chengmai.job AS j LEFT JOIN chengmai.job_slice AS s ON s.job = j.id ";
  private static final String IS_OPEN = "state IN ('waiting', 'running')";

  private final Jdbi jdbi;

  PostgresJobs(DataSource database) {
    this.jdbi = Jdbi.create(database);
  }

  @Override
  public long add(
      Kind kind,
      List<String> codes,
      Instant from,
      Instant to,
      @Nullable String definition,
      String by,
      Instant now) {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(
                    "INSERT INTO chengmai.job (kind, codes, from_time, to_time, definition, principal, state, created_at)"
                        + " VALUES (:kind, :codes, :from, :to, :definition, :by, 'waiting', :now) RETURNING id")
                .bind("kind", kind.toString())
                .bindArray("codes", String.class, codes.toArray())
                .bind("from", from)
                .bind("to", to)
                .bind("definition", definition)
                .bind("by", by)
                .bind("now", now)
                .mapTo(Long.class)
                .one());
  }

  @Override
  public Optional<Job> find(long id) {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(SELECT + "WHERE j.id = :id GROUP BY j.id")
                .bind("id", id)
                .map((row, context) -> job(row))
                .findOne());
  }

  @Override
  public List<Job> newest(int limit) {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(SELECT + "GROUP BY j.id ORDER BY j.id DESC LIMIT :limit")
                .bind("limit", limit)
                .map((row, context) -> job(row))
                .list());
  }

  @Override
  public Optional<Job> next() {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(SELECT + "WHERE j." + IS_OPEN + " GROUP BY j.id ORDER BY j.id LIMIT 1")
                .map((row, context) -> job(row))
                .findOne());
  }

  @Override
  public void begin(long id, int total) {
    jdbi.useHandle(
        handle ->
            handle.execute(
                "UPDATE chengmai.job SET state = 'running', total = ? WHERE id = ? AND " + IS_OPEN,
                total,
                id));
  }

  @Override
  public Set<String> finished(long id) {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery("SELECT name FROM chengmai.job_slice WHERE job = :id")
                .bind("id", id)
                .mapTo(String.class)
                .set());
  }

  @Override
  public void finish(long id, String slice, long points) {
    jdbi.useHandle(
        handle ->
            handle.execute(
                "INSERT INTO chengmai.job_slice (job, name, points) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
                id,
                slice,
                points));
  }

  @Override
  public void restart(long id) {
    jdbi.useHandle(handle -> handle.execute("DELETE FROM chengmai.job_slice WHERE job = ?", id));
  }

  @Override
  public boolean end(
      long id, State state, @Nullable String failure, @Nullable String report, Instant now) {
    return jdbi.withHandle(
        handle ->
            handle.execute(
                    "UPDATE chengmai.job SET state = ?, failure = ?, report = ?, ended_at = ? WHERE id = ? AND "
                        + IS_OPEN,
                    state.name().toLowerCase(Locale.ROOT),
                    failure,
                    report,
                    now,
                    id)
                > 0);
  }

  @Override
  public Map<String, Set<Integer>> versions() {
    Map<String, Set<Integer>> versions = new HashMap<>();
    jdbi.useHandle(
        handle ->
            handle
                .createQuery("SELECT code, version FROM chengmai.version_in_force")
                .map((row, context) -> Map.entry(row.getString(1), row.getInt(2)))
                .forEach(
                    one ->
                        versions
                            .computeIfAbsent(one.getKey(), code -> new TreeSet<>())
                            .add(one.getValue())));
    return versions;
  }

  @Override
  public void takeUp(String code, int version, Instant now) {
    jdbi.useHandle(
        handle ->
            handle.execute(
                "INSERT INTO chengmai.version_in_force (code, version, taken_up_at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
                code,
                version,
                now));
  }

  private static Job job(ResultSet row) throws SQLException {
    Timestamp ended = row.getTimestamp("ended_at");
    return new Job(
        row.getLong("id"),
        Kind.of(row.getString("kind")),
        List.of((String[]) row.getArray("codes").getArray()),
        row.getTimestamp("from_time").toInstant(),
        row.getTimestamp("to_time").toInstant(),
        row.getString("definition"),
        row.getString("principal"),
        State.valueOf(row.getString("state").toUpperCase(Locale.ROOT)),
        row.getInt("done"),
        row.getInt("total"),
        row.getLong("points"),
        row.getString("failure"),
        row.getString("report"),
        row.getTimestamp("created_at").toInstant(),
        ended == null ? null : ended.toInstant());
  }
}
