package org.chengmai.engine;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.time.Duration;
import org.chengmai.engine.alerts.Durability;
import org.flywaydb.core.Flyway;
import org.jspecify.annotations.Nullable;

/**
 * Opens the engine's own PostgreSQL: refuses one that may lose commits, then brings its tables up
 * to date.
 */
public final class Database {
  private Database() {}

  public static HikariDataSource open(
      String url, @Nullable String user, @Nullable String password) {
    HikariConfig config = new HikariConfig();
    config.setPoolName("chengmai");
    config.setJdbcUrl(url);
    config.setUsername(user);
    config.setPassword(password);
    config.setMaximumPoolSize(12);
    config.setMinimumIdle(2);
    config.setConnectionTimeout(Duration.ofSeconds(20).toMillis());
    config.addDataSourceProperty("reWriteBatchedInserts", "true");
    config.addDataSourceProperty("ApplicationName", "chengmai");
    HikariDataSource database = new HikariDataSource(config);
    try {
      Durability.check(database);
      Flyway.configure()
          .dataSource(database)
          .schemas("chengmai")
          .defaultSchema("chengmai")
          .load()
          .migrate();
      return database;
    } catch (RuntimeException e) {
      database.close();
      throw e;
    }
  }
}
