package org.chengmai.engine.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import org.chengmai.connectors.Source;
import org.chengmai.connectors.flight.FlightConfig;
import org.chengmai.connectors.jdbc.SpokenSql;
import org.chengmai.engine.flight.DuckDbFlightServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** Tables of a Flight SQL server that speaks DuckDB's SQL. */
final class FlightSourceTest extends SourceContract {
  private DuckDbFlightServer server;

  @Override
  Source open(Path work) throws Exception {
    server =
        new DuckDbFlightServer(
            List.of(
                "CREATE TABLE sql_readings (ts TIMESTAMP NOT NULL, region VARCHAR, v DOUBLE, n INTEGER)",
                "INSERT INTO sql_readings VALUES " + String.join(", ", ROWS),
                "CREATE TABLE sql_other (small UTINYINT, money DECIMAL(9, 2), day DATE, list INTEGER[])",
                "INSERT INTO sql_other VALUES (255, 1234567.89, '2026-01-01', [1])",
                "CREATE SCHEMA elsewhere",
                "CREATE TABLE elsewhere.hidden (a INTEGER)"));
    return new FlightConfig(
            URI.create("grpc://127.0.0.1:" + server.port()), null, null, "main", SpokenSql.DUCKDB)
        .open(LIBRARY, work);
  }

  @AfterAll
  void stopServer() throws Exception {
    server.close();
  }

  @Override
  String floorText() {
    return "date_trunc('day', timezone('Asia/Shanghai'";
  }

  @Test
  void typesComeFromTheServersCatalogue() {
    assertThat(
            engine
                .query(
                    SqlEngine.INTERNAL,
                    "select table_name, column_name, data_type from information_schema.columns where table_schema = 'lib' and table_name <> 'sql_readings'")
                .rows())
        .containsExactlyInAnyOrder(
            List.of("sql_other", "small", "SMALLINT"),
            List.of("sql_other", "money", "DECIMAL"),
            List.of("sql_other", "day", "DATE"));
    assertThat(
            engine
                .query(SqlEngine.INTERNAL, "select small, money, day from lib.sql_other")
                .rows()
                .get(0))
        .hasToString("[255, 1234567.89, 2026-01-01]");
  }
}
