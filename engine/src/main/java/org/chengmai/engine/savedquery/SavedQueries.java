package org.chengmai.engine.savedquery;

import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import javax.sql.DataSource;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;
import org.chengmai.indicators.Principal;
import org.jdbi.v3.core.Jdbi;

/**
 * The queries that each user keeps, seen and changed by nobody else, in the engine's PostgreSQL.
 * Safe for several threads; every method asks the database.
 */
public final class SavedQueries {
  /** More is no list that a person looks through. */
  static final int MOST = 500;

  static final int NAME_LENGTH = 200;
  static final int SQL_LENGTH = 100_000;

  private final Jdbi jdbi;
  private final InstantSource clock;

  public SavedQueries(DataSource database, InstantSource clock) {
    this.jdbi = Jdbi.create(database);
    this.clock = clock;
  }

  /** A user's queries by name. */
  public List<SavedQuery> list(Principal principal) {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(
                    "SELECT name, sql, saved_at FROM chengmai.saved_query WHERE principal = :user ORDER BY name")
                .bind("user", principal.name())
                .map(
                    (row, context) ->
                        new SavedQuery(
                            row.getString("name"),
                            row.getString("sql"),
                            row.getTimestamp("saved_at").toInstant()))
                .list());
  }

  /**
   * Keeps a query, in place of the one of that name if there is one.
   *
   * @throws ChengmaiException INVALID_INPUT for a name or text that is empty, TOO_LARGE for one
   *     that is too long and for one query too many
   */
  public SavedQuery save(Principal principal, String name, String sql) {
    String given = name.strip();
    if (given.isEmpty() || sql.isBlank() || (given + sql).indexOf('\0') >= 0) {
      throw new ChengmaiException(
          ErrorCode.INVALID_INPUT, "a saved query has a name and an SQL text, both without NUL");
    }
    if (given.length() > NAME_LENGTH || sql.length() > SQL_LENGTH) {
      throw new ChengmaiException(
          ErrorCode.TOO_LARGE,
          "a name of %d characters and a text of %d: at most %d and %d"
              .formatted(given.length(), sql.length(), NAME_LENGTH, SQL_LENGTH));
    }
    // as PostgreSQL keeps it
    Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS);
    int kept =
        jdbi.withHandle(
            handle ->
                handle
                    .createUpdate(
                        "INSERT INTO chengmai.saved_query (principal, name, sql, saved_at)"
                            + " SELECT :user, :name, :sql, :now WHERE (SELECT count(*) FROM chengmai.saved_query"
                            + " WHERE principal = :user AND name <> :name) < :most"
                            + " ON CONFLICT (principal, name) DO UPDATE SET sql = :sql, saved_at = :now")
                    .bind("user", principal.name())
                    .bind("name", given)
                    .bind("sql", sql)
                    .bind("now", now)
                    .bind("most", MOST)
                    .execute());
    if (kept == 0) {
      throw new ChengmaiException(
          ErrorCode.TOO_LARGE, "%d queries are saved: delete one first".formatted(MOST));
    }
    return new SavedQuery(given, sql, now);
  }

  /**
   * Deletes a query.
   *
   * @throws ChengmaiException NOT_FOUND when the user has none of that name
   */
  public void delete(Principal principal, String name) {
    int deleted =
        jdbi.withHandle(
            handle ->
                handle
                    .createUpdate(
                        "DELETE FROM chengmai.saved_query WHERE principal = :user AND name = :name")
                    .bind("user", principal.name())
                    .bind("name", name.strip())
                    .execute());
    if (deleted == 0) {
      throw new ChengmaiException(
          ErrorCode.NOT_FOUND, "no saved query is named '%s'".formatted(name));
    }
  }
}
