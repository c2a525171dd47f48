package org.chengmai.connectors;

import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.Locale;
import java.util.function.LongSupplier;
import java.util.function.Predicate;

/**
 * A circuit breaker: a source that could not be reached several times in a row is left alone for a
 * while, so that queries fail at once instead of waiting for it. Then one caller tries. Safe for
 * use by several threads.
 */
public final class Breaker {
  public static final int FAILURES = 3;
  public static final Duration PAUSE = Duration.ofSeconds(10);

  private final String library;
  private final LongSupplier nanos;
  private int failures;
  private long failedAt;
  private boolean isTrying;
  private String cause = "";

  /** Something that reaches the source, or fails. */
  public interface Attempt<T> {
    T run() throws SQLException;
  }

  /**
   * @param nanos the time, as of {@link System#nanoTime}
   */
  public Breaker(String library, LongSupplier nanos) {
    this.library = library;
    this.nanos = nanos;
  }

  /**
   * Makes an attempt, unless the source is left alone.
   *
   * @param isUnreached whether an error says that the source could not be reached; any other says
   *     nothing of it
   * @throws SQLTransientConnectionException with the cause and the time of the next attempt
   */
  public <T> T attempt(Attempt<T> attempt, Predicate<SQLException> isUnreached)
      throws SQLException {
    enter();
    try {
      T reached = attempt.run();
      succeeded();
      return reached;
    } catch (SQLException e) {
      if (isUnreached.test(e)) {
        failed(String.valueOf((e.getCause() == null ? e : e.getCause()).getMessage()));
      } else {
        unknown();
      }
      throw e;
    } catch (RuntimeException e) {
      unknown();
      throw e;
    }
  }

  private synchronized void enter() throws SQLException {
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

  private synchronized void succeeded() {
    failures = 0;
    isTrying = false;
  }

  private synchronized void unknown() {
    isTrying = false;
  }

  private synchronized void failed(String reason) {
    failures++;
    failedAt = nanos.getAsLong();
    isTrying = false;
    cause = reason;
  }
}
