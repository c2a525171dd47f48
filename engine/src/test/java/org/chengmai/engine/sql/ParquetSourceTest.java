package org.chengmai.engine.sql;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.List;
import org.chengmai.connectors.Source;
import org.chengmai.connectors.file.FileConfig;
import org.chengmai.connectors.file.FileConfig.FileTable;

final class ParquetSourceTest extends SourceContract {
  @Override
  Source open(Path work) throws Exception {
    Path file = work.resolve("readings.parquet");
    try (Connection duckDb = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = duckDb.createStatement()) {
      statement.execute(
          "COPY (SELECT CAST(ts AS TIMESTAMP) AS ts, region, CAST(v AS DOUBLE) AS v, n FROM (VALUES %s) AS t(ts, region, v, n)) TO '%s' (FORMAT PARQUET)"
              .formatted(String.join(", ", ROWS), file));
    }
    return new FileConfig(List.of(FileTable.of("sql_readings", file)), "128MB")
        .open(LIBRARY, work.resolve("work"));
  }

  @Override
  String floorText() {
    return "date_trunc('day', timezone('Asia/Shanghai'";
  }
}
