package org.chengmai.engine.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.LocalDateTime;
import java.util.List;
import org.apache.calcite.sql.type.SqlTypeName;
import org.chengmai.connectors.Source;
import org.chengmai.connectors.jdbc.JdbcConfig;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** The cursor of a database that we know, with a driver that is not ours. */
final class H2ReaderTest extends ArrowReaderContract {
  private static final String URL = "jdbc:h2:mem:arrow_reader";

  private Connection keeper;

  @Override
  Source open(Path work) throws Exception {
    keeper = DriverManager.getConnection(URL);
    return JdbcConfig.of(URL + ";LAZY_QUERY_EXECUTION=1", null, null).open(LIBRARY, work);
  }

  @AfterAll
  void drop() throws SQLException {
    keeper.close();
  }

  @Override
  String literal(SqlTypeName type, @Nullable String value) {
    String name =
        switch (type) {
          case DECIMAL -> "DECIMAL(60, 15)";
          case TIME -> "TIME(6)";
          case TIMESTAMP -> "TIMESTAMP(6)";
          case DOUBLE -> "DOUBLE PRECISION";
          default -> type.getName();
        };
    if (value == null) {
      return "CAST(NULL AS %s)".formatted(name);
    }
    return type == SqlTypeName.VARBINARY
        ? "X'%s'".formatted(value)
        : "CAST('%s' AS %s)".formatted(value.replace("'", "''"), name);
  }

  @Override
  String numbers(long count) {
    return "SELECT x AS n FROM SYSTEM_RANGE(0, %d)".formatted(count - 1);
  }

  @Override
  String slow() {
    return "SELECT count(*) FROM SYSTEM_RANGE(1, 1000000) a, SYSTEM_RANGE(1, 1000000) b WHERE a.x + b.x <> 7";
  }

  @Override
  long running() throws SQLException {
    try (Statement statement = keeper.createStatement();
        ResultSet row =
            statement.executeQuery(
                "SELECT count(*) FROM INFORMATION_SCHEMA.SESSIONS WHERE session_id <> SESSION_ID() AND executing_statement LIKE '%SYSTEM_RANGE%'")) {
      row.next();
      return row.getLong(1);
    }
  }

  @Test
  void timesWithAZoneAreUtc() throws IOException {
    assertThat(
            rows(
                "SELECT TIMESTAMP WITH TIME ZONE '2026-01-01 07:59:59.123456+08:00'",
                shape(row().add("a", SqlTypeName.TIMESTAMP, 3))))
        .containsExactly(List.of(LocalDateTime.parse("2025-12-31T23:59:59.123456")));
  }
}
