package org.chengmai.engine.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.LocalDateTime;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.calcite.jdbc.CalciteSchema;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.schema.Schema;
import org.apache.calcite.schema.SchemaPlus;
import org.apache.calcite.sql.type.SqlTypeName;
import org.chengmai.connectors.Source;
import org.chengmai.connectors.arrow.ArrowTypes;
import org.chengmai.connectors.jdbc.JdbcConfig;
import org.chengmai.engine.RealServers;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** PostgreSQL's binary copy. */
@ExtendWith(RealServers.class)
class PostgresReaderIT extends ArrowReaderContract {
  static final String URL = System.getProperty("chengmai.test.pg.url");

  static Connection connect() throws SQLException {
    return DriverManager.getConnection(
        URL,
        System.getProperty("chengmai.test.pg.user"),
        System.getProperty("chengmai.test.pg.password"));
  }

  /** The name by which the server knows our sessions. */
  String application() {
    return "arrow-copy";
  }

  String url() {
    return URL + (URL.contains("?") ? "&" : "?") + "ApplicationName=" + application();
  }

  @Override
  Source open(Path work) throws Exception {
    Assumptions.assumeTrue(URL != null, "no PostgreSQL: chengmai.test.pg.url is not set");
    return new JdbcConfig(
            url(),
            System.getProperty("chengmai.test.pg.user"),
            System.getProperty("chengmai.test.pg.password"),
            null,
            2,
            1000,
            Duration.ofSeconds(10))
        .open(LIBRARY, work);
  }

  @Override
  String literal(SqlTypeName type, @Nullable String value) {
    String name =
        switch (type) {
          case DOUBLE -> "float8";
          case REAL -> "float4";
          case DECIMAL -> "numeric";
          case VARCHAR -> "text";
          case VARBINARY -> "bytea";
          default -> type.getName();
        };
    return value == null
        ? "CAST(NULL AS %s)".formatted(name)
        : "CAST('%s%s' AS %s)"
            .formatted(type == SqlTypeName.VARBINARY ? "\\x" : "", value.replace("'", "''"), name);
  }

  @Override
  String numbers(long count) {
    // in the select list, where PostgreSQL makes the numbers one by one
    return "SELECT generate_series(CAST(0 AS bigint), %d) AS n".formatted(count - 1);
  }

  @Override
  String slow() {
    return "SELECT count(*) FROM generate_series(1, 1000000000) AS g(n)";
  }

