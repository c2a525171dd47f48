package org.chengmai.engine.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.chengmai.connectors.Source;
import org.chengmai.connectors.file.FileConfig;
import org.chengmai.connectors.file.FileConfig.FileTable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Districts in one library; their many reports, in another, are of 30 districts and 7 kinds. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class PartialAggregatesTest {
  private static final String JOIN =
      " from geo.district d join calls.report r on r.district = d.code ";

  private SqlEngine engine;
  private SqlEngine bare;

  @BeforeAll
  void open(@TempDir Path folder) throws Exception {
    engine = engine(folder.resolve("one"), Execution.FEDERATED);
    bare = engine(folder.resolve("other"), Execution.BARE_TABLES);
  }

  @AfterAll
  void close() {
    engine.close();
    bare.close();
  }

  private static SqlEngine engine(Path folder, Execution execution) throws Exception {
    String districts =
        IntStream.range(0, 40)
            .mapToObj(i -> "%d,name %d,side %d\n".formatted(i, i % 35, i % 2))
            .collect(Collectors.joining("", "code,name,side\n", ""));
    // some reports have no minutes, some no district
    String reports =
        IntStream.range(0, 30_000)
            .mapToObj(
                i ->
                    "%d,%s,%d,%s\n"
                        .formatted(
                            i, i % 31 == 30 ? "" : i % 31, i % 7, i % 11 == 0 ? "" : i % 500))
            .collect(Collectors.joining("", "id,district,kind,minutes\n", ""));
    return new SqlEngine(
        List.of(
            source(folder, "geo", "district", districts),
            source(folder, "calls", "report", reports)),
        List.of(),
        SqlLimits.defaults(),
        execution,
        folder.resolve("spill"),
        InstantSource.system());
  }

  private static Source source(Path folder, String library, String table, String csv)
      throws Exception {
    Path work = Files.createDirectories(folder.resolve(library));
    Path file = Files.writeString(work.resolve(table + ".csv"), csv);
    return new FileConfig(List.of(FileTable.of(table, file)), "128MB")
        .open(library, work.resolve("work"));
  }

  private String asked(String sql) {
    return engine.fragments(SqlEngine.INTERNAL, sql).stream()
        .filter(one -> one.getKey().equals("calls"))
        .map(one -> one.getValue())
        .collect(Collectors.joining());
  }

  private void givesWhatBareTablesGive(String sql) {
    assertThat(engine.query(SqlEngine.INTERNAL, sql).rows())
        .isNotEmpty()
        .containsExactlyInAnyOrderElementsOf(bare.query(SqlEngine.INTERNAL, sql).rows());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "select d.name, count(*), count(r.minutes), sum(r.minutes), min(r.id), max(r.id)%sgroup by d.name",
        "select d.name, r.kind, avg(r.minutes)%sgroup by d.name, r.kind",
        "select count(*), sum(r.minutes * 2)%s",
        "select d.side, max(d.name), sum(r.minutes)%swhere r.kind < 3 group by d.side",
        "select r.kind, d.name%sgroup by r.kind, d.name",
        "select count(*), sum(r.minutes)%swhere d.code > 1000",
        "select d.name, count(*)%sand r.kind <> d.code group by d.name having count(*) > 10 order by 1"
      })
  void aSourceGroupsItsRowsBeforeTheyLeaveForAJoin(String form) {
    String sql = form.formatted(JOIN);
    assertThat(asked(sql)).contains("GROUP BY");
    givesWhatBareTablesGive(sql);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        // as many groups as rows
        "select d.name, count(*) from geo.district d join calls.report r on r.id = d.code group by d.name",
        "select r.id, count(*)%sgroup by r.id",
        // not the sum of its parts
        "select d.name, count(distinct r.kind)%sgroup by d.name",
        "select d.name, sum(r.minutes) filter (where r.kind = 1)%sgroup by d.name",
        // of both sides
        "select d.name, sum(r.minutes * d.code)%sgroup by d.name",
        "select sum(d.code)%s",
        // rows without a partner count once
        "select d.name, count(r.id) from geo.district d left join calls.report r on r.district = d.code group by d.name"
      })
  void rowsStayApartWhereThatIsWrongOrDear(String form) {
    String sql = form.formatted(JOIN);
    assertThat(asked(sql)).doesNotContain("GROUP BY");
    givesWhatBareTablesGive(sql);
  }

  @Test
  void aTableBeyondAnotherLibraryIsReachedToo() {
    String sql =
        "select e.side, sum(r.minutes), count(*)%sjoin geo.district e on e.code = r.kind group by e.side"
            .formatted(JOIN);
    assertThat(asked(sql)).contains("GROUP BY");
    givesWhatBareTablesGive(sql);
  }
}
