package org.chengmai.engine.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import org.chengmai.connectors.Source;
import org.chengmai.connectors.jdbc.JdbcConfig;
import org.chengmai.engine.RealServers;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(RealServers.class)
final class PostgresSourceIT extends SourceContract {
  private static final String URL = System.getProperty("chengmai.test.pg.url");
  private static final String SCHEMA = "sql_source_it";

  private static Connection connect() throws SQLException {
    return DriverManager.getConnection(
        URL,
        System.getProperty("chengmai.test.pg.user"),
        System.getProperty("chengmai.test.pg.password"));
  }

  @Override
  Source open(Path work) throws Exception {
    Assumptions.assumeTrue(URL != null, "no PostgreSQL: chengmai.test.pg.url is not set");
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      statement.execute("SET TIME ZONE 'UTC'");
      statement.execute("DROP SCHEMA IF EXISTS " + SCHEMA + " CASCADE");
      statement.execute("CREATE SCHEMA " + SCHEMA);
      statement.execute("SET search_path TO " + SCHEMA);
      statement.execute(
          "CREATE TABLE sql_readings (ts timestamptz NOT NULL, region text, v double precision, n integer)");
      statement.execute("INSERT INTO sql_readings VALUES " + String.join(", ", ROWS));
      statement.execute("CREATE INDEX readings_by_time ON sql_readings (ts)");
      statement.execute("CREATE SEQUENCE reading_numbers");
      statement.execute(
          "CREATE TABLE budget AS SELECT 90000000000000000000.25::numeric(38, 2) AS amount FROM generate_series(1, 3)");
      statement.execute(
          "CREATE TABLE naive AS SELECT ts AT TIME ZONE 'UTC' AS ts, n, v::numeric(10, 2) AS d, md5(region)::uuid AS u FROM sql_readings");
    }
    return new JdbcConfig(
            URL,
            System.getProperty("chengmai.test.pg.user"),
            System.getProperty("chengmai.test.pg.password"),
            SCHEMA,
            4,
            1000,
            Duration.ofSeconds(10))
        .open(LIBRARY, work);
  }

  @AfterAll
  void drop() throws SQLException {
    if (URL != null) {
      try (Connection connection = connect();
          Statement statement = connection.createStatement()) {
        statement.execute("DROP SCHEMA IF EXISTS " + SCHEMA + " CASCADE");
      }
    }
  }

  @Override
  String floorText() {
    return "date_trunc('day', CAST(\"ts\" AS TIMESTAMPTZ) AT TIME ZONE 'Asia/Shanghai')";
  }

  @Test
  void indexesAndSequencesAreNoTables() {
    assertThat(engine.catalog().toString())
        .contains("sql_readings")
        .doesNotContain("readings_by_time")
        .doesNotContain("reading_numbers");
  }

  @Test
  void decimalsOfManyDigitsAreSummedAndAveragedByTheSource() {
    assertThat(
            engine
                .query(
                    SqlEngine.INTERNAL,
                    "SELECT SUM(amount), AVG(amount) FROM %s.budget".formatted(LIBRARY))
                .rows())
        .containsExactly(
            List.of(
                new BigDecimal("270000000000000000000.75"),
                new BigDecimal("90000000000000000000.250000")));
  }

  @Test
  void joinsOfItsOwnTablesReachTheSource() {
    String sql =
        "select r.region, n.d from lib.sql_readings r join lib.naive n on r.n = n.n where r.ts = n.ts and n.d > 15 order by n.d";
    assertThat(engine.query(SqlEngine.INTERNAL, sql).rows()).hasSize(2);
    assertThat(engine.fragments(SqlEngine.INTERNAL, sql))
        .as(engine.explain(SqlEngine.INTERNAL, sql))
        .hasSize(1);
    assertThat(sent(sql)).contains("INNER JOIN");
  }

  @Test
  void aNaiveTimestampIsTakenForUtc() {
    assertThat(
            engine
                .query(
                    SqlEngine.INTERNAL,
                    "select count(*) from lib.naive n join lib.sql_readings r on n.ts = r.ts")
                .rows())
        .containsExactly(List.of(5L));
    assertThat(
            engine
                .query(
                    SqlEngine.INTERNAL,
                    "select time_floor(ts, 'PT1H', 'Asia/Shanghai') from lib.naive where n = 2")
                .rows())
        .containsExactly(List.of(java.time.Instant.parse("2026-01-01T00:00:00Z")));
  }
}