  @Override
  long running() throws SQLException {
    try (Connection connection = connect();
        Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                "SELECT count(*) FROM pg_stat_activity WHERE application_name = '%s' AND state <> 'idle'"
                    .formatted(application()))) {
      row.next();
      return row.getLong(1);
    }
  }

  static void run(String sql) {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  private void cutConnections() {
    run(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = '%s'"
            .formatted(application()));
  }

  @Test
  void typesThatOnlyPostgresHasComeAsTheirTexts() throws IOException {
    String sql =
        "SELECT CAST('6ecd8c99-4036-403d-bf84-cf8400f67836' AS uuid), CAST('{\"a\": [1]}' AS json), CAST('{\"a\":[1]}' AS jsonb),"
            + " INTERVAL '1 day 2 hours', ARRAY[1, 2], CAST('10.0.0.1' AS inet), CAST('ab' AS char(5)), CAST('x' AS name)";
    List<List<@Nullable Object>> rows =
        rows(
            sql,
            shape(
                row()
                    .add("a", SqlTypeName.VARCHAR)
                    .add("b", SqlTypeName.VARCHAR)
                    .add("c", SqlTypeName.VARCHAR)
                    .add("d", SqlTypeName.VARCHAR)
                    .add("e", SqlTypeName.VARCHAR)
                    .add("f", SqlTypeName.VARCHAR)
                    .add("g", SqlTypeName.CHAR, 5)
                    .add("h", SqlTypeName.VARCHAR)));
    assertThat(rows).hasSize(1);
    assertThat(rows.get(0).get(0)).isEqualTo("6ecd8c99-4036-403d-bf84-cf8400f67836");
    assertThat(rows.get(0).get(1)).isEqualTo("{\"a\": [1]}");
    assertThat(rows.get(0).get(2)).isEqualTo("{\"a\": [1]}");
    assertThat(rows.get(0).subList(6, 8)).containsExactly("ab   ", "x");
  }

  @Test
  void aTableOfAllTypesComesInItsOwnShape() throws IOException {
    String table = "arrow_types_" + application().replace('-', '_');
    run("DROP TABLE IF EXISTS " + table);
    run(
        "CREATE TABLE %s AS SELECT CAST(12345.239 AS numeric) AS a, CAST(12345678901234567890.2 AS numeric(30, 10)) AS b, gen_random_uuid() AS c, CAST('[1]' AS jsonb) AS d, ARRAY[1, 2] AS e, now() AS f, CAST('x' AS char(3)) AS g, CAST('\\x00' AS bytea) AS h, LOCALTIME AS i, CAST(7 AS smallint) AS j, CURRENT_DATE AS k, true AS l"
            .formatted(table));
    try {
      SchemaPlus root = CalciteSchema.createRootSchema(false, false).plus();
      Schema tables = source.schema(root);
      RelDataType columns =
          Objects.requireNonNull(tables.tables().get(table)).getRowType(QueryPlanner.TYPES);
      List<@Nullable Object> row =
          rows("SELECT * FROM public." + table, ArrowTypes.schema(columns)).get(0);
      assertThat(row.subList(0, 2))
          .containsExactly(
              new BigDecimal("12345.239000000000000000"),
              new BigDecimal("12345678901234567890.2000000000"));
      assertThat(row.subList(3, 5)).containsExactly("[1]", "{1,2}");
      assertThat(row).doesNotContainNull();
    } finally {
      run("DROP TABLE " + table);
    }
  }

  @Test
  void timesWithAZoneAreUtc() throws IOException {
    String sql =
        "SELECT TIMESTAMPTZ '2026-01-01 07:59:59.123456+08', TIMESTAMPTZ '2026-01-01 07:59:59.123456+08', TIMESTAMP '2026-01-01 00:00:00'";
    LocalDateTime time = LocalDateTime.parse("2025-12-31T23:59:59.123456");
    assertThat(
            rows(
                sql,
                shape(
                    row()
                        .add("a", SqlTypeName.TIMESTAMP, 3)
                        .add("b", SqlTypeName.TIMESTAMP_WITH_LOCAL_TIME_ZONE, 3)
                        .add("c", SqlTypeName.TIMESTAMP_WITH_LOCAL_TIME_ZONE, 3))))
        .containsExactly(List.of(time, time, LocalDateTime.parse("2026-01-01T00:00:00")));
  }

  @Test
  void sumsOfIntegersAndMixedTypesFitTheShape() throws IOException {
    String sql =
        "SELECT sum(n), sum(n), count(*), sum(CAST(n AS int)), avg(n) FROM generate_series(CAST(1 AS bigint), 4) AS g(n)";
    assertThat(
            rows(
                sql,
                shape(
                    row()
                        .add("a", SqlTypeName.BIGINT)
                        .add("b", SqlTypeName.DOUBLE)
                        .add("c", SqlTypeName.DOUBLE)
                        .add("d", SqlTypeName.DECIMAL, 10, 2)
                        .add("e", SqlTypeName.DOUBLE))))
        .containsExactly(List.of(10L, 10.0, 4.0, new BigDecimal("10.00"), 2.5));
  }

  @Test
  void valuesWithoutAFormAreErrors() {
    for (String value : List.of("CAST('NaN' AS numeric)", "CAST('Infinity' AS numeric)")) {
      assertThatThrownBy(
              () -> rows("SELECT " + value, shape(row().add("amount", SqlTypeName.DECIMAL, 10, 2))))
          .isInstanceOf(ChengmaiException.class)
          .hasMessageContaining("amount");
    }
    assertThatThrownBy(
            () ->
                rows(
                    "SELECT TIMESTAMP 'infinity'",
                    shape(row().add("seen", SqlTypeName.TIMESTAMP, 3))))
        .isInstanceOf(ChengmaiException.class)
        .hasMessageContaining("seen");
  }

  @Test
  void rowsWiderThanABatchStayWithinMemory() throws IOException {
    long count = 0;
    long peak = 0;
    try (ArrowReader reader =
        read(
            "SELECT repeat('城', 100000) FROM generate_series(1, 1000)",
            shape(row().add("v", SqlTypeName.VARCHAR)))) {
      while (reader.loadNextBatch()) {
        count += reader.getVectorSchemaRoot().getRowCount();
        peak = Math.max(peak, memory.getAllocatedMemory());
      }
    }
    assertThat(count).isEqualTo(1000);
    assertThat(peak).isLessThan(100L << 20);
  }

  @Test
  void nullsAndValuesInOneRow() throws IOException {
    assertThat(
            rows(
                "SELECT CAST(NULL AS text), 1, CAST(NULL AS numeric), 'b' UNION ALL SELECT 'a', NULL, 2.5, NULL",
                shape(
                    row()
                        .add("a", SqlTypeName.VARCHAR)
                        .add("b", SqlTypeName.INTEGER)
                        .add("c", SqlTypeName.DECIMAL, 5, 1)
                        .add("d", SqlTypeName.VARCHAR))))
        .containsExactlyInAnyOrder(
            Arrays.asList(null, 1, null, "b"),
            Arrays.asList("a", null, new BigDecimal("2.5"), null));
  }

  @Test
  void aConnectionThatDropsBetweenBatchesIsAnErrorOfTheLibrary() throws IOException {
    try (ArrowReader reader = read(numbers(endless()), shape(row().add("n", SqlTypeName.BIGINT)))) {
      assertThat(reader.loadNextBatch()).isTrue();
      cutConnections();
      assertThatThrownBy(
              () -> {
                while (reader.loadNextBatch()) {
                  // what was under way still comes
                }
              })
          .isInstanceOfSatisfying(
              ChengmaiException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.EXTERNAL))
          .hasMessageContaining(LIBRARY);
    }
    assertThat(rows(numbers(1), shape(row().add("n", SqlTypeName.BIGINT)))).hasSize(1);
  }

  @Test
  void aConnectionLostBeforeTheFirstRowIsTakenAnew() throws IOException {
    for (int i = 0; i < 5; i++) {
      assertThat(rows(numbers(1), shape(row().add("n", SqlTypeName.BIGINT)))).hasSize(1);
      cutConnections();
      assertThat(rows(numbers(1), shape(row().add("n", SqlTypeName.BIGINT)))).hasSize(1);
    }
  }
}
