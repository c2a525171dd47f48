package org.chengmai.connectors.jdbc;

import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A pooled connection lent to one answer, from {@link #open} to {@link #end}. One thread uses it;
 * {@link #cancel()} and {@link #abort()} may come from any.
 */
final class Lease {
  private static final Logger LOG = LoggerFactory.getLogger(Lease.class);

  /** Asks the server to stop what runs on the connection. */
  interface Canceller {
    void cancel() throws SQLException;
  }

  private final HikariDataSource pool;
  private volatile @Nullable Connection lent;
  private volatile boolean isCancelled;
  private @Nullable Canceller running;

  Lease(HikariDataSource pool) {
    this.pool = pool;
  }

  Connection open() throws SQLException {
    Connection connection = pool.getConnection();
    lent = connection;
    return connection;
  }

  /** From here on {@link #cancel()} reaches the server; throws when it was called before. */
  synchronized void begin(Canceller canceller) throws SQLException {
    running = canceller;
    if (isCancelled) {
      throw new SQLException("cancelled before it began");
    }
  }

  /** Asks the server to stop; never after {@link #end} gave the connection to someone else. */
  synchronized void cancel() {
    isCancelled = true;
    if (running != null) {
      try {
        running.cancel();
      } catch (SQLException e) {
        // it is over or its connection is gone: nothing is left to cancel
      }
    }
  }

  /** Closes the connection to the server, whoever reads from it. */
  void abort() {
    Connection connection = lent;
    if (connection != null) {
      abort(connection);
    }
  }

  private static void abort(Connection connection) {
    try {
      connection.abort(Runnable::run);
    } catch (SQLException | RuntimeException e) {
      LOG.debug("the connection cannot be ended at once: {}", e.getMessage());
    }
  }

  /**
   * Gives back a connection whose answer was read to its end. Any other is ended: it may be gone,
   * or still has rows to send, which the driver would read one by one before it could be used
   * again.
   */
  synchronized void end(boolean isRead) {
    Connection connection = lent;
    lent = null;
    running = null;
    if (connection != null && !(isRead && !isCancelled && isGivenBack(connection))) {
      abort(connection);
      pool.evictConnection(connection);
    }
  }

  private static boolean isGivenBack(Connection connection) {
    try {
      if (!connection.getAutoCommit()) {
        connection.rollback();
      }
      connection.close();
      return true;
    } catch (SQLException e) {
      return false;
    }
  }
}
