package org.chengmai.engine.sql;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.chengmai.connectors.Source;
import org.chengmai.connectors.jdbc.JdbcConfig;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;

final class MariaDbSourceIT extends SourceContract {
  private static final String URL = System.getProperty("chengmai.test.mariadb.url");
  private static final String USER = System.getProperty("chengmai.test.mariadb.user");
  private static final String PASSWORD = System.getProperty("chengmai.test.mariadb.password");
  private static final String DATABASE = "sql_source_it";

  private static void run(String... statements) throws SQLException {
    try (Connection connection = DriverManager.getConnection(URL, USER, PASSWORD);
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }

  @Override
  Source open(Path work) throws Exception {
    Assumptions.assumeTrue(URL != null, "no MariaDB: chengmai.test.mariadb.url is not set");
    run(
        "DROP DATABASE IF EXISTS " + DATABASE,
        "CREATE DATABASE " + DATABASE + " CHARACTER SET utf8mb4 COLLATE utf8mb4_bin",
        "USE " + DATABASE,
        "CREATE TABLE sql_readings (ts DATETIME(3) NOT NULL, region VARCHAR(50), v DOUBLE, n INT)",
        "INSERT INTO sql_readings VALUES " + String.join(", ", ROWS));
    return new JdbcConfig(URL, USER, PASSWORD, DATABASE, 4, 1000, Duration.ofSeconds(10))
        .open(LIBRARY, work);
  }

  @AfterAll
  void drop() throws SQLException {
    if (URL != null) {
      run("DROP DATABASE IF EXISTS " + DATABASE);
    }
  }

  @Override
  String floorText() {
    return "TIMESTAMPADD(SECOND, (TIMESTAMPDIFF(SECOND, '1900-01-01', `ts`) + 28800) DIV 86400 * 86400 - 28800, TIMESTAMP('1900-01-01'))";
  }
}
