package org.chengmai.engine.querylog;

import java.time.Duration;

/**
 * What the query log keeps.
 *
 * @param enabled whether queries are logged; what was logged before stays until its time is over
 * @param sqlText whether the SQL, error messages and plans are kept, which hold what users typed
 * @param slow how long a query must be planned and run for its plan to be kept
 * @param retain how long entries are kept
 */
public record QueryLogConfig(boolean enabled, boolean sqlText, Duration slow, Duration retain) {
  public static QueryLogConfig defaults() {
    return new QueryLogConfig(true, true, Duration.ofSeconds(2), Duration.ofDays(30));
  }

  public QueryLogConfig {
    if (slow.isNegative() || retain.compareTo(Duration.ofDays(1)) < 0) {
      throw new IllegalArgumentException(
          "slow %s must not be negative, retain %s must be at least P1D".formatted(slow, retain));
    }
  }
}
