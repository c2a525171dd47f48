package org.chengmai.connectors.jdbc;

import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.SQLException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A pooled connection lent to one answer. Not thread-safe, but for {@link #abort()}. */
final class Lease {
  private static final Logger LOG = LoggerFactory.getLogger(Lease.class);

  private final HikariDataSource pool;
  private final Connection connection;
  private boolean isOver;

  Lease(HikariDataSource pool) throws SQLException {
    this.pool = pool;
    this.connection = pool.getConnection();
  }

  Connection connection() {
    return connection;
  }

  /** Gives the connection back, whose last answer was read to its end. */
  void giveBack() {
    if (isOver) {
      return;
    }
    try {
      if (!connection.getAutoCommit()) {
        connection.rollback();
      }
      connection.close();
      isOver = true;
    } catch (SQLException e) {
      drop();
    }
  }

  /**
   * Ends a connection that may be gone or still has rows to send, which the driver would read one
   * by one before it could be used again.
   */
  void drop() {
    if (isOver) {
      return;
    }
    isOver = true;
    abort();
    pool.evictConnection(connection);
  }

  /** Closes the connection to the server, whoever reads from it. */
  void abort() {
    try {
      connection.abort(Runnable::run);
    } catch (SQLException | RuntimeException e) {
      LOG.debug("the connection cannot be ended at once: {}", e.getMessage());
    }
  }
}
