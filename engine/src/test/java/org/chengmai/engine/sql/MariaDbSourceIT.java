package org.chengmai.engine.sql;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import org.chengmai.connectors.Source;
import org.chengmai.connectors.jdbc.JdbcConfig;
import org.chengmai.connectors.process.MariaDbServer;
import org.chengmai.connectors.process.Ports;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;

/** On a MariaDB of its own, or on the one that {@code chengmai.test.mariadb.*} names. */
final class MariaDbSourceIT extends SourceContract {
  private static final String DATABASE = "sql_source_it";

  private @Nullable MariaDbServer server;
  private String url = "";
  private String user = "";
  private String password = "";

  private void start() throws IOException {
    String given = System.getProperty("chengmai.test.mariadb.url");
    if (given != null) {
      url = given;
      user = System.getProperty("chengmai.test.mariadb.user", "");
      password = System.getProperty("chengmai.test.mariadb.password", "");
      return;
    }
    Assumptions.assumeTrue(
        MariaDbServer.isAvailable(), "MariaDB's binaries are not on the class path");
    Path folder = Files.createTempDirectory("chengmai-mariadb");
    MariaDbServer started =
        new MariaDbServer(folder, new Ports(folder.resolve("ports.properties"), Map.of()));
    server = started;
    started.start(event -> {});
    url = started.url("");
    user = started.user();
    password = started.password();
  }

  private void run(String... statements) throws SQLException {
    try (Connection connection = DriverManager.getConnection(url, user, password);
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }

  @Override
  Source open(Path work) throws Exception {
    start();
    run(
        "DROP DATABASE IF EXISTS " + DATABASE,
        "CREATE DATABASE " + DATABASE + " CHARACTER SET utf8mb4 COLLATE utf8mb4_bin",
        "USE " + DATABASE,
        "CREATE TABLE sql_readings (ts DATETIME(3) NOT NULL, region VARCHAR(50), v DOUBLE, n INT)",
        "INSERT INTO sql_readings VALUES " + String.join(", ", ROWS));
    return new JdbcConfig(url, user, password, DATABASE, 4, 1000, Duration.ofSeconds(10))
        .open(LIBRARY, work);
  }

  @AfterAll
  void drop() throws SQLException {
    if (!url.isEmpty()) {
      run("DROP DATABASE IF EXISTS " + DATABASE);
    }
    if (server != null) {
      server.stop();
    }
  }

  @Override
  String floorText() {
    return "TIMESTAMPADD(SECOND, (TIMESTAMPDIFF(SECOND, '1900-01-01', `ts`) + 28800) DIV 86400 * 86400 - 28800, TIMESTAMP('1900-01-01'))";
  }
}
