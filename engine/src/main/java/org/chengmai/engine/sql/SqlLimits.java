package org.chengmai.engine.sql;

import java.time.Duration;

/**
 * What one query, and all together, may take.
 *
 * @param rows the most rows held in memory for one result; a stream has no such limit
 * @param time the longest run of one query
 * @param queries the most queries that run at a time
 * @param queue how long a query waits for its turn
 */
public record SqlLimits(int rows, Duration time, int queries, Duration queue) {

  /** A million rows, a minute, eight at a time, ten seconds in the queue. */
  public static SqlLimits defaults() {
    return new SqlLimits(1_000_000, Duration.ofSeconds(60), 8, Duration.ofSeconds(10));
  }
}
