package org.chengmai.engine.incidents;

import java.time.Instant;
import java.util.List;
import javax.sql.DataSource;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;
import org.chengmai.indicators.json.Json;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.PreparedBatch;

/** The incidents in PostgreSQL. Safe for use by several threads. */
public final class IncidentBook {
  private static final int MOST = 200;

  private final Jdbi jdbi;

  public IncidentBook(DataSource database) {
    this.jdbi = Jdbi.create(database);
  }

  /** Puts what was found in the place of what was known since a time. */
  void replace(Instant since, List<IncidentCard> found) {
    jdbi.useTransaction(
        handle -> {
          handle.execute("DELETE FROM chengmai.incident WHERE started_at >= ?", since);
          PreparedBatch batch =
              handle.prepareBatch(
                  "INSERT INTO chengmai.incident (id, started_at, ended_at, incident) VALUES (:id, :start, :end, :incident::jsonb)"
                      + " ON CONFLICT (id) DO UPDATE SET started_at = excluded.started_at, ended_at = excluded.ended_at,"
                      + " incident = excluded.incident");
          for (IncidentCard one : found) {
            batch
                .bind("id", one.id())
                .bind("start", one.start())
                .bind("end", one.end())
                .bind("incident", Json.write(one))
                .add();
          }
          if (!found.isEmpty()) {
            batch.execute();
          }
        });
  }

  /** The newest that went on between two times, newest first, without their members' courses. */
  public List<IncidentCard> between(Instant from, Instant to) {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(
                    "SELECT incident::text FROM chengmai.incident WHERE started_at < :to"
                        + " AND (ended_at IS NULL OR ended_at >= :from) ORDER BY started_at DESC LIMIT :most")
                .bind("from", from)
                .bind("to", to)
                .bind("most", MOST)
                .map((row, context) -> Json.read(row.getString(1), IncidentCard.class).inShort())
                .list());
  }

  /** One with its members' courses; NOT_FOUND when there is none of that id. */
  public IncidentCard get(String id) {
    return jdbi.withHandle(
            handle ->
                handle
                    .createQuery("SELECT incident::text FROM chengmai.incident WHERE id = :id")
                    .bind("id", id)
                    .map((row, context) -> Json.read(row.getString(1), IncidentCard.class))
                    .findOne())
        .orElseThrow(
            () ->
                new ChengmaiException(
                    ErrorCode.NOT_FOUND, "there is no incident '%s'".formatted(id)));
  }
}
