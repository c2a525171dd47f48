package org.chengmai.engine.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import org.chengmai.connectors.Source;
import org.chengmai.connectors.TableStatistics;
import org.chengmai.connectors.jdbc.JdbcConfig;
import org.chengmai.engine.RealServers;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(RealServers.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class PostgresStatisticsIT {
  private static final String URL = System.getProperty("chengmai.test.pg.url");
  private static final String USER = System.getProperty("chengmai.test.pg.user");
  private static final String PASSWORD = System.getProperty("chengmai.test.pg.password");
  private static final String SCHEMA = "sql_statistics_it";

  private Source source;

  private static void run(String... statements) throws SQLException {
    try (Connection connection = DriverManager.getConnection(URL, USER, PASSWORD);
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }

  @BeforeAll
  void fill(@TempDir Path work) throws SQLException {
    Assumptions.assumeTrue(URL != null, "no PostgreSQL: chengmai.test.pg.url is not set");
    run(
        "DROP SCHEMA IF EXISTS " + SCHEMA + " CASCADE",
        "CREATE SCHEMA " + SCHEMA,
        "SET search_path TO " + SCHEMA,
        "SET TIME ZONE 'UTC'",
        "CREATE TABLE readings AS SELECT i AS id, i % 10 AS few, CASE WHEN i % 2 = 0 THEN (i * 1.5)::numeric(15, 2) END AS half, 'n' || i AS name,"
            + " DATE '2026-01-01' + i / 100 AS day, TIMESTAMPTZ '2026-01-01 00:00:00Z' + i * INTERVAL '1 second' AS at,"
            + " CASE WHEN i % 5 = 0 THEN 'infinity'::timestamp ELSE TIMESTAMP '2026-01-01' END AS odd FROM generate_series(1, 10000) AS g(i)",
        "ANALYZE readings",
        "CREATE TABLE unknown (x integer)");
    source =
        new JdbcConfig(URL, USER, PASSWORD, SCHEMA, 2, 1000, Duration.ofSeconds(10))
            .open("lib", work);
  }

  @AfterAll
  void drop() throws SQLException {
    if (source != null) {
      source.close();
      run("DROP SCHEMA IF EXISTS " + SCHEMA + " CASCADE");
    }
  }

  private TableStatistics.Column column(String name) {
    return source.statistics("readings").orElseThrow().columns().get(name);
  }

  @Test
  void anAnalysedTableTellsItsRowsAndDifferentValues() {
    assertThat(source.statistics("readings").orElseThrow().rows()).isEqualTo(10_000);
    assertThat(column("id").distinct()).isEqualTo(10_000);
    assertThat(column("few").distinct()).isEqualTo(10);
    assertThat(column("half").nullFraction()).isCloseTo(0.5, within(0.01));
    assertThat(column("name").width()).isBetween(4.0, 6.0);
  }

  @Test
  void boundsCutAColumnIntoEqualParts() {
    assertThat(column("id").bounds()).isSorted().startsWith(1).endsWith(10_000);
    assertThat(column("id").bounds()[50]).isCloseTo(5000, within(200.0));
    assertThat(column("few").bounds()).isSorted().startsWith(0).endsWith(9);
    assertThat(column("few").bounds()[50]).isBetween(4.0, 5.0);
    assertThat(column("half").bounds()).startsWith(3).endsWith(15_000);
    assertThat(column("name").bounds()).isEmpty();
  }

  @Test
  void timesAreInMilliseconds() {
    double start = Instant.parse("2026-01-01T00:00:00Z").toEpochMilli();
    assertThat(column("day").bounds()).startsWith(start);
    assertThat(column("at").bounds()).startsWith(start + 1000).endsWith(start + 10_000_000);
  }

  @Test
  void whatWasNeverAnalysedIsUnknown() {
    assertThat(source.statistics("unknown")).isEmpty();
    assertThat(source.statistics("nothing")).isEmpty();
  }

  @Test
  void aServerThatIsDownIsNoError(@TempDir Path work) {
    try (Source down =
        new JdbcConfig(
                "jdbc:postgresql://127.0.0.1:1/none",
                "u",
                "p",
                null,
                1,
                1000,
                Duration.ofMillis(500))
            .open("lib", work)) {
      assertThat(down.statistics("readings")).isEmpty();
    }
  }
}
