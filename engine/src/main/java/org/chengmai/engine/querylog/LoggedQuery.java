package org.chengmai.engine.querylog;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.chengmai.engine.sql.EndedQuery.Outcome;
import org.chengmai.engine.sql.Via;
import org.chengmai.indicators.ErrorCode;
import org.jspecify.annotations.Nullable;

/**
 * An entry of the query log. Immutable.
 *
 * @param seq counts entries in the order in which queries ended
 * @param sql null when the log keeps no texts
 * @param planHash names what the query does, whatever its literals; null when it was not planned
 * @param rows how many its caller read
 * @param runMillis in which rows were waited for
 * @param firstRowMillis the part of it until the first row came, or the end; null when neither did
 * @param clientMillis in which the caller was busy with rows or with a client; null in entries from
 *     before these times were kept apart, whose {@code runMillis} has both
 * @param isSlow whether it took so long that its plan was kept
 * @param plan of a slow query, with what each step did; null in lists
 */
public record LoggedQuery(
    long seq,
    UUID id,
    String user,
    Via via,
    Instant started,
    Instant ended,
    @Nullable String sql,
    @Nullable String planHash,
    List<String> sources,
    long sourceRows,
    long sourceBytes,
    long rows,
    long queueMillis,
    long planMillis,
    long runMillis,
    @Nullable Long firstRowMillis,
    @Nullable Long clientMillis,
    Outcome outcome,
    @Nullable ErrorCode code,
    @Nullable String message,
    boolean isSlow,
    @Nullable String plan) {
  public LoggedQuery {
    sources = List.copyOf(sources);
  }

  /**
   * What to look for; null and false mean any.
   *
   * @param text in the SQL, in any case of letters
   * @param isSlow only slow ones
   * @param from when they arrived at the earliest
   * @param to when they arrived at the latest, exclusive
   * @param before only entries with a smaller {@code seq}: how the next page is asked for
   * @param limit the most entries
   */
  public record Search(
      @Nullable String user,
      @Nullable String text,
      @Nullable Outcome outcome,
      boolean isSlow,
      @Nullable Instant from,
      @Nullable Instant to,
      @Nullable Long before,
      int limit) {
    /** The newest entries. */
    public static Search newest(int limit) {
      return new Search(null, null, null, false, null, null, null, limit);
    }

    Search ofUser(String name) {
      return new Search(name, text, outcome, isSlow, from, to, before, limit);
    }
  }
}
