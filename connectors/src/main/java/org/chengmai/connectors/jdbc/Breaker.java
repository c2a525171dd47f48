package org.chengmai.connectors.jdbc;

import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.Locale;
import java.util.function.LongSupplier;

/**
 * A circuit breaker: a source that could not be reached several times in a row is left alone for a
 * while, so that queries fail at once instead of waiting for it. Then one caller tries. Safe for
 * use by several threads.
 */
final class Breaker {
  static final int FAILURES = 3;
  static final Duration PAUSE = Duration.ofSeconds(10);

  private final String library;
  private final LongSupplier nanos;
  private int failures;
  private long failedAt;
  private boolean isTrying;
  private String cause = "";

  Breaker(String library, LongSupplier nanos) {
    this.library = library;
    this.nanos = nanos;
  }

  /**
   * Before an attempt, after which one of the other methods must be called.
   *
   * @throws SQLTransientConnectionException with the cause and the time of the next attempt
   */
  synchronized void enter() throws SQLException {
    if (failures < FAILURES) {
      return;
    }
    long left = failedAt + PAUSE.toNanos() - nanos.getAsLong();
    if (isTrying || left > 0) {
      throw new SQLTransientConnectionException(
          "%s could not be reached %d times in a row (%s); it is tried again %s"
              .formatted(
                  library,
                  failures,
                  cause,
                  isTrying
                      ? "just now"
                      : String.format(Locale.ROOT, "in %.0f s", Math.ceil(left / 1e9))));
    }
    isTrying = true;
  }

  /** The source was reached. */
  synchronized void succeeded() {
    failures = 0;
    isTrying = false;
  }

  /** The attempt ended, and it says nothing of the source. */
  synchronized void unknown() {
    isTrying = false;
  }

  /** The source could not be reached. */
  synchronized void failed(String reason) {
    failures++;
    failedAt = nanos.getAsLong();
    isTrying = false;
    cause = reason;
  }
}
