package org.chengmai.connectors.jdbc;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.SQLException;

/** A source's connections behind its circuit breaker. Safe for use by several threads. */
final class Pool extends HikariDataSource {
  private final Breaker breaker;

  Pool(String library, HikariConfig config) {
    super(config);
    this.breaker = new Breaker(library, System::nanoTime);
  }

  @Override
  public Connection getConnection() throws SQLException {
    breaker.enter();
    try {
      Connection connection = super.getConnection();
      breaker.succeeded();
      return connection;
    } catch (SQLException e) {
      boolean areAllLent = e.getCause() == null && getHikariPoolMXBean().getTotalConnections() > 0;
      if (areAllLent) {
        breaker.unknown();
      } else {
        breaker.failed(String.valueOf((e.getCause() == null ? e : e.getCause()).getMessage()));
      }
      throw e;
    } catch (RuntimeException e) {
      breaker.unknown();
      throw e;
    }
  }
}
