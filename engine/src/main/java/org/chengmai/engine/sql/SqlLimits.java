package org.chengmai.engine.sql;

import java.time.Duration;

/**
 * What one query, one user, and all together may take.
 *
 * @param rows the most rows held in memory for one result; a stream has no such limit
 * @param time the longest run of one query
 * @param queries the most queries that run at a time
 * @param queriesPerUser the most of them that are one user's
 * @param queue how long a query waits for its turn
 * @param memory what all residuals together may use before they spill to disk, such as {@code 1GB}
 * @param spill what they may use of the disk, such as {@code 10GB}
 * @param sourceRows the most rows that one query takes from its sources
 * @param sourceBytes the most bytes of these rows, as Arrow vectors
 * @param userSourceRows the most rows that the running queries of one user take together
 * @param userSourceBytes the most bytes of these
 */
public record SqlLimits(
    int rows,
    Duration time,
    int queries,
    int queriesPerUser,
    Duration queue,
    String memory,
    String spill,
    long sourceRows,
    long sourceBytes,
    long userSourceRows,
    long userSourceBytes) {

  /** With the default limits for users, disk and sources. */
  public SqlLimits(int rows, Duration time, int queries, String memory, Duration queue) {
    this(
        rows,
        time,
        queries,
        queries,
        queue,
        memory,
        "10GB",
        200_000_000,
        20L << 30,
        400_000_000,
        40L << 30);
  }

  /** A million rows, a minute, eight at a time in a gigabyte, a minute in the queue. */
  public static SqlLimits defaults() {
    return new SqlLimits(1_000_000, Duration.ofMinutes(1), 8, "1GB", Duration.ofMinutes(1));
  }
}
