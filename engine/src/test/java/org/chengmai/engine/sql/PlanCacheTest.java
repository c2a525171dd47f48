package org.chengmai.engine.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.calcite.jdbc.CalciteSchema;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.parser.SqlParseException;
import org.chengmai.connectors.Source;
import org.chengmai.connectors.file.FileConfig;
import org.chengmai.connectors.file.FileConfig.FileTable;
import org.chengmai.indicators.ChengmaiException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PlanCacheTest {
  private final Catalog catalog = new Catalog();
  private final PlanCache plans = new PlanCache();
  private final QueryPlanner planner =
      new QueryPlanner(CalciteSchema.from(catalog.root()), "l", Policies.NONE);
  @TempDir Path folder;
  private Source source;
  private int parsed;
  private int planned;

  @BeforeEach
  void open() throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("t.csv"),
            IntStream.range(0, 10_000)
                .mapToObj(i -> i + ",区" + i % 7 + "," + Instant.ofEpochSecond(i * 3600L))
                .collect(Collectors.joining("\n", "id,region,ts\n", "\n")));
    source =
        new FileConfig(
                List.of(
                    new FileTable(
                        "t", file, "UTF-8", ",", List.of(), Map.of("ts", "timestamp"), "UTC")),
                "128MB")
            .open("l", folder.resolve("l"));
    catalog.add(source);
  }

  @AfterEach
  void close() {
    source.close();
  }

  /** The only source's SQL. */
  private String sql(String query) {
    return plan("", query).questions().get(0).sql();
  }

  private Plan plan(String policy, String query) {
    return plans.plan(policy, BoundQuery.of(query), this::parsed, this::plan);
  }

  private SqlNode parsed(BoundQuery query) {
    parsed++;
    try {
      return planner.parse(query);
    } catch (SqlParseException e) {
      throw SqlErrors.translate(e);
    }
  }

  private Plan plan(SqlNode query, Parameters parameters) {
    planned++;
    return planner.plan(
        query,
        new PlanContext(
            Instant.EPOCH, Execution.FEDERATED, catalog.byLibrary(), FreshSnapshots.NONE),
        parameters);
  }

  @Test
  void queriesThatDifferInLiteralsShareAPlan() {
    assertThat(sql("select region from t where id = 4711")).contains("= 4711");
    assertThat(sql("select region\nfrom t -- one more\nwhere id = 815")).contains("= 815");
    assertThat(planned).isEqualTo(1);
    assertThat(sql("select id from t where region = 'O''N' and id between 1 and 9"))
        .contains("'O''N'", "9");
    assertThat(sql("select id from t where region = '\u0001𠮷' and id between 2 and 8"))
        .contains("'\u0001𠮷'", "8");
    assertThat(planned).isEqualTo(2);
  }

  @Test
  void textsBecomeTimesAsTheyDoWithoutACache() {
    assertThat(sql("select id from t where ts > '1970-03-01T00:00:00+08:00'"))
        .contains("1970-02-28 16:00:00");
    assertThat(sql("select id from t where ts > '1970-03-02T00:00:00+08:00'"))
        .contains("1970-03-01 16:00:00");
    assertThat(sql("select id from t where ts > timestamp '1970-03-01 00:00:00'"))
        .contains("1970-03-01 00:00:00");
    assertThat(planned).isEqualTo(2);
  }

  @Test
  void anotherPartOfATableGetsAPlanOfItsOwn() {
    sql("select region from t where id > 9990");
    sql("select region from t where id > 9985");
    assertThat(planned).isEqualTo(1);
    assertThat(sql("select region from t where id > 1000")).contains("> 1000");
    assertThat(planned).isEqualTo(2);
  }

  @Test
  void literalsOutsideOfConditionsStay() {
    assertThat(sql("select id + 1, 'a' from t where id in (1, 2) order by 1 limit 3"))
        .contains("+ 1", "'a'", "3");
    assertThat(sql("select id + 2, 'b' from t where id in (3, 4) order by 1 limit 5"))
        .contains("+ 2", "'b'", "5");
    assertThat(planned).isEqualTo(2);
  }

  @Test
  void theSameTextIsNotEvenReadAgain() {
    Plan first = plan("a", "select region from t where id = 4711");
    int before = parsed;
    assertThat(plan("a", "select region from t where id = 4711")).isSameAs(first);
    assertThat(parsed).isEqualTo(before);
    assertThat(plan("b", "select region from t where id = 4711"))
        .as("under another policy")
        .isNotSameAs(first);
    plans.clear();
    assertThat(plan("a", "select region from t where id = 4711")).isNotSameAs(first);
    assertThat(planned).isEqualTo(3);
  }

  @Test
  void theClockIsAskedEachTime() {
    sql("select id from t where ts < now() and id = 1");
    sql("select id from t where ts < now() and id = 1");
    assertThat(planned).isEqualTo(2);
  }

  @Test
  void errorsSpeakOfTheQueryAsWritten() {
    assertThatThrownBy(() -> sql("select id from t where wrong = 1"))
        .hasMessageContaining("wrong")
        .hasMessageNotContaining("?");
    assertThatThrownBy(() -> sql("select id from t where id = ?"))
        .isInstanceOf(ChengmaiException.class)
        .hasMessageContaining("parameter (?)");
  }
}
