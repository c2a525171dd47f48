package org.chengmai.indicators.definition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.chengmai.indicators.IndicatorPoint;
import org.chengmai.indicators.SeriesKey;
import org.chengmai.indicators.Table;
import org.chengmai.indicators.Trust;
import org.chengmai.indicators.calendar.Calendars;
import org.chengmai.indicators.calendar.PeriodCalendar;
import org.chengmai.indicators.quality.Feed;
import org.chengmai.indicators.quality.QualityRule;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class IndicatorGroupTest {
  private static final Instant NOON = Instant.parse("2026-01-05T04:00:00Z");
  private static final Instant ONE = NOON.plus(Duration.ofHours(1));

  private static final String COUNTED =
      Samples.PM25
          .replace("CVS-ENV-0001", "CVS-ENV-0002")
          .replace("value: AVG(val)", "value: COUNT(*)")
          .replace("  expected: 4\n", "")
          .replace("policy: gap", "policy: zero");

  private static Table table(String columns, Object[]... rows) {
    List<List<@Nullable Object>> lists = new ArrayList<>();
    for (Object[] row : rows) {
      lists.add(Arrays.asList(row));
    }
    return new Table(
        Arrays.stream(columns.split(" ")).map(c -> new Table.Column(c, "ANY")).toList(), lists);
  }

  private static Object[] row(@Nullable Object... cells) {
    return cells;
  }

  private static Computed of(List<Computed> all, String code, String region) {
    return all.stream()
        .filter(c -> c.key().equals(SeriesKey.of(code, region)))
        .reduce(
            (a, b) -> {
              throw new AssertionError("twice: " + a.key());
            })
        .orElseThrow();
  }

  @Test
  void oneSqlComputesEveryIndicatorOverTheSameRows() {
    String so2 =
        Samples.RATIO.replace("CVS-ENV-0001", "CVS-ENV-0003").replace("'air.pm25'", "'air.so2'");
    assertThat(Samples.group(Samples.PM25, so2).sql(NOON, ONE))
        .isEqualTo(
            """
            SELECT
              TIME_FLOOR(ts, 'PT1H', 'Asia/Shanghai') AS period_start,
              region AS region_code,
              measure AS discriminator,
              SUM(val) AS a_0,
              COUNT(val) AS b_0,
              COUNT(*) AS n_0
            FROM topic_env.air
            WHERE ts >= TIMESTAMP '2026-01-05 04:00:00'
              AND ts < TIMESTAMP '2026-01-05 05:00:00'
              AND measure IN ('air.pm25', 'air.so2')
            GROUP BY TIME_FLOOR(ts, 'PT1H', 'Asia/Shanghai'), region, measure""");
  }

  @Test
  void rowsFindTheirIndicatorsByTheOneColumnThatTellsThemApart() {
    String so2 =
        Samples.PM25.replace("CVS-ENV-0001", "CVS-ENV-0003").replace("'air.pm25'", "'air.so2'");
    Table result =
        table(
            "period_start region_code discriminator a_0 b_0 n_0",
            row(NOON, "630102", "air.pm25", 40.0, 4L, 4L),
            row(NOON, "630102", "air.so2   ", 8.0, 4L, 4L),
            row(NOON, "630103", "air.so2", 12.0, 4L, 4L));
    List<Computed> all = Samples.group(Samples.PM25, COUNTED, so2).read(result, NOON, ONE);
    assertThat(of(all, "CVS-ENV-0001", "630102").value()).isEqualTo(10.0);
    assertThat(of(all, "CVS-ENV-0002", "630102").value()).isEqualTo(4.0);
    assertThat(of(all, "CVS-ENV-0003", "630102").value()).isEqualTo(2.0);
    assertThat(of(all, "CVS-ENV-0003", "630103").value()).isEqualTo(3.0);
    assertThat(of(all, "CVS-ENV-0001", "630103").value()).isNull();
  }

  @Test
  void filtersThatSayMoreStayWithTheirAggregates() {
    String positive =
        Samples.PM25
            .replace("CVS-ENV-0001", "CVS-ENV-0003")
            .replace("measure = 'air.pm25'", "measure = 'air.so2' AND val > 0");
    assertThat(Samples.group(Samples.PM25, positive).sql(NOON, ONE))
        .contains("SUM(val) FILTER (WHERE measure = 'air.pm25') AS a_0")
        .contains("COUNT(val) FILTER (WHERE measure = 'air.so2' AND val > 0) AS b_1")
        .contains("AND ((measure = 'air.pm25') OR (measure = 'air.so2' AND val > 0))")
        .doesNotContain("discriminator");
  }

  @Test
  void anIndicatorWithoutAFilterReadsEveryRow() {
    String all = COUNTED.replace("  where: measure = 'air.pm25'\n", "");
    assertThat(Samples.group(Samples.PM25, all).sql(NOON, ONE))
        .contains("COUNT(*) AS a_1")
        .contains("SUM(val) FILTER (WHERE measure = 'air.pm25') AS a_0")
        .doesNotContain(" AND (");
  }

  @Test
  void theSqlNamesExpressionsDimensionsAndQueries() {
    String yaml =
        COUNTED
            .replace(
                "from: topic_env.air",
                "from: (SELECT * FROM topic_env.air)\n  time: CAST(day AS TIMESTAMP)\n  region: district")
            .replace("dimensions: []", "dimensions: [kind, station]")
            .replace("grain: PT1H", "grain: P1M")
            .replace("count: COUNT(*)", "");
    assertThat(Samples.group(yaml).sql(NOON, ONE))
        .isEqualTo(
            """
            SELECT
              TIME_FLOOR(CAST(day AS TIMESTAMP), 'P1M', 'Asia/Shanghai') AS period_start,
              district AS region_code,
              kind AS dim_0,
              station AS dim_1,
              COUNT(*) AS a_0
            FROM (SELECT * FROM topic_env.air) AS source
            WHERE CAST(day AS TIMESTAMP) >= TIMESTAMP '2025-12-31 16:00:00'
              AND CAST(day AS TIMESTAMP) < TIMESTAMP '2026-01-31 16:00:00'
              AND (measure = 'air.pm25')
            GROUP BY TIME_FLOOR(CAST(day AS TIMESTAMP), 'P1M', 'Asia/Shanghai'), district, kind, station""");
  }

  @Test
  void aSnapshotHasNoTimeAndBelongsToTheNewestPeriod() {
    IndicatorGroup group = Samples.group(COUNTED.replace("type: simple", "type: snapshot"));
    assertThat(group.sql(NOON, NOON.plus(Duration.ofHours(5))))
        .isEqualTo(
            """
            SELECT
              TIMESTAMP '2026-01-05 08:00:00' AS period_start,
              region AS region_code,
              COUNT(*) AS a_0
            FROM topic_env.air
            WHERE (measure = 'air.pm25')
            GROUP BY region""");
    assertThat(group.periods(NOON, NOON.plus(Duration.ofHours(5))))
        .containsExactly(NOON.plus(Duration.ofHours(4)));
  }

  @Test
  void indicatorsOverOtherRowsHaveAnSqlOfTheirOwn() {
    for (String change :
        List.of(
            "from: topic_env.water",
            "from: topic_env.air\n  time: at",
            "from: topic_env.air\n  region: district")) {
      String other = COUNTED.replace("from: topic_env.air", change);
      assertThat(Samples.load(Map.of("a", Samples.PM25, "b", other)).groups(Samples.DAY))
          .hasSize(2);
    }
    String daily = COUNTED.replace("grain: PT1H", "grain: P1D");
    assertThat(Samples.load(Map.of("a", Samples.PM25, "b", daily)).groups(Samples.DAY)).hasSize(2);
  }

  @Test
  void theNewestVersionInForceIsComputed() {
    String second =
        Samples.PM25
            .replace("version: 1", "version: 2\n  effective: {from: 2026-02-01}")
            .replace("decimals: 1", "decimals: 2");
    IndicatorCatalogue catalogue = Samples.load(Map.of("a", Samples.PM25, "b", second));
    assertThat(catalogue.active(Samples.DAY))
        .extracting(IndicatorDefinition::version)
        .containsExactly(1);
    assertThat(catalogue.active(Samples.DAY.plusMonths(1)))
        .extracting(IndicatorDefinition::version)
        .containsExactly(2);
    assertThat(catalogue.get("CVS-ENV-0001").version()).isEqualTo(2);
  }

  @Test
  void everyDistrictAndTheCityGetAValueOrAReason() {
    IndicatorGroup group = Samples.group(Samples.PM25);
    Table result =
        table(
            "period_start region_code a_0 b_0 n_0",
            row(NOON, "630102", 160.0, 4L, 4L),
            row(NOON, "630103", 100.0, 1L, 1L),
            row(NOON, "630104", 12000.0, 4L, 4L));
    List<Computed> all = group.read(result, NOON, ONE);
    assertThat(all).hasSize(8);
    Computed first = of(all, "CVS-ENV-0001", "630102");
    assertThat(first.value()).isEqualTo(40.0);
    assertThat(first.numerator()).isEqualTo(160.0);
    assertThat(first.denominator()).isEqualTo(4.0);
    assertThat(first.n()).isEqualTo(4);
    assertThat(first.trust()).isEqualTo(Trust.COMPLETE);
    assertThat(first.reasons().zh()).isEmpty();
    Computed few = of(all, "CVS-ENV-0001", "630103");
    assertThat(few.trust()).isEqualTo(Trust.PARTIAL);
    assertThat(few.reasons().zh()).containsExactly("应有4个输入，实有1个");
    assertThat(few.reasons().en()).containsExactly("1 of 4 expected inputs");
    Computed far = of(all, "CVS-ENV-0001", "630104");
    assertThat(far.value()).isEqualTo(3000.0);
    assertThat(far.trust()).isEqualTo(Trust.PARTIAL);
    assertThat(far.reasons().en())
        .containsExactly("3000.0 is outside the plausible range [0.0, 2000.0]");
    Computed none = of(all, "CVS-ENV-0001", "630105");
    assertThat(none.value()).isNull();
    assertThat(none.trust()).isEqualTo(Trust.MISSING);
    assertThat(none.reasons().en()).containsExactly("no input in this period");
    Computed city = of(all, "CVS-ENV-0001", "630100");
    assertThat(city.value()).isEqualTo(1362.2);
    assertThat(city.n()).isEqualTo(9);
    assertThat(city.reasons().en()).containsExactly("9 of 28 expected inputs");
  }

  @Test
  void aZeroDenominatorIsMissingAndNeverInfinite() {
    IndicatorGroup group = Samples.group(Samples.RATIO);
    Table result =
        table(
            "period_start region_code a_0 b_0 n_0",
            row(NOON, "630102", 3.0, 0L, 4L),
            row(NOON, "630103", 0.0, 0L, 4L),
            row(NOON, "630104", null, 5L, 4L));
    List<Computed> all = group.read(result, NOON, ONE);
    for (String region : List.of("630102", "630103")) {
      assertThat(of(all, "CVS-ENV-0001", region).value()).isNull();
      assertThat(of(all, "CVS-ENV-0001", region).reasons().zh()).containsExactly("分母为零");
    }
    assertThat(of(all, "CVS-ENV-0001", "630104").reasons().en())
        .containsExactly("the numerator or the denominator has no input");
    assertThat(of(all, "CVS-ENV-0001", "630104").trust()).isEqualTo(Trust.MISSING);
    assertThat(of(all, "CVS-ENV-0001", "630100").value()).isNull();
  }

  @Test
  void aDistrictWithoutRowsIsZeroOnlyWhileTheSourceSpeaks() {
    IndicatorGroup group = Samples.group(COUNTED);
    Table result = table("period_start region_code a_0 n_0", row(NOON, "630102", 3L, 3L));
    List<Computed> all = group.read(result, NOON, ONE.plus(Duration.ofHours(1)));
    List<Computed> spoken = all.stream().filter(c -> c.periodStart().equals(NOON)).toList();
    assertThat(of(spoken, "CVS-ENV-0002", "630103").value()).isEqualTo(0.0);
    assertThat(of(spoken, "CVS-ENV-0002", "630103").trust()).isEqualTo(Trust.COMPLETE);
    assertThat(of(spoken, "CVS-ENV-0002", "630100").value()).isEqualTo(3.0);
    assertThat(of(spoken, "CVS-ENV-0002", "630100").trust()).isEqualTo(Trust.COMPLETE);
    List<Computed> silent = all.stream().filter(c -> c.periodStart().equals(ONE)).toList();
    assertThat(silent).hasSize(8).allMatch(c -> c.value() == null && c.trust() == Trust.MISSING);
  }

  @Test
  void anEmptySnapshotIsZero() {
    IndicatorGroup group = Samples.group(COUNTED.replace("type: simple", "type: snapshot"));
    List<Computed> all = group.read(table("period_start region_code a_0 n_0"), NOON, ONE);
    assertThat(all)
        .hasSize(8)
        .allMatch(c -> Double.valueOf(0).equals(c.value()) && c.trust() == Trust.COMPLETE);
  }

  @Test
  void aSumWithoutAllDistrictsIsPartialAndNamesThem() {
    IndicatorGroup group = Samples.group(COUNTED.replace("policy: zero", "policy: gap"));
    Table result =
        table(
            "period_start region_code a_0 n_0",
            row(NOON, "630102", 1L, 1L),
            row(NOON, "630103", 1L, 1L),
            row(NOON, "630104", 1L, 1L),
            row(NOON, "630105", 1L, 1L),
            row(NOON, "630121", 1L, 1L),
            row(NOON, "630123", 1L, 1L));
    Computed city = of(group.read(result, NOON, ONE), "CVS-ENV-0002", "630100");
    assertThat(city.value()).isEqualTo(6.0);
    assertThat(city.trust()).isEqualTo(Trust.PARTIAL);
    assertThat(city.reasons().zh()).containsExactly("缺少湟中区");
    assertThat(city.reasons().en()).containsExactly("Huangzhong is missing");
  }

  @Test
  void aFormerCodeCountsForItsSuccessorAndAStrangeOneIsNamed() {
    IndicatorGroup group = Samples.group(COUNTED);
    Table result =
        table(
            "period_start region_code a_0 n_0",
            row(NOON, "630122", 2L, 2L),
            row(NOON, "630106", 3L, 3L),
            row(NOON, "999999", 7L, 7L),
            row(NOON, null, 1L, 1L));
    List<Computed> all = group.read(result, NOON, ONE);
    assertThat(of(all, "CVS-ENV-0002", "630106").value()).isEqualTo(5.0);
    Computed city = of(all, "CVS-ENV-0002", "630100");
    assertThat(city.value()).isEqualTo(5.0);
    assertThat(city.trust()).isEqualTo(Trust.PARTIAL);
    assertThat(city.reasons().en())
        .containsExactly("rows of unknown regions are left out: [999999, null]");
  }

  @Test
  void onlyTheNamedDistrictsAreExpected() {
    IndicatorGroup group =
        Samples.group(
            Samples.PM25.replace(
                "levels: [city, county]", "levels: [city, county], only: [\"630102\"]"));
    Table result =
        table("period_start region_code a_0 b_0 n_0", row(NOON, "630102", 160.0, 4L, 4L));
    List<Computed> all = group.read(result, NOON, ONE);
    assertThat(all).extracting(c -> c.key().region()).containsExactly("630102", "630100");
    assertThat(all).allMatch(c -> c.trust() == Trust.COMPLETE);
  }

  @Test
  void dimensionsAreSeriesOfTheirOwn() {
    IndicatorGroup group = Samples.group(COUNTED.replace("dimensions: []", "dimensions: [kind]"));
    Table result =
        table(
            "period_start region_code dim_0 a_0 n_0",
            row(NOON, "630102", "a=b;c", 2L, 2L),
            row(NOON, "630103", "a=b;c", 3L, 3L),
            row(NOON, "630103", null, 1L, 1L));
    List<Computed> all = group.read(result, NOON, ONE);
    assertThat(all)
        .extracting(c -> c.key().toString() + " " + c.value())
        .containsExactlyInAnyOrder(
            "CVS-ENV-0002/630102/kind=a＝b；c 2.0",
            "CVS-ENV-0002/630103/kind=a＝b；c 3.0",
            "CVS-ENV-0002/630100/kind=a＝b；c 5.0",
            "CVS-ENV-0002/630103/kind=- 1.0",
            "CVS-ENV-0002/630100/kind=- 1.0");
    assertThat(SeriesKey.parse(all.get(0).key().toString())).isEqualTo(all.get(0).key());
  }

  @Test
  void aRangeGivesEveryPeriodWhole() {
    IndicatorGroup group = Samples.group(Samples.PM25);
    Instant from = NOON.plusSeconds(60);
    Instant to = ONE.plusSeconds(60);
    assertThat(group.sql(from, to))
        .contains("'2026-01-05 04:00:00'")
        .contains("'2026-01-05 06:00:00'");
    assertThat(group.periods(from, to)).containsExactly(NOON, ONE);
    assertThat(group.periods(NOON, ONE)).containsExactly(NOON);
    assertThat(group.periods(NOON, NOON)).isEmpty();
    Table result =
        table(
            "period_start region_code a_0 b_0 n_0",
            row(NOON, "630102", 160.0, 4L, 4L),
            row(ONE.plusSeconds(3600), "630102", 160.0, 4L, 4L));
    assertThat(group.read(result)).hasSize(24);
  }

  @Test
  void theSameInputsGiveTheSameHashWhateverTheOrderOfSums() {
    IndicatorGroup group = Samples.group(Samples.PM25);
    Computed a = hash(group, 0.1 + 0.2 + 0.3, 3L);
    Computed b = hash(group, 0.3 + 0.2 + 0.1, 3L);
    assertThat(a.numerator()).isNotEqualTo(b.numerator());
    assertThat(a.inputHash()).isEqualTo(b.inputHash()).hasSize(16);
    assertThat(hash(group, 0.61, 3L).inputHash()).isNotEqualTo(a.inputHash());
    assertThat(hash(group, 0.6, 4L).inputHash()).isNotEqualTo(a.inputHash());
    IndicatorPoint point = a.toPoint(2, ONE);
    assertThat(point.inputHash()).isEqualTo(a.inputHash());
    assertThat(point.revision()).isEqualTo(2);
    assertThat(point.value()).isEqualTo(0.2);
    assertThat(point.periodStart()).isEqualTo(NOON);
  }

  private static Computed hash(IndicatorGroup group, double sum, long n) {
    Table result = table("period_start region_code a_0 b_0 n_0", row(NOON, "630102", sum, n, n));
    return of(group.read(result, NOON, ONE), "CVS-ENV-0001", "630102");
  }

  @Test
  void valuesAreRoundedAsTheUnitSays() {
    Table result =
        table("period_start region_code a_0 b_0 n_0", row(NOON, "630102", 40.25, 1L, 4L));
    for (Map.Entry<String, Double> mode :
        new TreeMap<>(Map.of("HALF_EVEN", 40.2, "HALF_UP", 40.3)).entrySet()) {
      IndicatorGroup group = Samples.group(Samples.PM25.replace("HALF_EVEN", mode.getKey()));
      assertThat(of(group.read(result, NOON, ONE), "CVS-ENV-0001", "630102").value())
          .isEqualTo(mode.getValue());
    }
  }

  @Test
  void theGradeIsTheMostSevereThatHolds() {
    IndicatorDefinition definition = Samples.group(Samples.PM25).definitions().get(0);
    assertThat(definition.grade(Condition.Readings.ofValues(115))).isEmpty();
    assertThat(definition.grade(Condition.Readings.ofValues(116))).hasToString("Optional[YELLOW]");
    assertThat(definition.grade(Condition.Readings.ofValues(400))).hasToString("Optional[ORANGE]");
    assertThat(definition.thresholds().get(0).holding()).isEqualTo(Duration.ofHours(2));
    assertThat(definition.thresholds().get(0).clearCondition())
        .map(Condition::toString)
        .contains("value < 105");
    assertThat(definition.quality().freshWithin()).contains(Duration.ofMinutes(90));
    assertThat(definition.detect().detectors()).containsExactly("threshold", "seasonal");
  }

  @Test
  void completenessIsRefusedWhereNothingIsExpected() {
    String complete = Samples.PM25.replace("{freshness:", "{completeness: \">=0.9\", freshness:");
    assertThat(Samples.group(complete).definitions().get(0).qualityRules())
        .extracting(QualityRule::id)
        .containsExactly("range", "completeness", "freshness");
    assertThatThrownBy(() -> Samples.group(complete.replace("  expected: 4\n", "")))
        .hasMessageContaining("quality.completeness: needs definition.expected");
  }

  @Test
  void aCityExpectsTheInputsOfAllItsDistricts() {
    IndicatorGroup group = Samples.group(Samples.PM25);
    IndicatorDefinition definition = group.definitions().get(0);
    assertThat(group.expected(definition, "630102", NOON)).hasValue(4);
    assertThat(group.expected(definition, "630100", NOON)).hasValue(28);
    IndicatorGroup unsaid = Samples.group(Samples.PM25.replace("  expected: 4\n", ""));
    assertThat(unsaid.expected(unsaid.definitions().get(0), "630102", NOON)).isEmpty();
  }

  @Test
  void theNewestPointGrowsStaleAMissingOneStaysMissingAndTheFeedStops() {
    IndicatorDefinition definition = Samples.group(Samples.PM25).definitions().get(0);
    Instant end = NOON.plusSeconds(3600);
    IndicatorPoint point =
        new IndicatorPoint(
            SeriesKey.of("CVS-ENV-0001", "630102"),
            1,
            NOON,
            definition.grain(),
            5.0,
            null,
            null,
            4,
            Trust.PARTIAL,
            1,
            end,
            "h");
    Instant limit = end.plus(Duration.ofMinutes(90));
    assertThat(definition.aged(point, limit, PeriodCalendar.NATURAL)).isSameAs(point);
    assertThat(definition.aged(point, limit.plusMillis(1), PeriodCalendar.NATURAL))
        .isEqualTo(point.withTrust(Trust.STALE));
    // what is due every hour is not old after half an hour, whatever freshness says
    IndicatorDefinition eager =
        Samples.group(Samples.PM25.replace("<=PT90M", "<=PT30M")).definitions().get(0);
    assertThat(eager.aged(point, end.plus(Duration.ofMinutes(65)), PeriodCalendar.NATURAL))
        .isSameAs(point);
    assertThat(eager.aged(point, end.plus(Duration.ofMinutes(66)), PeriodCalendar.NATURAL).trust())
        .isEqualTo(Trust.STALE);
    IndicatorPoint missing =
        new IndicatorPoint(
            point.key(), 1, NOON, point.grain(), null, null, null, 0, Trust.MISSING, 1, end, "m");
    assertThat(definition.aged(missing, limit.plusSeconds(9000), PeriodCalendar.NATURAL))
        .isSameAs(missing);

    assertThat(definition.feed(List.of(), limit, PeriodCalendar.NATURAL))
        .isEqualTo(new Feed.Stopped(null));
    assertThat(definition.feed(List.of(point), limit, PeriodCalendar.NATURAL))
        .isEqualTo(new Feed.Running(NOON, 5));
    IndicatorPoint next =
        new IndicatorPoint(
            point.key(), 1, ONE, point.grain(), null, null, null, 0, Trust.MISSING, 1, end, "m");
    assertThat(definition.feed(List.of(point, next), limit, PeriodCalendar.NATURAL))
        .isEqualTo(new Feed.NoData(ONE));
    assertThat(definition.feed(List.of(point, next), limit.plusMillis(1), PeriodCalendar.NATURAL))
        .isEqualTo(new Feed.Stopped(end));
  }

  @Test
  void outOfSeasonAFeedRestsAndNothingGrowsStale() {
    IndicatorDefinition definition =
        Samples.load(Samples.PM25.replace("grain: PT1H,", "grain: PT1H, calendar: heating,"), null)
            .all()
            .get(0);
    PeriodCalendar heating = Calendars.defaults().of("heating");
    Instant lastHour = Instant.parse("2026-04-15T15:00:00Z");
    IndicatorPoint last =
        new IndicatorPoint(
            SeriesKey.of("CVS-ENV-0001", "630102"),
            1,
            lastHour,
            definition.grain(),
            5.0,
            null,
            null,
            4,
            Trust.COMPLETE,
            1,
            lastHour,
            "");
    Instant july = Instant.parse("2026-07-01T00:00:00Z");
    assertThat(definition.feed(List.of(last), july, heating).state()).isEqualTo("resting");
    assertThat(definition.feed(List.of(last), july, PeriodCalendar.NATURAL).state())
        .isEqualTo("stopped");
    Instant season = Instant.parse("2026-10-14T16:00:00Z");
    assertThat(definition.feed(List.of(last), season.plusSeconds(80 * 60), heating).state())
        .as("the first hour has just closed")
        .isEqualTo("running");
    assertThat(definition.feed(List.of(last), season.plusSeconds(9 * 3600), heating).state())
        .isEqualTo("stopped");
  }
}
