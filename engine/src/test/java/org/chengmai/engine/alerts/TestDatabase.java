package org.chengmai.engine.alerts;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.UUID;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.Assumptions;

/**
 * A migrated database of its own on the PostgreSQL server that the test run names; dropped at the
 * end.
 */
public final class TestDatabase implements AutoCloseable {
  private final String server = System.getProperty("chengmai.test.pg.url", "");
  private final String user = System.getProperty("chengmai.test.pg.user", "postgres");
  private final String password = System.getProperty("chengmai.test.pg.password", "");
  private final String name =
      "alerts_" + UUID.randomUUID().toString().replace("-", "").substring(0, 12);
  private final HikariDataSource pool;

  public TestDatabase() {
    Assumptions.assumeFalse(
        server.isEmpty(),
        "no PostgreSQL to test with: set -Dchengmai.test.pg.url, .user and .password");
    onServer("CREATE DATABASE " + name);
    pool = pool(8);
    Flyway.configure()
        .dataSource(pool)
        .schemas("chengmai")
        .locations("classpath:db/migration")
        .load()
        .migrate();
  }

  public HikariDataSource dataSource() {
    return pool;
  }

  /** One more pool on the same database, as another engine would have; the caller closes it. */
  public HikariDataSource pool(int size) {
    HikariConfig config = new HikariConfig();
    config.setJdbcUrl(server.substring(0, server.lastIndexOf('/') + 1) + name);
    config.setUsername(user);
    config.setPassword(password);
    config.setMaximumPoolSize(size);
    config.setMinimumIdle(1);
    return new HikariDataSource(config);
  }

  /** Runs one statement on the server's own database. */
  public void onServer(String sql) {
    try (Connection connection = DriverManager.getConnection(server, user, password);
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new IllegalStateException(sql, e);
    }
  }

  public String name() {
    return name;
  }

  @Override
  public void close() {
    pool.close();
    onServer("DROP DATABASE IF EXISTS " + name + " WITH (FORCE)");
  }
}
