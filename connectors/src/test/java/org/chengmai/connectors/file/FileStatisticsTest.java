package org.chengmai.connectors.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Instant;
import java.util.List;
import org.chengmai.connectors.Source;
import org.chengmai.connectors.TableStatistics;
import org.chengmai.connectors.file.FileConfig.FileTable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class FileStatisticsTest {
  @TempDir Path folder;

  @Test
  void filesTellRowsDifferentValuesAndBounds() throws Exception {
    Path parquet = folder.resolve("big.parquet");
    try (Connection duckDb = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = duckDb.createStatement()) {
      statement.execute(
          "COPY (SELECT i, i %% 10 AS few, CASE WHEN i %% 4 = 0 THEN NULL ELSE 'x' || i END AS name, TIMESTAMP '2026-01-01' + INTERVAL 1 SECOND * i AS at FROM range(1000) AS r(i)) TO '%s' (FORMAT PARQUET)"
              .formatted(parquet));
    }
    Path csv = Files.writeString(folder.resolve("small.csv"), "a,b\n1,x\n2,y\n");
    try (Source source =
        new FileConfig(List.of(FileTable.of("big", parquet), FileTable.of("small", csv)), "128MB")
            .open("lib", folder.resolve("work"))) {
      TableStatistics big = source.statistics("big").orElseThrow();
      assertThat(big.rows()).isEqualTo(1000);
      assertThat(big.columns().get("i").distinct()).isCloseTo(1000, within(150.0));
      assertThat(big.columns().get("i").bounds()).containsExactly(0, 999);
      assertThat(big.columns().get("few").distinct()).isCloseTo(10, within(2.0));
      assertThat(big.columns().get("name").nullFraction()).isEqualTo(0.25);
      assertThat(big.columns().get("name").bounds()).isEmpty();
      assertThat(big.columns().get("at").bounds()[0])
          .isEqualTo(Instant.parse("2026-01-01T00:00:00Z").toEpochMilli());
      assertThat(source.statistics("small").orElseThrow().rows()).isEqualTo(2);
      assertThat(source.statistics("none")).isEmpty();
    }
  }
}
