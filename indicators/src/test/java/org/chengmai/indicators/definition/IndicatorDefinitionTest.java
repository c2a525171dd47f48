package org.chengmai.indicators.definition;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.chengmai.indicators.Grade;
import org.chengmai.indicators.Table;
import org.junit.jupiter.api.Test;

class IndicatorDefinitionTest {
  private static final String EVERY_KEY =
      """
      apiVersion: chengmai/v1
      kind: Indicator
      metadata:
        code: CVS-ENV-0001
        version: 3
        effective: {from: 2026-01-01, to: null, restate: false}
        name: {zh: 细颗粒物小时浓度, en: PM2.5 hourly, short: PM2.5}
        domain: environment
        layer: micro
        lifecycle: published
      definition:
        caliber: 全部国控/省控点有效小时均值的算术平均
        type: simple
        from: topic_env.air
        where: (kind = 'pm25')
        time: ts
        region: region
        value: AVG(val)
        scale: 1
        count: COUNT(val)
        expected: 2
        update_cycle: PT15M
        additivity: {time: avg, region: recompute}
        missing: {policy: gap, max_carry: PT0S, min_coverage: 0.75}
        inputs: [catalog:3070020001234/air_hour.pm25]
      unit: {code: ug/m3, display: μg/m³, decimals: 0, rounding: HALF_EVEN, range: [0, 2000]}
      period: {grain: PT1H, tz: Asia/Shanghai, calendar: natural,
               watermark: PT20M, lateness: PT48H, revisions: keep}
      dimensions: [pollutant, station_type]
      region: {scheme: GBT2260, asof: true, levels: [city, county], only: ["630102"]}
      direction: lower_better
      thresholds:
        - {grade: yellow, when: "value >= 116", for: PT2H, clear: "value < 105", clear_for: PT1H}
        - {grade: red,    when: "value >= 251", for: PT1H}
      threshold_source: 城市自定(参考HJ 633)
      compare: {yoy: true, mom: true, wow: true, align: solar, same_slot_weeks: 6}
      normalise: {method: piecewise, points: [[0,100],[35,90],[75,60],[150,20],[250,0]]}
      weight: {value: 0.12, method: combo, entropy_lambda: 0.4}
      quality: {completeness: ">=0.9", freshness: "<=PT90M", jump: "<=500", flatline: PT6H,
                cross: "abs(v - neighbour_median) <= 5*mad"}
      detect: {model: seasonal-resid+ocsvm, history: P8W, holiday: cn, sensitivity: 0.98,
               suppress_when: [quality.bad, maintenance, exercise], budget_per_day: 3}
      alert: {cap: {category: Env, event: 11B, urgency: Expected}, route: env-duty,
              escalate: [PT10M: shift-lead, PT30M: deputy-director], runbook: rb/env-01, dedup: [code, region]}
      governance: {owner_dept: 11630100xxxxxxxxxx, steward: role:env-data, label: 一般-2,
                   share: conditional, open: yes, k_min: 5, authority: primary}
      tests:
        - given: |
            ts,kind,pollutant,station_type,region,val
            2026-01-05T11:10:00+08:00,pm25,pm25,national,630102,40
            2026-01-05T11:40:00+08:00,pm25,pm25,national,630102,46
            2026-01-05T11:50:00+08:00,pm25,pm25,provincial,630102,
          asof: 2026-01-05T12:00+08:00
          expect: {region: "630102", dimensions: {pollutant: pm25, station_type: national}, v: 43, n: 2, trust: complete}
      """;

  private final IndicatorDefinition definition = Samples.load(EVERY_KEY, null).get("CVS-ENV-0001");
  private final GoldenTest test = definition.tests().get(0);

  @Test
  void everyKeyOfTheSchemaIsMapped() {
    assertThat(definition).hasNoNullFieldsOrPropertiesExcept();
    assertThat(definition.metadata().name().shortName()).isEqualTo("PM2.5");
    assertThat(definition.thresholds())
        .extracting(Threshold::grade)
        .containsExactly(Grade.YELLOW, Grade.RED);
    assertThat(definition.compare())
        .isEqualTo(new IndicatorDefinition.Compare(true, true, true, "solar", 6));
    assertThat(definition.weight()).isEqualTo(new IndicatorDefinition.Weight(0.12, "combo", 0.4));
    assertThat(definition.normalise())
        .extracting(n -> n.points().get(1))
        .isEqualTo(List.of(35.0, 90.0));
    assertThat(definition.alert())
        .extracting(a -> a.escalate().get(1))
        .isEqualTo(Map.of("PT30M", "deputy-director"));
    assertThat(definition.governance()).extracting(Governance::open).isEqualTo("yes");
    assertThat(definition.detect().detectors()).containsExactly("seasonal-resid", "ocsvm");
    assertThat(definition.domain()).isEqualTo(Domain.ENVIRONMENT);
  }

  @Test
  void goldenRowsStandInForTheTable() {
    assertThat(test.sql(definition, Samples.REGIONS))
        .isEqualTo(
            """
            SELECT
              TIME_FLOOR(ts, 'PT1H', 'Asia/Shanghai') AS period_start,
              region AS region_code,
              pollutant AS dim_0,
              station_type AS dim_1,
              SUM(val) AS a_0,
              COUNT(val) AS b_0
            FROM (VALUES (TIMESTAMP '2026-01-05 03:10:00', 'pm25', 'pm25', 'national', '630102', CAST(40 AS DOUBLE)),\
             (TIMESTAMP '2026-01-05 03:40:00', 'pm25', 'pm25', 'national', '630102', CAST(46 AS DOUBLE)),\
             (TIMESTAMP '2026-01-05 03:50:00', 'pm25', 'pm25', 'provincial', '630102', CAST(NULL AS DOUBLE)))\
             AS given("ts", "kind", "pollutant", "station_type", "region", "val")
            WHERE ts >= TIMESTAMP '2026-01-05 03:00:00'
              AND ts < TIMESTAMP '2026-01-05 04:00:00'
              AND ((kind = 'pm25'))
            GROUP BY TIME_FLOOR(ts, 'PT1H', 'Asia/Shanghai'), region, pollutant, station_type""");
  }

  @Test
  void aGoldenTestSaysWhatDiffers() {
    assertThat(test.failure(definition, Samples.REGIONS, result(86.0, 2L))).isEmpty();
    assertThat(test.failure(definition, Samples.REGIONS, result(80.0, 1L)))
        .contains(
            "CVS-ENV-0001/630102/pollutant=pm25;station_type=national at 2026-01-05T03:00:00Z:"
                + " v is 80.0, expected 43.0, n is 1, expected 2, trust is PARTIAL, expected COMPLETE");
    assertThat(
            test.failure(
                definition, Samples.REGIONS, new Table(result(1, 1L).columns(), List.of())))
        .contains(
            "no value of CVS-ENV-0001/630102/pollutant=pm25;station_type=national at 2026-01-05T03:00:00Z");
  }

  private static Table result(double sum, long count) {
    List<Table.Column> columns =
        List.of("period_start", "region_code", "dim_0", "dim_1", "a_0", "b_0", "n_0").stream()
            .map(c -> new Table.Column(c, "ANY"))
            .toList();
    return new Table(
        columns,
        List.of(
            Arrays.asList(
                Instant.parse("2026-01-05T03:00:00Z"),
                "630102",
                "pm25",
                "national",
                sum,
                count,
                count)));
  }
}
