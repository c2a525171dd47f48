package org.chengmai.engine.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.chengmai.connectors.Source;
import org.chengmai.indicators.Table;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * What every source must do, on the same five rows: a table {@code sql_readings} of time, region, v
 * and n.
 *
 * <pre>
 * 2026-01-01T00:10:00Z  城东㐂  10.5  1
 * 2026-01-01T00:40:00Z  城东㐂  20.5  2
 * 2026-01-01T15:59:59.5Z  城西𠮷  30.5  3
 * 2026-01-01T16:00:00Z  城西𠮷  null  4
 * 2026-01-02T03:00:00Z  O'Neil  -1.5  5
 * </pre>
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class SourceContract {
  static final String LIBRARY = "lib";
  SqlEngine engine;

  /** Fills the table and opens the source as library {@code lib}. */
  abstract Source open(Path work) throws Exception;

  /** The name of the time column. */
  String time() {
    return "ts";
  }

  /** A text that the SQL for a local day's floor holds in this source's dialect. */
  abstract String floorText();

  /** The rows as lines of values in SQL. */
  static final List<String> ROWS =
      List.of(
          "('2026-01-01 00:10:00', '城东㐂', 10.5, 1)",
          "('2026-01-01 00:40:00', '城东㐂', 20.5, 2)",
          "('2026-01-01 15:59:59.5', '城西𠮷', 30.5, 3)",
          "('2026-01-01 16:00:00', '城西𠮷', NULL, 4)",
          "('2026-01-02 03:00:00', 'O''Neil', -1.5, 5)");

  /** The same rows as CSV. */
  static final String CSV =
      "ts,region,v,n\n2026-01-01 00:10:00,城东㐂,10.5,1\n2026-01-01 00:40:00,城东㐂,20.5,2\n2026-01-01 15:59:59.5,城西𠮷,30.5,3\n"
          + "2026-01-01 16:00:00,城西𠮷,-;,4\n2026-01-02 03:00:00,O'Neil,-1.5,5\n";

  @BeforeAll
  void start(@TempDir Path work) throws Exception {
    engine =
        new SqlEngine(
            List.of(open(work)),
            List.of(),
            new SqlLimits(100_000, Duration.ofSeconds(60), 4, "256MB", Duration.ofSeconds(5)),
            Execution.FEDERATED,
            work.resolve("spill"),
            InstantSource.system());
  }

  @AfterAll
  void stop() {
    if (engine != null) {
      engine.close();
    }
  }

  /**
   * The rows of a query in which TS stands for the time column and T for the table; all of it must
   * be one SQL for the source.
   */
  final List<List<?>> rows(String sql) {
    String text = sql.replace("TS", time()).replace(" T", " lib.sql_readings");
    List<Map.Entry<String, String>> fragments = engine.fragments(SqlEngine.INTERNAL, text);
    assertThat(fragments).as("one SQL for the source").hasSize(1);
    Table table = engine.query(SqlEngine.INTERNAL, text);
    return List.copyOf(table.rows());
  }

  final String sent(String sql) {
    String text = sql.replace("TS", time()).replace(" T", " lib.sql_readings");
    return engine.fragments(SqlEngine.INTERNAL, text).get(0).getValue().replaceAll("\\s+", " ");
  }

  @Test
  void theSourceAnswersItsCheck() {
    assertThat(engine.health()).containsEntry(LIBRARY, "");
  }

  @Test
  void theCatalogueHasTheTable() {
    assertThat(
            engine
                .query(
                    SqlEngine.INTERNAL,
                    "select table_name from information_schema.tables where table_schema = 'lib'")
                .rows())
        .contains(List.of("sql_readings"));
  }

  @Test
  void valuesComeAsTheyAreWithTimesInUtc() {
    List<List<?>> rows = rows("select TS, region, v, n from T order by TS limit 10");
    assertThat(rows.get(0))
        .isEqualTo(List.of(Instant.parse("2026-01-01T00:10:00Z"), "城东㐂", 10.5, 1L));
    assertThat(rows.get(2))
        .isEqualTo(List.of(Instant.parse("2026-01-01T15:59:59.500Z"), "城西𠮷", 30.5, 3L));
    assertThat(rows.get(3))
        .isEqualTo(Arrays.asList(Instant.parse("2026-01-01T16:00:00Z"), "城西𠮷", null, 4L));
  }

  @Test
  void filtersReachTheSource() {
    assertThat(rows("select n from T where region = '城西𠮷' and v > 1"))
        .containsExactly(List.of(3L));
    assertThat(rows("select n from T where region in ('O''Neil', '㐂')"))
        .containsExactly(List.of(5L));
    assertThat(rows("select n from T where region like '城%' and v is null"))
        .containsExactly(List.of(4L));
    assertThat(sent("select n from T where v > 1")).contains("WHERE");
  }

  @Test
  void timesAreComparedInUtc() {
    assertThat(
            rows(
                "select n from T where TS >= '2026-01-01T16:00:00Z' and TS < '2026-01-02T11:00:00.001+08:00'"))
        .containsExactlyInAnyOrder(List.of(4L), List.of(5L));
    assertThat(rows("select n from T where TS = timestamp '2026-01-01 15:59:59.500'"))
        .containsExactly(List.of(3L));
    assertThat(sent("select n from T where TS >= '2026-01-01T16:00:00Z'"))
        .contains("TIMESTAMP '2026-01-01 16:00:00");
  }

  @Test
  void aggregatesReachTheSource() {
    assertThat(
            rows(
                "select region, count(*), sum(n), avg(v), min(v), max(v), count(v), count(distinct region) from T group by region order by sum(n)"))
        .containsExactly(
            List.of("城东㐂", 2L, 3L, 15.5, 10.5, 20.5, 2L, 1L),
            List.of("O'Neil", 1L, 5L, -1.5, -1.5, -1.5, 1L, 1L),
            List.of("城西𠮷", 2L, 7L, 30.5, 30.5, 30.5, 1L, 1L));
    assertThat(sent("select region, sum(n) from T group by region"))
        .contains("GROUP BY")
        .contains("SUM(");
  }

  @Test
  void aNumberAmongTheKeysIsNoPosition() {
    assertThat(rows("select distinct - cast(64 as real), - 2, 1.5 from T"))
        .containsExactly(List.of(-64.0, -2L, new BigDecimal("1.5")));
  }

  @Test
  void conditionsInsideAggregatesReachTheSource() {
    assertThat(
            rows(
                "select sum(case when v > 15 then 1 else 0 end), count(*) filter (where v > 15), sum(v) / count(v) from T"))
        .containsExactly(List.of(2L, 2L, 15.0));
  }

  @Test
  void localPeriodsReachTheSource() {
    String sql =
        "select time_floor(TS, 'P1D', 'Asia/Shanghai') as d, count(*) from T group by 1 order by 1";
    assertThat(rows(sql))
        .containsExactly(
            List.of(Instant.parse("2025-12-31T16:00:00Z"), 3L),
            List.of(Instant.parse("2026-01-01T16:00:00Z"), 2L));
    assertThat(sent(sql)).contains(floorText());
    for (String grain : List.of("PT15M", "PT6H", "P1W", "P1M", "P1Y")) {
      for (String zone : List.of("UTC", "Asia/Shanghai", "Asia/Kathmandu")) {
        List<List<?>> floors =
            rows("select TS, time_floor(TS, '%s', '%s') from T".formatted(grain, zone));
        assertThat(floors).hasSize(5);
        for (List<?> row : floors) {
          assertThat(row.get(1))
              .as("%s %s", grain, zone)
              .isEqualTo(
                  org.chengmai.indicators.Grain.of(grain)
                      .floor((Instant) row.get(0), java.time.ZoneId.of(zone)));
        }
      }
    }
  }

  @Test
  void orderAndLimitReachTheSource() {
    assertThat(rows("select TS, n from T order by TS desc limit 2"))
        .extracting(row -> (Object) row.get(1))
        .containsExactly(5L, 4L);
    assertThat(rows("select region, sum(v) as s from T group by region order by s desc limit 2"))
        .extracting(row -> (Object) row.get(0))
        .containsExactly("城东㐂", "城西𠮷");
    assertThat(sent("select TS, n from T order by TS desc limit 2"))
        .contains("ORDER BY")
        .containsAnyOf("LIMIT 2", "FETCH NEXT 2");
  }

  @Test
  void partsOfTimesReachTheSource() {
    assertThat(rows("select datepart('hour', TS), extract(minute from TS) from T where n = 2"))
        .containsExactly(List.of(0L, 40L));
  }

  @Test
  void anEmptyAnswerHasNoRowAndAGlobalAggregateOne() {
    assertThat(rows("select n from T where n > 99")).isEmpty();
    assertThat(rows("select count(*), sum(v) from T where n > 99"))
        .containsExactly(Arrays.asList(0L, null));
  }
}
