package org.chengmai.engine.sql;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a query once it is over. Immutable.
 *
 * @param started when it arrived, by the engine's clock
 * @param planHash names what it does, whatever its literals; null when it was not planned
 * @param plan the steps with what each did, null unless the query was slow and planned
 * @param sources the libraries that its plan asks, in order of the alphabet
 * @param moved what came from them
 * @param rows how many its caller read
 * @param isSlow whether planning and running took as long as {@link QueryAudit#slow}
 * @param error why it ended before its last row, null when it did not
 */
public record EndedQuery(
    UUID id,
    String user,
    Via via,
    Instant started,
    Instant ended,
    String sql,
    @Nullable String planHash,
    @Nullable String plan,
    List<String> sources,
    QueryReport moved,
    long rows,
    Times times,
    boolean isSlow,
    Outcome outcome,
    @Nullable Failure error) {

  public EndedQuery {
    sources = List.copyOf(sources);
  }

  /**
   * A query that was planned and no more, or not even planned because it was wrong or not allowed.
   *
   * @param sql as the log shows it
   * @param millis that this took
   */
  static EndedQuery unrun(
      QueryRequest request,
      String sql,
      Instant started,
      Instant ended,
      long millis,
      boolean isSlow,
      @Nullable Plan plan,
      @Nullable ChengmaiException why) {
    return new EndedQuery(
        request.id(),
        request.principal().name(),
        request.via(),
        started,
        ended,
        sql,
        plan == null ? null : PlanHash.of(plan),
        plan == null || !isSlow ? null : plan.explain(),
        plan == null ? List.of() : plan.libraries(),
        QueryReport.NOTHING,
        0,
        new Times(0, millis, 0, null, 0),
        isSlow,
        why == null
            ? Outcome.DONE
            : why.code() == ErrorCode.FORBIDDEN ? Outcome.REFUSED : Outcome.FAILED,
        why == null ? null : Failure.of(why));
  }

  /**
   * Where the time went, in milliseconds.
   *
   * @param run in which the caller waited for rows
   * @param firstRow the part of it until the first row came, or the end; null when neither did
   * @param client in which the caller did something else with its rows, such as sending them to a
   *     client who reads slowly
   */
  public record Times(long queue, long plan, long run, @Nullable Long firstRow, long client) {}

  /** What went wrong. */
  public record Failure(ErrorCode code, String message) {
    static Failure of(ChengmaiException why) {
      return new Failure(why.code(), String.valueOf(why.getMessage()));
    }
  }

  /** How a query ended. */
  public enum Outcome {
    /** All rows were read. */
    DONE,
    FAILED,
    /** By its user, an administrator, or a caller who left before the last row. */
    CANCELLED,
    /** It ran longer than it may. */
    EXPIRED,
    /** It did not run: no right to, or no turn in time. */
    REFUSED
  }
}
