package org.chengmai.engine.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.chengmai.connectors.Source;
import org.chengmai.connectors.file.FileConfig;
import org.chengmai.connectors.file.FileConfig.FileTable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A library of 30,000 readings, and one of the places of every second of them. */
final class TopRowsTest {
  private static final int ROWS = 30_000;

  @TempDir Path folder;
  private SqlEngine engine;

  @BeforeEach
  void open() throws IOException {
    engine =
        new SqlEngine(
            List.of(
                library("readings", "id,v", i -> i + "," + (i * 7919L % ROWS)),
                library("places", "id,place", i -> 2 * i + ",p" + i)),
            List.of(),
            SqlLimits.defaults(),
            Execution.FEDERATED,
            folder.resolve("spill"),
            InstantSource.system());
  }

  @AfterEach
  void close() {
    engine.close();
  }

  private interface Line {
    String of(int row);
  }

  private Source library(String name, String columns, Line line) throws IOException {
    Path file =
        Files.writeString(
            folder.resolve(name + ".csv"),
            IntStream.range(0, ROWS)
                .mapToObj(line::of)
                .collect(Collectors.joining("\n", columns + "\n", "\n")));
    return new FileConfig(List.of(FileTable.of("t", file)), "128MB")
        .open(name, folder.resolve(name));
  }

  private List<List<Object>> rows(String sql) {
    return engine.query(SqlEngine.INTERNAL, sql).rows();
  }

  private String analysed(String sql) {
    return rows("explain analyze " + sql).toString();
  }

  @Test
  void onlyTheFirstRowsOfTheOrderedSideAreRead() {
    String sql =
        "select r.v, p.place from readings.t r join places.t p on r.id = p.id order by r.v desc limit 3 offset 1";
    assertThat(rows(sql)).isEqualTo(rows(sql.replace("limit 3 offset 1", "")).subList(1, 4));
    assertThat(analysed(sql)).contains("top_result: DuckDB").contains("was 100 rows");
  }

  @Test
  void allRowsAreReadWhenTheJoinLeavesTooFew() {
    String sql =
        "select r.v, p.id from readings.t r join places.t p on r.v * 4 = p.id where p.id < 99 order by r.v desc limit 2";
    assertThat(rows(sql)).containsExactly(List.of(24L, 96L), List.of(23L, 92L));
    assertThat(analysed(sql)).contains("-- result: DuckDB");
  }

  @Test
  void outerRowsCount() {
    String sql =
        "select r.id, p.place from readings.t r left join places.t p on r.id = p.id order by r.id limit 2";
    assertThat(rows(sql)).containsExactly(List.of(0L, "p0"), java.util.Arrays.asList(1L, null));
    assertThat(analysed(sql)).contains("top_result: DuckDB");
    assertThat(
            engine.explain(
                SqlEngine.INTERNAL,
                "select r.id, p.place from places.t p left join readings.t r on r.id = p.id order by r.id limit 2"))
        .doesNotContain("top_");
  }
}
