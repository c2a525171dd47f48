package org.chengmai.engine.sql;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Map;
import java.util.stream.Stream;
import org.chengmai.connectors.process.MariaDbServer;
import org.chengmai.connectors.process.Ports;
import org.chengmai.engine.RealServers;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Random queries over PostgreSQL, MariaDB and files, and on one PostgreSQL that has all tables. */
@ExtendWith(RealServers.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class DifferentialIT {
  private static final String POSTGRES = System.getProperty("chengmai.test.pg.url");

  private @Nullable MariaDbServer server;
  private String mariaDb = System.getProperty("chengmai.test.mariadb.url", "");
  private String user = System.getProperty("chengmai.test.mariadb.user", "");
  private String password = System.getProperty("chengmai.test.mariadb.password", "");
  private @Nullable DifferentialLibraries libraries;

  @BeforeAll
  void open(@TempDir Path folder) throws Exception {
    Assumptions.assumeTrue(POSTGRES != null, "no PostgreSQL: chengmai.test.pg.url is not set");
    if (mariaDb.isEmpty()) {
      Assumptions.assumeTrue(
          MariaDbServer.isAvailable(), "MariaDB's binaries are not on the class path");
      Path data = Files.createTempDirectory("chengmai-mariadb");
      MariaDbServer started =
          new MariaDbServer(data, new Ports(data.resolve("ports.properties"), Map.of()));
      server = started;
      started.start(event -> {});
      mariaDb = started.url("");
      user = started.user();
      password = started.password();
    }
    libraries =
        DifferentialLibraries.onServers(
            folder,
            POSTGRES,
            System.getProperty("chengmai.test.pg.user"),
            System.getProperty("chengmai.test.pg.password"),
            mariaDb,
            user,
            password);
  }

  @AfterAll
  void close() throws SQLException {
    if (libraries != null) {
      libraries.close();
      Connection postgres =
          DriverManager.getConnection(
              POSTGRES,
              System.getProperty("chengmai.test.pg.user"),
              System.getProperty("chengmai.test.pg.password"));
      DifferentialLibraries.drop(postgres, DriverManager.getConnection(mariaDb, user, password));
    }
    if (server != null) {
      server.stop();
    }
  }

  @TestFactory
  Stream<DynamicTest> everyEngineGivesTheSameAnswer() {
    return DifferentialTests.queries(libraries.differential(), 2_000, 50);
  }

  @TestFactory
  Stream<DynamicTest> aPredicateIsTrueFalseOrUnknown() {
    return DifferentialTests.partitions(libraries.differential(), 60);
  }
}
