package org.chengmai.indicators.definition;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.assertj.core.groups.Tuple;
import org.chengmai.indicators.SeriesKey;
import org.chengmai.indicators.Table;
import org.chengmai.indicators.yaml.Problem;
import org.junit.jupiter.api.Test;

class WholeQueryTest {
  private static final Instant NOON = Instant.parse("2026-01-05T04:00:00Z");
  private static final String QUERY =
      Samples.PM25
          .replace("  from: topic_env.air\n", "")
          .replace("  where: measure = 'air.pm25'\n", "")
          .replace(
              "  value: AVG(val)\n",
              "  sql: SELECT a.ts AS ts, s.county AS region, AVG(a.val) AS v, COUNT(*) AS n FROM topic_env.air a JOIN topic_env.station s ON s.id = a.id GROUP BY a.ts, s.county\n")
          .replace("{region: recompute}", "{region: avg}");

  private static List<String> problems(String yaml) {
    return DefinitionCheck.of(Map.of("a.yaml", yaml), Samples.REGIONS, null).problems().stream()
        .map(Problem::toString)
        .toList();
  }

  private static String sql(String yaml) {
    return Samples.group(yaml).sql(NOON, NOON.plusSeconds(3600));
  }

  @Test
  void aWholeQueryIsTheSourceAndItsAdditivityTheAggregate() {
    assertThat(problems(QUERY)).isEmpty();
    assertThat(sql(QUERY))
        .isEqualTo(
            """
            SELECT
              TIME_FLOOR(ts, 'PT1H', 'Asia/Shanghai') AS period_start,
              region AS region_code,
              SUM(v) AS a_0,
              COUNT(v) AS b_0,
              SUM(n) AS n_0
            FROM (SELECT a.ts AS ts, s.county AS region, AVG(a.val) AS v, COUNT(*) AS n FROM topic_env.air a JOIN topic_env.station s ON s.id = a.id GROUP BY a.ts, s.county) AS source
            WHERE ts >= TIMESTAMP '2026-01-05 04:00:00'
              AND ts < TIMESTAMP '2026-01-05 05:00:00'
            GROUP BY TIME_FLOOR(ts, 'PT1H', 'Asia/Shanghai'), region""");
    assertThat(sql(QUERY.replace("region: avg", "region: sum")))
        .contains("  SUM(v) AS a_0,\n  SUM(n)");
    assertThat(sql(QUERY.replace("region: avg", "region: max"))).contains("  MAX(v) AS a_0,");
    String quotient =
        QUERY
            .replace("AVG(a.val) AS v", "SUM(a.val) AS num, COUNT(a.val) AS den")
            .replace("region: avg", "region: recompute");
    assertThat(problems(quotient)).isEmpty();
    assertThat(sql(quotient)).contains("  SUM(num) AS a_0,\n  SUM(den) AS b_0,");
  }

  @Test
  void whatAQueryDoesNotSayIsRefused() {
    assertThat(problems(QUERY.replace("region: avg", "region: recompute")))
        .containsExactly(
            "a.yaml:16: definition.additivity.region: recompute needs the columns num and den of the query; give them, or write sum, avg, max, weighted(column) or none [non-additive]");
    assertThat(problems(QUERY.replace("s.county AS region", "s.county")))
        .containsExactly(
            "a.yaml:13: definition.sql: gives no column region; write … AS region [formula]");
    assertThat(problems(QUERY.replace("  expected: 4\n", "  where: val > 0\n")))
        .containsExactly(
            "a.yaml:13: definition.sql: a whole query says it all; leave out from, where, time, region, value, ratio, formula, measures and count [formula]");
    assertThat(problems(QUERY.replace("type: simple", "type: cumulative\n  since: year")))
        .contains(
            "a.yaml:14: definition.sql: a whole query is for the types simple, ratio, model and manual, not cumulative [formula]");
    assertThat(problems(QUERY.replace("sql: SELECT", "sql: DELETE")))
        .containsExactly(
            "a.yaml:13: definition.sql: is not one query that begins with SELECT or WITH [formula]");
  }

  @Test
  void valuesOfRegionsAreWeighedByAColumn() {
    String weighted =
        Samples.PM25
            .replace("{region: recompute}", "{region: weighted(residents)}")
            .replace("range: [0, 2000]", "range: []");
    assertThat(problems(weighted)).isEmpty();
    assertThat(problems(weighted.replace("AVG(val)", "SUM(val)")))
        .containsExactly(
            "a.yaml:18: definition.additivity.region: weighted is for an AVG or a ratio of each region; sums add up, other values take recompute [non-additive]");
    IndicatorGroup group = Samples.group(weighted);
    assertThat(group.sql(NOON, NOON.plusSeconds(3600)))
        .contains(
            "  SUM(val) * 1.0E0 / NULLIF(COUNT(val), 0) * MAX(residents) AS a_0,\n"
                + "  CASE WHEN COUNT(val) <> 0 THEN MAX(residents) END AS b_0,");
    Table table =
        new Table(
            List.of(
                new Table.Column("period_start", "TIMESTAMP"),
                new Table.Column("region_code", "VARCHAR"),
                new Table.Column("a_0", "DOUBLE"),
                new Table.Column("b_0", "DOUBLE"),
                new Table.Column("n_0", "BIGINT")),
            List.of(
                Arrays.asList(NOON, "630102", 40.0 * 3, 3.0, 24L),
                Arrays.asList(NOON, "630103", 80.0, 1.0, 4L),
                Arrays.asList(NOON, "630104", null, null, 1L)));
    assertThat(group.read(table))
        .filteredOn(value -> value.value() != null)
        .extracting(Computed::key, Computed::value, Computed::numerator, Computed::denominator)
        .as("not the mean of the rows, nor of the counties")
        .containsExactlyInAnyOrder(
            Tuple.tuple(SeriesKey.of("CVS-ENV-0001", "630102"), 40.0, 120.0, 3.0),
            Tuple.tuple(SeriesKey.of("CVS-ENV-0001", "630103"), 80.0, 80.0, 1.0),
            Tuple.tuple(SeriesKey.of("CVS-ENV-0001", "630100"), 50.0, 200.0, 4.0));
  }

  @Test
  void whatIsWeighedSharesNoSqlSoThatItsFilterIsThatOfAllRows() {
    String weighted =
        Samples.PM25
            .replace("{region: recompute}", "{region: weighted(residents)}")
            .replace("CVS-ENV-0001", "CVS-ENV-0002");
    assertThat(Samples.load(Map.of("a.yaml", Samples.PM25, "b.yaml", weighted)).groups(Samples.DAY))
        .hasSize(2);
  }
}
