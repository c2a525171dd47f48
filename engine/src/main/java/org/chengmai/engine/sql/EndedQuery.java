package org.chengmai.engine.sql;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
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
   * Where the time went, in milliseconds.
   *
   * @param run from the plan to the end; waiting for a caller who reads slowly is part of it
   */
  public record Times(long queue, long plan, long run) {}

  /** What went wrong. */
  public record Failure(ErrorCode code, String message) {}

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
