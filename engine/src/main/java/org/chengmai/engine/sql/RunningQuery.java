package org.chengmai.engine.sql;

import java.time.Instant;
import java.util.List;

/**
 * A query at one moment between its arrival and its last row. Immutable.
 *
 * @param position how many turns it is away from running; 0 when it has its place
 * @param since when it arrived
 * @param rows that came from sources so far
 * @param bytes of these rows as Arrow vectors
 * @param steps of its plan; empty while there is none
 */
public record RunningQuery(
    String id,
    String user,
    Via via,
    String sql,
    State state,
    int position,
    Instant since,
    long rows,
    long bytes,
    List<Step> steps) {

  /** Where a query is. */
  public enum State {
    QUEUED,
    PLANNING,
    RUNNING
  }

  /**
   * A step of its plan.
   *
   * @param source the library that is asked, or DuckDB
   * @param estimatedRows as planned, without the keys of a bind join
   * @param rows that came so far
   * @param bytes that came so far
   */
  public record Step(
      String name,
      String source,
      long estimatedRows,
      long rows,
      long bytes,
      long millis,
      boolean isDone) {}
}
