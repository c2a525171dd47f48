package org.chengmai.engine.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.chengmai.connectors.Source;
import org.chengmai.connectors.file.FileConfig;
import org.chengmai.connectors.file.FileConfig.FileTable;
import org.junit.jupiter.api.Test;

final class CsvSourceTest extends SourceContract {
  @Override
  Source open(Path work) throws Exception {
    Path file = work.resolve("readings.csv");
    Files.write(file, CSV.getBytes(Charset.forName("GB18030")));
    Path bad = work.resolve("bad.csv");
    Files.writeString(bad, "\uFEFFid,值\n1,2\nx,3\n3,4\n4,5,6\n");
    Path late = work.resolve("long.csv");
    Files.writeString(
        late,
        IntStream.range(0, 30_000)
            .mapToObj(i -> i + ",1\n")
            .collect(Collectors.joining("", "id,v\n", "30000,2.5\n")));
    return new FileConfig(
            List.of(
                new FileTable(
                    "sql_readings", file, null, ",", List.of("NA", "-;"), Map.of(), "UTC"),
                new FileTable(
                    "bad", bad, null, ",", List.of(), Map.of("id", "BIGINT", "值", "BIGINT"), "UTC"),
                new FileTable(
                    "strict",
                    bad,
                    null,
                    ",",
                    List.of(),
                    Map.of("id", "BIGINT", "值", "BIGINT"),
                    "UTC",
                    FileTable.BadRows.FAIL),
                FileTable.of("long", late),
                FileTable.of("absent", work.resolve("absent.csv"))),
            "128MB")
        .open(LIBRARY, work.resolve("work"));
  }

  @Override
  String floorText() {
    return "date_trunc('day', timezone('Asia/Shanghai'";
  }

  @Test
  void onlyTheFilesAreListed() {
    List<?> tables =
        engine.catalog().stream()
            .filter(library -> LIBRARY.equals(library.get("name")))
            .map(library -> (List<?>) library.get("tables"))
            .findFirst()
            .orElseThrow();
    assertThat(tables)
        .extracting(table -> String.valueOf(((Map<?, ?>) table).get("name")))
        .containsExactly(
            "bad",
            "bad_bad_rows",
            "long",
            "long_bad_rows",
            "sql_readings",
            "sql_readings_bad_rows");
  }

  /** One file that is not there must not hide the others, and is told. */
  @Override
  @Test
  void theSourceAnswersItsCheck() {
    assertThat(engine.query(SqlEngine.INTERNAL, "select count(*) from lib.sql_readings").rows())
        .containsExactly(List.of(5L));
    assertThat(engine.health().get(LIBRARY)).contains("absent").doesNotContain("sql_readings");
  }

  @Test
  void theLastRowCountsForTheTypes() {
    assertThat(engine.query(SqlEngine.INTERNAL, "select count(*), sum(v) from lib.long").rows())
        .containsExactly(List.of(30_001L, 30_002.5));
  }

  @Test
  void aStrictTableWithBadRowsCannotBeReadAndSaysWhere() {
    assertThatThrownBy(() -> engine.query(SqlEngine.INTERNAL, "select * from lib.strict"))
        .hasMessageContaining("CAST in column id: 1 (line 3), TOO MANY COLUMNS: 1 (line 5)");
  }

  @Test
  void badRowsAreCountedWithTheirReason() {
    assertThat(engine.query(SqlEngine.INTERNAL, "select id, \"值\" from lib.bad order by id").rows())
        .containsExactly(List.of(1L, 2L), List.of(3L, 4L));
    assertThat(
            engine
                .query(
                    SqlEngine.INTERNAL,
                    "select reason, bad_rows, lines from lib.bad_bad_rows order by reason")
                .rows())
        .containsExactly(
            List.of("CAST in column id", 1L, "3"), List.of("TOO MANY COLUMNS", 1L, "5"));
  }
}
