package org.chengmai.engine.sql;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.chengmai.connectors.Source;
import org.chengmai.connectors.file.FileConfig;
import org.chengmai.connectors.file.FileConfig.FileTable;
import org.chengmai.connectors.jdbc.JdbcConfig;
import org.chengmai.engine.RealServers;
import org.chengmai.indicators.json.Json;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A small file whose keys are sent to a PostgreSQL with many rows. */
@ExtendWith(RealServers.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class BindJoinIT {
  private static final String SCHEMA = "bind_join_it";
  private static final int ROWS = 60_000;

  private SqlEngine engine;
  private SqlEngine bare;

  @BeforeAll
  void open(@TempDir Path folder) throws Exception {
    Assumptions.assumeTrue(
        PostgresReaderIT.URL != null, "no PostgreSQL: chengmai.test.pg.url is not set");
    PostgresReaderIT.run("DROP SCHEMA IF EXISTS %s CASCADE".formatted(SCHEMA));
    PostgresReaderIT.run("CREATE SCHEMA " + SCHEMA);
    PostgresReaderIT.run(
        """
        CREATE TABLE %s.ticket AS SELECT i AS id, CAST(i AS bigint) AS long_id, CAST(i %% 30000 AS smallint) AS short_id, i / 4.0::numeric(10, 2) AS amount,
          CASE i %% 3 WHEN 0 THEN '区' WHEN 1 THEN 'it''s "' ELSE E'a\\\\b,{}' END || i AS name, DATE '1900-01-01' + i AS day,
          TIMESTAMP '2026-01-01' + i * INTERVAL '1 minute' AS at FROM generate_series(0, %d) AS g(i)
        """
            .formatted(SCHEMA, ROWS - 1));
    PostgresReaderIT.run("ANALYZE %s.ticket".formatted(SCHEMA));
    engine = engine(folder.resolve("one"), Execution.FEDERATED);
    bare = engine(folder.resolve("other"), Execution.BARE_TABLES);
  }

  @AfterAll
  void close() throws SQLException {
    if (engine != null) {
      engine.close();
      bare.close();
      PostgresReaderIT.run("DROP SCHEMA %s CASCADE".formatted(SCHEMA));
    }
  }

  private static SqlEngine engine(Path folder, Execution execution) throws Exception {
    Path work = Files.createDirectories(folder);
    Path csv =
        Files.writeString(
            work.resolve("wanted.csv"),
            """
            id,amount,name,day,at
            0,0.00,区0,1900-01-01,2026-01-01 00:00:00
            1,0.25,"it's ""1",1900-01-02,2026-01-01 00:01:00
            2,0.50,"a\\b,{}2",1900-01-03,2026-01-01 00:02:00
            59999,14999.75,"a\\b,{}59999",2064-04-09,2026-02-11 15:59:00
            70000,1.11,NULL,2064-04-10,2030-01-01 00:00:00
            ,,,,
            """);
    Source files =
        new FileConfig(
                List.of(
                    new FileTable(
                        "wanted",
                        csv,
                        "UTF-8",
                        ",",
                        List.of(),
                        Map.of("amount", "decimal(10, 2)"),
                        "UTC")),
                "128MB")
            .open("files", work.resolve("work"));
    Source postgres =
        new JdbcConfig(
                PostgresReaderIT.URL,
                System.getProperty("chengmai.test.pg.user"),
                System.getProperty("chengmai.test.pg.password"),
                SCHEMA,
                4,
                1000,
                Duration.ofSeconds(10))
            .open("hotline", work);
    return new SqlEngine(
        List.of(files, postgres),
        List.of(),
        SqlLimits.defaults(),
        execution,
        work.resolve("spill"),
        InstantSource.system());
  }

  private String analyzed(String sql) {
    return engine.query(SqlEngine.INTERNAL, "EXPLAIN ANALYZE " + sql).rows().stream()
        .map(row -> String.valueOf(row.get(0)))
        .collect(Collectors.joining("\n"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "t.id = w.id",
        "t.long_id = w.id",
        "t.short_id = w.id",
        "t.amount = w.amount",
        "t.name = w.name",
        "t.day = w.day",
        "t.at = w.at",
        "t.id = w.id AND t.name = w.name"
      })
  void onlyRowsWithTheKeysLeaveTheSource(String condition) {
    String sql =
        "SELECT w.id, t.id, t.name FROM files.wanted w JOIN hotline.ticket t ON " + condition;
    assertThat(engine.query(SqlEngine.INTERNAL, sql).rows())
        .hasSizeGreaterThanOrEqualTo(3)
        .containsExactlyInAnyOrderElementsOf(bare.query(SqlEngine.INTERNAL, sql).rows());
    assertThat(analyzed(sql))
        .containsPattern("bind join: only rows with the keys .*; was 5 keys")
        .containsPattern("hotline, about [0-9,]+ rows; was [3-6] rows");
    String plan =
        engine
            .query(SqlEngine.INTERNAL, "EXPLAIN (FORMAT JSON) " + sql)
            .rows()
            .get(0)
            .get(0)
            .toString();
    JsonNode steps = Json.read(plan, JsonNode.class).path("steps");
    JsonNode driver = steps.get(steps.size() - 3);
    JsonNode bound = steps.get(steps.size() - 2);
    assertThat(bound.at("/bind_join/step")).isEqualTo(driver.path("step"));
    assertThat(bound.path("reads_steps")).containsExactly(driver.path("step"));
    assertThat(bound.path("reads_tables").toString()).isEqualTo("[\"hotline.ticket\"]");
    assertThat(steps.get(steps.size() - 1).path("reads_steps"))
        .containsExactlyInAnyOrder(driver.path("step"), bound.path("step"));
  }

  @Test
  void existenceIsAskedByKeysToo() {
    String sql =
        "SELECT w.id FROM files.wanted w WHERE EXISTS (SELECT 1 FROM hotline.ticket t WHERE t.id = w.id)";
    assertThat(analyzed(sql)).contains("bind join").containsPattern("was [45] keys");
    assertThat(engine.query(SqlEngine.INTERNAL, sql).rows())
        .containsExactlyInAnyOrder(List.of(0L), List.of(1L), List.of(2L), List.of(59_999L));
  }

  @Test
  void groupsOfASourceAreAskedByKeys() {
    String sql =
        "SELECT w.name, COUNT(*), SUM(t.amount) FROM files.wanted w JOIN hotline.ticket t ON t.short_id = w.id GROUP BY w.name";
    assertThat(engine.query(SqlEngine.INTERNAL, sql).rows())
        .containsExactlyInAnyOrderElementsOf(bare.query(SqlEngine.INTERNAL, sql).rows());
  }
}
