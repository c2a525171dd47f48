package org.chengmai.engine.config;

import java.time.Duration;
import org.chengmai.engine.sql.SqlLimits;

/**
 * What one query, one user and one request may use.
 *
 * @param queryRows most rows of one answer
 * @param queryTime longest run of one query
 * @param queries most queries at the same time; further ones wait
 * @param queriesPerUser most queries of one user at the same time
 * @param queueTime how long a query waits for its turn
 * @param sourceRows most rows that one query takes from its sources
 * @param sourceBytes most bytes of these rows
 * @param userSourceRows most rows that the running queries of one user take together
 * @param userSourceBytes most bytes of these
 * @param requestBytes largest body of an ingest request
 * @param duckdbMemory DuckDB's memory limit, such as {@code 256MB}
 * @param duckdbSpill what DuckDB may use of the disk for the joins of all queries
 */
public record LimitsConfig(
    int queryRows,
    Duration queryTime,
    int queries,
    int queriesPerUser,
    Duration queueTime,
    long sourceRows,
    long sourceBytes,
    long userSourceRows,
    long userSourceBytes,
    int requestBytes,
    String duckdbMemory,
    String duckdbSpill) {
  public static LimitsConfig defaults() {
    return new LimitsConfig(
        1_000_000,
        Duration.ofMinutes(2),
        4,
        3,
        Duration.ofMinutes(1),
        200_000_000,
        20L << 30,
        400_000_000,
        40L << 30,
        16 << 20,
        "256MB",
        "10GB");
  }

  public LimitsConfig {
    if (queryRows < 1
        || queries < 1
        || queriesPerUser < 1
        || sourceRows < 1
        || sourceBytes < 1
        || userSourceRows < 1
        || userSourceBytes < 1
        || requestBytes < 1024) {
      throw new IllegalArgumentException("limits must be positive (request_bytes at least 1024)");
    }
  }

  /** The part that the SQL engine keeps. */
  public SqlLimits sql() {
    return new SqlLimits(
        queryRows,
        queryTime,
        queries,
        queriesPerUser,
        queueTime,
        duckdbMemory,
        duckdbSpill,
        sourceRows,
        sourceBytes,
        userSourceRows,
        userSourceBytes);
  }
}
