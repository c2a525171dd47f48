package org.chengmai.engine.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.calcite.sql.type.SqlTypeName;
import org.chengmai.connectors.Source;
import org.chengmai.connectors.file.FileConfig;
import org.chengmai.connectors.file.FileConfig.FileTable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Files, which DuckDB reads. */
final class FileReaderTest extends ArrowReaderContract {
  @Override
  Source open(Path work) throws Exception {
    Path file = work.resolve("readings.csv");
    Files.writeString(file, SourceContract.CSV);
    return new FileConfig(
            List.of(new FileTable("sql_readings", file, null, ",", List.of("-;"), Map.of(), "UTC")),
            "256MB")
        .open(LIBRARY, work.resolve("work"));
  }

  @Override
  String literal(SqlTypeName type, @Nullable String value) {
    String name =
        switch (type) {
          case VARBINARY -> "BLOB";
          case DECIMAL -> "DECIMAL(38, 10)";
          default -> type.getName();
        };
    if (value == null) {
      return "CAST(NULL AS %s)".formatted(name);
    }
    return type == SqlTypeName.VARBINARY
        ? "from_hex('%s')".formatted(value)
        : "CAST('%s' AS %s)".formatted(value.replace("'", "''"), name);
  }

  @Override
  String numbers(long count) {
    return "SELECT range AS n FROM range(0, %d)".formatted(count);
  }

  @Override
  String slow() {
    return "SELECT count(*) AS n FROM range(0, 3000000) a(x), range(0, 3000000) b(y) WHERE (x * y) % 7 = 3";
  }

  /** DuckDB runs in this process: it works as long as a call lasts. */
  @Override
  long running() {
    return callsOf("org.duckdb.DuckDBNative");
  }

  @Test
  void rowsOfTheFileComeInTheShapeThatIsAsked() throws IOException {
    assertThat(
            rows(
                "SELECT ts, region, v, n, sum(n) OVER () FROM sql_readings WHERE n IN (3, 4) ORDER BY n",
                shape(
                    row()
                        .add("ts", SqlTypeName.TIMESTAMP, 3)
                        .add("region", SqlTypeName.VARCHAR)
                        .add("v", SqlTypeName.DOUBLE)
                        .add("n", SqlTypeName.INTEGER)
                        .add("s", SqlTypeName.BIGINT))))
        .containsExactly(
            Arrays.asList(LocalDateTime.parse("2026-01-01T15:59:59.5"), "城西𠮷", 30.5, 3, 7L),
            Arrays.asList(LocalDateTime.parse("2026-01-01T16:00:00"), "城西𠮷", null, 4, 7L));
  }
}
