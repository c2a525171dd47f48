package org.chengmai.connectors.jdbc;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.SQLException;
import org.chengmai.connectors.Breaker;

/** A source's connections behind its circuit breaker. Safe for use by several threads. */
final class Pool extends HikariDataSource {
  private final Breaker breaker;

  Pool(String library, HikariConfig config) {
    super(config);
    this.breaker = new Breaker(library, System::nanoTime);
  }

  @Override
  public Connection getConnection() throws SQLException {
    return breaker.attempt(super::getConnection, this::isUnreached);
  }

  private boolean isUnreached(SQLException error) {
    boolean areAllLent = getHikariPoolMXBean().getTotalConnections() > 0;
    return error.getCause() != null || !areAllLent;
  }
}
