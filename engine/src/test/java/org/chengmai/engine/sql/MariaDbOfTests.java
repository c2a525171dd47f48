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
import org.junit.jupiter.api.Assumptions;

/** A MariaDB of a test's own, or the one that {@code chengmai.test.mariadb.*} names. */
final class MariaDbOfTests implements AutoCloseable {
  private final @Nullable MariaDbServer server;
  private final String url;
  private final String user;
  private final String password;

  MariaDbOfTests() throws IOException {
    String given = System.getProperty("chengmai.test.mariadb.url");
    if (given != null) {
      server = null;
      url = given;
      user = System.getProperty("chengmai.test.mariadb.user", "");
      password = System.getProperty("chengmai.test.mariadb.password", "");
      return;
    }
    Assumptions.assumeTrue(
        MariaDbServer.isAvailable(), "MariaDB's binaries are not on the class path");
    Path folder = Files.createTempDirectory("chengmai-mariadb");
    server = new MariaDbServer(folder, new Ports(folder.resolve("ports.properties"), Map.of()));
    server.start(event -> {});
    url = server.url("");
    user = server.user();
    password = server.password();
  }

  Connection connect() throws SQLException {
    return DriverManager.getConnection(url, user, password);
  }

  void run(String... statements) throws SQLException {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }

  /** A database as a source of at most {@code connections} connections. */
  Source source(String library, String database, int connections, Path work) {
    return config(database, connections).open(library, work);
  }

  JdbcConfig config(@Nullable String database, int connections) {
    return new JdbcConfig(url, user, password, database, connections, 1000, Duration.ofSeconds(10));
  }

  @Override
  public void close() {
    if (server != null) {
      server.stop();
    }
  }
}
