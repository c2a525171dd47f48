package org.chengmai.engine.config;

import java.time.Duration;

/**
 * What one query and one request may use.
 *
 * @param queryRows most rows of one answer
 * @param queryTime longest run of one query
 * @param queries most queries at the same time; further ones wait
 * @param requestBytes largest body of an ingest request
 * @param duckdbMemory DuckDB's memory limit, such as {@code 256MB}
 */
public record LimitsConfig(
    int queryRows, Duration queryTime, int queries, int requestBytes, String duckdbMemory) {
  public static LimitsConfig defaults() {
    return new LimitsConfig(1_000_000, Duration.ofMinutes(2), 4, 16 << 20, "256MB");
  }

  public LimitsConfig {
    if (queryRows < 1 || queries < 1 || requestBytes < 1024) {
      throw new IllegalArgumentException("limits must be positive (request_bytes at least 1024)");
    }
  }
}
