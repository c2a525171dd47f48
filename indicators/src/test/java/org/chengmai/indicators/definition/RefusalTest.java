package org.chengmai.indicators.definition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;
import org.chengmai.indicators.Table;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class RefusalTest {

  @Test
  void theSampleIsAccepted() {
    assertThat(Samples.load(Samples.PM25, null).all()).hasSize(1);
    assertThat(Samples.load(Samples.RATIO, null).all()).hasSize(1);
  }

  /** A text of the sample, what replaces it, and the problem. */
  static Stream<Arguments> refusals() {
    return Stream.of(
        refused(
            "direction: lower_better",
            "direction: lower_better\nfarbe: rot",
            "a.yaml:26: farbe: unknown key; known here: apiVersion, kind, metadata, definition, unit, period, dimensions, region,"
                + " direction, thresholds, threshold_source, compare, normalise, weight, quality, detect, alert, governance, tests [malformed]"),
        refused(
            "for: PT2H, clear",
            "fuer: PT2H, clear",
            "a.yaml:27: thresholds[0].fuer: unknown key; known here: grade, when, for, clear, clear_for [malformed]"),
        refused(
            "chengmai/v1",
            "chengmai/v2",
            "a.yaml:1: apiVersion: 'chengmai/v2' is not chengmai/v1 [unknown-schema]"),
        refused(
            "kind: Indicator",
            "kind: Panel",
            "a.yaml:2: kind: 'Panel' is not Indicator [unknown-schema]"),
        refused(
            "grain: PT1H,",
            "grain: PT1H, calendar: lunar,",
            "a.yaml:22: period.calendar: calendar 'lunar': one of natural, workday, weekdays, heating, school, fiscal [invalid-period]"),
        refused(
            "grain: PT1H,",
            "grain: PT1H, calendar: school,",
            "a.yaml:22: period.calendar: calendar 'school': no school terms are configured; state them in the city's file, calendar.school [invalid-period]"),
        refused(
            "direction: lower_better",
            "direction: lower_better\nalert: {cap: {category: Air}}",
            "a.yaml:26: alert.cap.category: 'Air' is not one of Geo, Met, Safety, Security, Rescue, Fire, Health, Env, Transport, Infra, CBRNE, Other [invalid-alert]"),
        refused(
            "direction: lower_better",
            "direction: lower_better\nalert: {cap: {colour: red}}",
            "a.yaml:26: alert.cap.colour: is not known; category, event, urgency and certainty are [invalid-alert]"),
        refused(
            "direction: lower_better",
            "direction: lower_better\nalert: {route: Env Duty}",
            "a.yaml:26: alert.route: 'Env Duty' is not a name such as env-duty [invalid-alert]"),
        refused(
            "direction: lower_better",
            "direction: lower_better\nalert: {escalate: [PT30M: shift-lead, PT10M: deputy-director]}",
            "a.yaml:26: alert.escalate[1]: PT10M is not later than the step before [invalid-alert]"),
        refused(
            "direction: lower_better",
            "direction: lower_better\nalert: {escalate: [soon: shift-lead]}",
            "a.yaml:26: alert.escalate[0]: 'soon' is not a duration such as PT10M [invalid-alert]"),
        refused(
            "direction: lower_better",
            "direction: lower_better\nalert: {dedup: [code, street]}",
            "a.yaml:26: alert.dedup[1]: 'street' is not one of code, region [invalid-alert]"),
        refused(
            "direction: lower_better",
            "direction: lower_better\ngovernance: {label: 一般-12}",
            "a.yaml:26: governance.label: '一般-12' is not 核心, 重要 or 一般, with a level such as 一般-2 if there is one [invalid-governance]"),
        refused(
            "direction: lower_better",
            "direction: lower_better\ngovernance: {share: everybody}",
            "a.yaml:26: governance.share: 'everybody' is not one of unconditional, conditional, none [invalid-governance]"),
        refused(
            "direction: lower_better",
            "direction: lower_better\ngovernance: {k_min: 0}",
            "a.yaml:26: governance.k_min: 0 is below 1: the least number of people behind a value that is shown [invalid-governance]"),
        refused(
            "sensitivity: 0.98",
            "sensitivity: 0.98, suppress_when: [rain]",
            "a.yaml:31: detect.suppress_when[0]: 'rain' is not one of quality.bad, maintenance, exercise [invalid-detector]"),
        refused(
            "CVS-ENV-0001",
            "ENV-1",
            "a.yaml:4: metadata.code: 'ENV-1' is not of the form CVS-ABC-0000 [invalid-code]"),
        refused(
            "CVS-ENV-0001",
            "CVS-TRF-0001",
            "a.yaml:4: metadata.code: prefix TRF belongs to the domain traffic, not environment [invalid-code]"),
        refused(
            "CVS-ENV-0001",
            "CVS-XYZ-0001",
            "a.yaml:4: metadata.code: prefix XYZ belongs to no domain [invalid-code]"),
        refused(
            "version: 1",
            "version: 0",
            "a.yaml:5: metadata.version: 0 is below 1 [invalid-version]"),
        refused(
            "  domain: environment",
            "  effective: {from: 2026-01-02, to: 2026-01-01}\n  domain: environment",
            "a.yaml:7: metadata.effective: ends before it begins [invalid-validity]"),
        refused(
            "  domain: environment",
            "  domain: umwelt",
            "a.yaml:7: metadata.domain: 'umwelt' is not one of [safety, traffic, utilities, environment, health, emergency, hotline,"
                + " economy, housing, urban, weather, government] [malformed]"),
        refused("  caliber: 算术平均\n", "", "a.yaml:11: definition.caliber: is missing [malformed]"),
        refused(
            "caliber: 算术平均",
            "caliber: ' '",
            "a.yaml:11: definition.caliber: is blank: say in words what is counted [formula]"),
        refused(
            "type: simple",
            "type: derived",
            "a.yaml:15: definition.value: does not belong to type derived [formula]",
            "a.yaml:10: definition.formula: is missing: a formula over measures [formula]"),
        refused(
            "  from: topic_env.air\n",
            "",
            "a.yaml:10: definition.from: is missing: a table schema.table or a query in parentheses [formula]"),
        refused(
            "from: topic_env.air",
            "from: air",
            "a.yaml:13: definition.from: 'air' is neither schema.table nor a query in parentheses [formula]"),
        refused(
            "  value: AVG(val)\n",
            "",
            "a.yaml:10: definition.value: is missing: one aggregate such as AVG(val) [formula]"),
        refused(
            "value: AVG(val)",
            "value: AVG(val) + 1",
            "a.yaml:15: definition.value: 'AVG(val) + 1' is not one SUM, COUNT, AVG, MIN, MAX, PERCENTILE(0.9, x), ENERGY_MEAN or MOVING_MAX(8, 6, x) of an expression [formula]"),
        refused(
            "value: AVG(val)",
            "value: COUNT(DISTINCT val)",
            "a.yaml:15: definition.value: 'COUNT(DISTINCT val)' is not one SUM, COUNT, AVG, MIN, MAX, PERCENTILE(0.9, x), ENERGY_MEAN or MOVING_MAX(8, 6, x) of an expression [formula]"),
        refused(
            "value: AVG(val)",
            "value: SUM(val) / SUM(n)",
            "a.yaml:15: definition.value: 'SUM(val) / SUM(n)' is not one SUM, COUNT, AVG, MIN, MAX, PERCENTILE(0.9, x), ENERGY_MEAN or MOVING_MAX(8, 6, x) of an expression [formula]"),
        refused(
            "value: AVG(val)",
            "value: AVG(val)\n  count: MAX(val)",
            "a.yaml:16: definition.count: 'MAX(val)' is not one SUM or COUNT, so it cannot be recomputed over regions [formula]"),
        refused(
            "type: simple",
            "type: ratio",
            "a.yaml:15: definition.value: does not belong to type ratio [formula]",
            "a.yaml:10: definition.ratio: is missing: {num, den, scale, zero_den} [formula]"),
        refused(
            "expected: 4",
            "expected: 0",
            "a.yaml:16: definition.expected: is not above zero [formula]"),
        refused(
            "update_cycle: PT15M",
            "update_cycle: PT2H",
            "a.yaml:22: period.grain: PT1H is finer than the source's update cycle PT2H [formula]"),
        refused(
            "{region: recompute}",
            "{region: sum}",
            "a.yaml:18: definition.additivity.region: sum over regions does not fit AVG(val); recompute does [non-additive]"),
        refused(
            "{region: recompute}",
            "{region: max}",
            "a.yaml:18: definition.additivity.region: max over regions does not fit AVG(val); recompute does [non-additive]"),
        refused(
            "{region: recompute}",
            "{region: weighted(a b)}",
            "a.yaml:18: definition.additivity.region: 'weighted(a b)' is not one of sum, avg, max, recompute, none, weighted(column) [non-additive]"),
        refused(
            "{region: recompute}",
            "{region: total}",
            "a.yaml:18: definition.additivity.region: 'total' is not one of sum, avg, max, recompute, none, weighted(column) [non-additive]"),
        refused(
            "{region: recompute}",
            "{time: total, region: recompute}",
            "a.yaml:18: definition.additivity.time: 'total' is not one of sum, avg, max, recompute, none [non-additive]"),
        refused(
            "{region: recompute}",
            "{time: sum, region: recompute}",
            "a.yaml:18: definition.additivity.time: sum over periods does not fit AVG(val) of type simple; leave it out for what does [non-additive]"),
        refused(
            "{region: recompute}",
            "{time: max, region: recompute}",
            "a.yaml:18: definition.additivity.time: max over periods does not fit AVG(val) of type simple; leave it out for what does [non-additive]"),
        refused(
            "policy: gap",
            "policy: carry",
            "a.yaml:19: definition.missing.max_carry: is missing: how long a value may stand in for those that follow, such as PT3H [formula]"),
        refused(
            "policy: gap",
            "policy: gap, max_carry: PT3H",
            "a.yaml:19: definition.missing.max_carry: belongs to the policies carry and interpolate [formula]"),
        refused(
            "policy: gap",
            "policy: zero",
            "a.yaml:19: definition.missing.policy: zero is for sums and counts: no input is no average and no maximum [formula]"),
        refused(
            "policy: gap",
            "policy: guess",
            "a.yaml:19: definition.missing.policy: 'guess' is not one of gap, zero, carry, interpolate [formula]"),
        refused(
            "min_coverage: 0.75",
            "min_coverage: 1.5",
            "a.yaml:19: definition.missing.min_coverage: 1.5 is not from 0 to 1 [formula]"),
        refused(
            "inputs: []",
            "inputs: [\"table:x\"]",
            "a.yaml:20: definition.inputs[0]: 'table:x' is neither indicator:CVS-… nor catalog:… [formula]"),
        refused(
            "inputs: []",
            "inputs: [\"indicator:CVS-ENV-0009\"]",
            "a.yaml:20: definition.inputs[0]: no definition of CVS-ENV-0009 [unknown-indicator]"),
        refused(
            "inputs: []",
            "inputs: [\"indicator:CVS-ENV-0001\"]",
            "a.yaml:20: definition.inputs[0]: a cycle: CVS-ENV-0001 -> CVS-ENV-0001 [input-cycle]"),
        refused(
            "decimals: 1",
            "decimals: 12",
            "a.yaml:21: unit.decimals: 12 is not from 0 to 9 [invalid-unit]"),
        refused(
            "HALF_EVEN",
            "nearest",
            "a.yaml:21: unit.rounding: 'nearest' is not a rounding mode such as HALF_EVEN [invalid-unit]"),
        refused(
            "[0, 2000]",
            "[2000, 0]",
            "a.yaml:21: unit.range: is the least and the greatest plausible value [invalid-unit]"),
        refused(
            "grain: PT1H",
            "grain: PT7M",
            "a.yaml:22: period.grain: 'PT7M' is not a grain [malformed]"),
        refused(
            "Asia/Shanghai",
            "Asia/Xining",
            "a.yaml:22: period.tz: 'Asia/Xining' is not a time zone [invalid-period]"),
        refused(
            "watermark: PT5M",
            "watermark: PT-5M",
            "a.yaml:22: period.watermark: is negative [invalid-period]"),
        refused(
            "lateness: PT48H",
            "lateness: PT-1H",
            "a.yaml:22: period.lateness: is negative [invalid-period]"),
        refused(
            "dimensions: []",
            "dimensions: [kind, \"a b\", kind]",
            "a.yaml:23: dimensions[1]: 'a b' is not a column [invalid-dimension]",
            "a.yaml:23: dimensions[2]: 'kind' is listed twice [invalid-dimension]"),
        refused(
            "scheme: GBT2260",
            "scheme: NUTS",
            "a.yaml:24: region.scheme: 'NUTS' is not supported yet by this version; GBT2260 is [invalid-region]"),
        refused(
            "[city, county]",
            "[]",
            "a.yaml:24: region.levels: needs at least one level [unknown-region-level]"),
        refused(
            "[city, county]",
            "[county, city]",
            "a.yaml:24: region.levels[1]: list levels from large to small, each once [unknown-region-level]"),
        refused(
            "[city, county]",
            "[province, city]",
            "a.yaml:24: region.levels[0]: no region of level province is configured [unknown-region-level]"),
        refused(
            "levels: [city, county]",
            "levels: [city, county], only: [\"630122\", \"110101\", \"630102\"]",
            "a.yaml:24: region.only[0]: region code 630122 is not valid today; it is 630106 now [invalid-region]",
            "a.yaml:24: region.only[1]: region code 110101 is not valid today [invalid-region]"),
        refused(
            "model: threshold+seasonal",
            "model: \"threshold, seasonal\"",
            "a.yaml:31: detect.model: 'threshold, seasonal' is not a list of detector ids joined by + [invalid-detector]"),
        refused(
            "sensitivity: 0.98",
            "sensitivity: 98",
            "a.yaml:31: detect.sensitivity: 98.0 is not between 0 and 1 [invalid-detector]"),
        refused(
            "\"<=PT90M\"",
            "\"90 min\"",
            "a.yaml:30: quality.freshness: '90 min' is not of the form <=PT90M [invalid-quality]"),
        refused(
            "freshness: \"<=PT90M\"",
            "jump: \"500\"",
            "a.yaml:30: quality.jump: '500' is not of the form <=500 [invalid-quality]"),
        refused(
            "freshness: \"<=PT90M\"",
            "cross: \"v <= 5*mad\"",
            "a.yaml:30: quality.cross: 'v <= 5*mad' is not of the form abs(v - neighbour_median) <= 5*mad [invalid-quality]"),
        refused(
            "freshness: \"<=PT90M\"",
            "flatline: PT1H",
            "a.yaml:30: quality.flatline: PT1H holds 1 periods of PT1H, the rule needs 2 [invalid-quality]"),
        refused(
            "freshness: \"<=PT90M\"",
            "constancy: \">=0.1 over P30D\"",
            "a.yaml:30: quality.constancy: looks back PT5760H, which is more than 3000 periods of PT1H [invalid-quality]"),
        refused(
            "threshold_source: 城市自定\n",
            "",
            "a.yaml:1: threshold_source: is missing: who set the thresholds, and where is it written [missing-threshold-source]"),
        refused(
            "grade: orange",
            "grade: blue",
            "a.yaml:28: thresholds[1].grade: blue after yellow: list thresholds from mild to severe, each grade once [thresholds-not-mild-to-severe]"),
        refused(
            "grade: orange",
            "grade: yellow",
            "a.yaml:28: thresholds[1].grade: yellow after yellow: list thresholds from mild to severe, each grade once [thresholds-not-mild-to-severe]"),
        refused(
            "value >= 151",
            "value >= 116",
            "a.yaml:28: thresholds[1].when: 'value >= 116' repeats the bound of 'value >= 116' [duplicate-bound]"),
        refused(
            "value >= 151",
            "value >= 100",
            "a.yaml:28: thresholds[1].when: 'value >= 100' is milder than 'value >= 116': list thresholds from mild to severe [thresholds-not-mild-to-severe]"),
        refused(
            "direction: lower_better",
            "direction: higher_better",
            "a.yaml:27: thresholds[0].when: 'value >= 116' opposes the direction higher_better [threshold-opposes-direction]",
            "a.yaml:28: thresholds[1].when: 'value >= 151' opposes the direction higher_better [threshold-opposes-direction]"),
        refused(
            "value >= 151",
            "value <= 10",
            "a.yaml:28: thresholds[1].when: 'value <= 10' opposes the direction lower_better [threshold-opposes-direction]"),
        refused(
            "value < 105",
            "value < 130",
            "a.yaml:27: thresholds[0].clear: 'value < 130' may hold while 'value >= 116' holds [clear-within-when]"),
        refused(
            "value < 105",
            "value > 105",
            "a.yaml:27: thresholds[0].clear: 'value > 105' may hold while 'value >= 116' holds [clear-within-when]"),
        refused(
            "clear: \"value < 105\", ",
            "",
            "a.yaml:27: thresholds[0].clear_for: needs a clear condition [invalid-threshold]"),
        refused(
            "for: PT2H, clear",
            "for: PT-2H, clear",
            "a.yaml:27: thresholds[0]: for and clear_for are not negative [invalid-threshold]"),
        refused(
            "value >= 151",
            "value over 151",
            "a.yaml:28: thresholds[1].when: condition 'value over 151': expected an operator <, <=, >, >=, = or between at 'over 151' [invalid-condition]"),
        refused(
            "lifecycle: reviewing",
            "lifecycle: published",
            "a.yaml:1: tests: a published definition needs at least one test [missing-tests]"),
        refused(
            "detect:",
            "tests: [{given: fixtures/a.csv, asof: yesterday, expect: {region: \"630122\", v: 1}}]\ndetect:",
            "a.yaml:31: tests[0].given: rows inside the file as CSV, a header and at least one row [invalid-test]",
            "a.yaml:31: tests[0].asof: 'yesterday' is not a time with offset such as 2026-01-05T12:00+08:00 [invalid-test]",
            "a.yaml:31: tests[0].expect.region: region code 630122 is not valid then [invalid-test]"),
        refused(
            "detect:",
            "tests: [{given: \"ts,val\\n1,2,3\", asof: 2026-01-05T12:00+08:00, expect: {region: \"630102\"}}]\ndetect:",
            "a.yaml:31: tests[0].given: row 1 has 3 cells, the header 2 [invalid-test]"));
  }

  private static Arguments refused(String text, String replacement, String... problems) {
    return Arguments.of(text, replacement, List.of(problems));
  }

  @ParameterizedTest(name = "{index}: {1}")
  @MethodSource("refusals")
  void whatWouldMisleadIsRefused(String text, String replacement, List<String> problems) {
    assertThat(Samples.PM25).contains(text);
    assertRefused(Samples.PM25.replace(text, replacement), problems.toArray(String[]::new));
  }

  @Test
  void aRatioNeedsAnAnswerToAZeroDenominator() {
    assertRefused(
        Samples.RATIO.replace(", zero_den: \"null\"", ""),
        "a.yaml:15: definition.ratio.zero_den: is missing: a ratio without it could show infinity; write zero_den: \"null\" [formula]");
    assertRefused(
        Samples.RATIO.replace("zero_den: \"null\"", "zero_den: 0"),
        "a.yaml:15: definition.ratio.zero_den: '0' would show a number where there is none; only \"null\" is allowed [formula]");
  }

  @Test
  void aRatioIsOfSumsAndNeverAddedOverRegions() {
    assertRefused(
        Samples.RATIO
            .replace("num: SUM(val)", "num: AVG(val)")
            .replace("region: recompute", "region: sum"),
        "a.yaml:15: definition.ratio.num: 'AVG(val)' is not one SUM or COUNT, so it cannot be recomputed over regions [formula]",
        "a.yaml:18: definition.additivity.region: sum over regions does not fit a ratio; recompute does [non-additive]");
    assertRefused(
        Samples.RATIO.replace("type: ratio", "type: simple"),
        "a.yaml:15: definition.ratio: belongs to type ratio, not simple [formula]",
        "a.yaml:10: definition.value: is missing: one aggregate such as AVG(val) [formula]");
  }

  @Test
  void rangesNeitherOverlapNorLeaveGaps() {
    String mild =
        Samples.PM25
            .replace("value >= 116", "value between 100 and 150")
            .replace(", clear: \"value < 105\", clear_for: PT1H", "");
    assertRefused(
        mild.replace("value >= 151", "value between 140 and 200"),
        "a.yaml:28: thresholds[1].when: 'value between 140 and 200' overlaps 'value between 100 and 150' [threshold-overlap]");
    assertRefused(
        mild,
        "a.yaml:28: thresholds[1].when: 'value >= 151' leaves a gap after 'value between 100 and 150' [threshold-gap]");
    assertThat(Samples.load(mild.replace("value >= 151", "value > 150"), null).all()).hasSize(1);
    String falling = mild.replace("direction: lower_better", "direction: higher_better");
    assertRefused(
        falling.replace("value >= 151", "value < 99"),
        "a.yaml:28: thresholds[1].when: 'value < 99' leaves a gap after 'value between 100 and 150' [threshold-gap]");
    assertThat(
            Samples.load(falling.replace("value >= 151", "value between 50 and 100"), null).all())
        .hasSize(1);
  }

  @Test
  void theSameBoundForLongerIsAMoreSevereGrade() {
    assertThat(
            Samples.load(
                    Samples.PM25.replace("value >= 151\", for: PT2H", "value >= 116\", for: PT4H"),
                    null)
                .all())
        .hasSize(1);
  }

  @Test
  void aConditionLooksBackNoFurtherThanADetectorRemembers() {
    assertThat(
            Samples.load(Samples.PM25.replace("value >= 151", "value >= 151 2 of 64"), null).all())
        .hasSize(1);
    assertRefused(
        Samples.PM25.replace("value >= 151", "value >= 151 2 of 65"),
        "a.yaml:28: thresholds[1].when: 'value >= 151 2 of 65' looks back more than 64 periods [invalid-threshold]");
  }

  @Test
  void aCycleOfInputsIsNamedFromEachEnd() {
    String a = Samples.PM25.replace("inputs: []", "inputs: [\"indicator:CVS-ENV-0002\"]");
    String b =
        Samples.PM25
            .replace("CVS-ENV-0001", "CVS-ENV-0002")
            .replace("inputs: []", "inputs: [\"indicator:CVS-ENV-0001\"]");
    assertThatThrownBy(() -> Samples.load(Map.of("a.yaml", a, "b.yaml", b)))
        .hasMessage(
            """
            a.yaml:20: definition.inputs[0]: a cycle: CVS-ENV-0001 -> CVS-ENV-0002 -> CVS-ENV-0001 [input-cycle]
            b.yaml:20: definition.inputs[0]: a cycle: CVS-ENV-0002 -> CVS-ENV-0001 -> CVS-ENV-0002 [input-cycle]""");
  }

  @Test
  void weatherIsOtherIndicatorsOfTheSameGrainOneSeriesARegionEachOnce() {
    String wind = Samples.PM25.replace("CVS-ENV-0001", "CVS-ENV-0002");
    String daily = wind.replace("0002", "0003").replace("grain: PT1H", "grain: P1D");
    String split = wind.replace("0002", "0004").replace("dimensions: []", "dimensions: [height]");
    Map<String, String> others = Map.of("b.yaml", wind, "c.yaml", daily, "d.yaml", split);
    assertThat(weather(others, "CVS-ENV-0002").detect().weather()).containsExactly("CVS-ENV-0002");
    assertThatThrownBy(
            () ->
                weather(
                    others,
                    "CVS-WEA-0009, CVS-ENV-0001, CVS-ENV-0002, CVS-ENV-0002, CVS-ENV-0003, CVS-ENV-0004"))
        .hasMessage(
            """
            a.yaml:31: detect.weather[0]: no definition of CVS-WEA-0009; name an indicator that is defined here [unknown-indicator]
            a.yaml:31: detect.weather[1]: is the indicator itself, whose past is looked at anyway; leave it out [invalid-detector]
            a.yaml:31: detect.weather[3]: 'CVS-ENV-0002' is listed twice; leave one out [invalid-detector]
            a.yaml:31: detect.weather[4]: CVS-ENV-0003 has periods of P1D, not of PT1H; name one of the same grain [invalid-detector]
            a.yaml:31: detect.weather[5]: CVS-ENV-0004 has several series in a region, by height; name one without dimensions [invalid-detector]""");
  }

  @Test
  void weatherIsEightIndicatorsAtMost() {
    Map<String, String> others = new TreeMap<>();
    for (int i = 2; i <= 10; i++) {
      String code = "CVS-ENV-00%02d".formatted(i);
      others.put(code, Samples.PM25.replace("CVS-ENV-0001", code));
    }
    assertThatThrownBy(() -> weather(others, String.join(", ", others.keySet())))
        .hasMessage(
            "a.yaml:31: detect.weather: names 9 indicators; name the 8 that matter most [invalid-detector]");
    others.remove("CVS-ENV-0010");
    assertThat(weather(others, String.join(", ", others.keySet())).detect().weather()).hasSize(8);
  }

  /** The sample beside others, with the weather that it names. */
  private static IndicatorDefinition weather(Map<String, String> others, String codes) {
    Map<String, String> files = new TreeMap<>(others);
    files.put("a.yaml", Samples.PM25.replace("0.98}", "0.98, weather: [" + codes + "]}"));
    return Samples.load(files).get("CVS-ENV-0001");
  }

  @Test
  void aCodeAndVersionIsDefinedOnce() {
    assertThatThrownBy(() -> Samples.load(Map.of("a.yaml", Samples.PM25, "b.yaml", Samples.PM25)))
        .hasMessage(
            "b.yaml:4: metadata.code: CVS-ENV-0001 version 1 is defined twice [duplicate-code]");
    assertThat(
            Samples.load(
                    Map.of(
                        "a.yaml",
                        Samples.PM25,
                        "b.yaml",
                        Samples.PM25.replace("version: 1", "version: 2")))
                .all())
        .hasSize(2);
  }

  @Test
  void problemsOfAllFilesAreReportedTogether() {
    assertThatThrownBy(
            () ->
                Samples.load(
                    Map.of(
                        "b.yaml", "kind: [",
                        "a.yaml",
                            Samples.PM25
                                .replace("decimals: 1", "decimals: -1")
                                .replace("version: 1", "version: 0"),
                        "c.yaml", Samples.RATIO.replace("CVS-ENV-0001", "CVS-ENV-0007"))))
        .hasMessageStartingWith(
            "a.yaml:5: metadata.version: 0 is below 1 [invalid-version]\na.yaml:21: unit.decimals: -1 is not from 0 to 9 [invalid-unit]\nb.yaml:")
        .hasMessageNotContaining("c.yaml");
  }

  @Test
  void theGeneratedSqlIsCheckedAgainstTheTables() {
    ChengmaiException unknown =
        new ChengmaiException(ErrorCode.INVALID_INPUT, "no column 'val' in topic_env.air");
    assertThatThrownBy(
            () ->
                Samples.load(
                    Samples.PM25,
                    sql -> {
                      assertThat(sql).contains("SUM(val) AS a_0").contains("FROM topic_env.air");
                      throw unknown;
                    }))
        .hasMessage("a.yaml:10: definition: no column 'val' in topic_env.air [invalid-sql]");
    assertThat(
            Samples.load(
                    Samples.PM25, sql -> List.of(new Table.Column("period_start", "TIMESTAMP")))
                .all())
        .hasSize(1);
  }

  @Test
  void draftsAreNotCheckedAgainstTheTables() {
    String draft = Samples.PM25.replace("lifecycle: reviewing", "lifecycle: draft");
    IndicatorCatalogue catalogue =
        Samples.load(
            draft,
            sql -> {
              throw new AssertionError();
            });
    assertThat(catalogue.groups(Samples.DAY)).isEmpty();
    assertThat(catalogue.find("CVS-ENV-0001")).isPresent();
  }

  @Test
  void oneMoreDefinitionIsCheckedBesideTheOthersWhateverItsLifecycle() {
    IndicatorCatalogue catalogue = Samples.load(Samples.PM25, null);
    String draft =
        Samples.PM25
            .replace("version: 1", "version: 2")
            .replace("lifecycle: reviewing", "lifecycle: draft")
            .replace("inputs: []", "inputs: [\"indicator:CVS-ENV-0001\"]");
    assertThatThrownBy(() -> catalogue.draft("draft.yaml", draft, null))
        .hasMessage(
            "draft.yaml:20: definition.inputs[0]: a cycle: CVS-ENV-0001 -> CVS-ENV-0001 [input-cycle]");
    String apart = draft.replace("  code: CVS-ENV-0001", "  code: CVS-ENV-0002");
    assertThat(catalogue.draft("draft.yaml", apart, null).version()).isEqualTo(2);
    assertThatThrownBy(
            () ->
                catalogue.draft(
                    "draft.yaml",
                    apart,
                    sql -> {
                      throw new ChengmaiException(
                          ErrorCode.INVALID_INPUT, "no table topic_env.air");
                    }))
        .hasMessage("draft.yaml:10: definition: no table topic_env.air [invalid-sql]");
    assertThat(catalogue.all()).as("the catalogue stays as it is").hasSize(1);
  }

  private static void assertRefused(String yaml, String... problems) {
    assertThat(problems(yaml)).containsExactlyInAnyOrder(problems);
  }

  private static List<String> problems(String yaml) {
    try {
      Samples.load(yaml, null);
      return List.of();
    } catch (ChengmaiException e) {
      assertThat(e.code()).isEqualTo(ErrorCode.INVALID_DEFINITION);
      return e.getMessage().lines().toList();
    }
  }
}
