package org.chengmai.engine.sql;

import java.nio.file.Path;
import java.sql.SQLException;
import org.chengmai.connectors.Source;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;

/** On a MariaDB of its own, or on the one that {@code chengmai.test.mariadb.*} names. */
final class MariaDbSourceIT extends SourceContract {
  private static final String DATABASE = "sql_source_it";

  private @Nullable MariaDbOfTests mariaDb;

  @Override
  Source open(Path work) throws Exception {
    MariaDbOfTests server = new MariaDbOfTests();
    mariaDb = server;
    server.run(
        "DROP DATABASE IF EXISTS " + DATABASE,
        "CREATE DATABASE " + DATABASE + " CHARACTER SET utf8mb4 COLLATE utf8mb4_bin",
        "USE " + DATABASE,
        "CREATE TABLE sql_readings (ts DATETIME(3) NOT NULL, region VARCHAR(50), v DOUBLE, n INT)",
        "INSERT INTO sql_readings VALUES " + String.join(", ", ROWS));
    return server.source(LIBRARY, DATABASE, 4, work);
  }

  @AfterAll
  void drop() throws SQLException {
    if (mariaDb != null) {
      mariaDb.run("DROP DATABASE IF EXISTS " + DATABASE);
      mariaDb.close();
    }
  }

  @Override
  String floorText() {
    return "TIMESTAMPADD(SECOND, (TIMESTAMPDIFF(SECOND, '1900-01-01', `ts`) + 28800) DIV 86400 * 86400 - 28800, TIMESTAMP('1900-01-01'))";
  }
}
