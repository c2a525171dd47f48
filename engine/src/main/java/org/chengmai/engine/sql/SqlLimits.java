package org.chengmai.engine.sql;

import java.time.Duration;

/**
 * What one query, and all together, may take.
 *
 * @param rows the most rows held in memory for one result; a stream has no such limit
 * @param time the longest run of one query
 * @param queries the most queries that run at a time
 * @param memory what all residuals together may use before they spill to disk, such as {@code 1GB}
 * @param queue how long a query waits for its turn
 */
public record SqlLimits(int rows, Duration time, int queries, String memory, Duration queue) {

  /** A million rows, a minute, eight at a time in a gigabyte, ten seconds in the queue. */
  public static SqlLimits defaults() {
    return new SqlLimits(1_000_000, Duration.ofSeconds(60), 8, "1GB", Duration.ofSeconds(10));
  }
}
