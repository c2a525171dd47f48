package org.chengmai.indicators.definition;

import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.chengmai.indicators.SqlChecker;
import org.chengmai.indicators.region.Regions;
import org.jspecify.annotations.Nullable;

/** Definitions that tests begin with, and change by replacing text. */
final class Samples {
  static final LocalDate DAY = LocalDate.of(2026, 1, 5);
  static final Regions REGIONS = Regions.xining();

  /** A correct definition; each line is unique, so that tests can replace one. */
  static final String PM25 =
      """
      apiVersion: chengmai/v1
      kind: Indicator
      metadata:
        code: CVS-ENV-0001
        version: 1
        name: {zh: 细颗粒物小时浓度, en: PM2.5 hourly, short: PM2.5}
        domain: environment
        layer: micro
        lifecycle: reviewing
      definition:
        caliber: 算术平均
        type: simple
        from: topic_env.air
        where: measure = 'air.pm25'
        value: AVG(val)
        expected: 4
        update_cycle: PT15M
        additivity: {region: recompute}
        missing: {policy: gap, min_coverage: 0.75}
        inputs: []
      unit: {code: ug/m3, display: μg/m³, decimals: 1, rounding: HALF_EVEN, range: [0, 2000]}
      period: {grain: PT1H, tz: Asia/Shanghai, watermark: PT5M, lateness: PT48H}
      dimensions: []
      region: {scheme: GBT2260, asof: true, levels: [city, county]}
      direction: lower_better
      thresholds:
        - {grade: yellow, when: "value >= 116", for: PT2H, clear: "value < 105", clear_for: PT1H}
        - {grade: orange, when: "value >= 151", for: PT2H}
      threshold_source: 城市自定
      quality: {freshness: "<=PT90M"}
      detect: {model: threshold+seasonal, sensitivity: 0.98}
      """;

  /** {@link #PM25} as a ratio. */
  static final String RATIO =
      PM25.replace("type: simple", "type: ratio")
          .replace(
              "value: AVG(val)",
              "ratio: {num: SUM(val), den: COUNT(val), scale: 100, zero_den: \"null\"}");

  private Samples() {}

  static IndicatorCatalogue load(Map<String, String> files) {
    return IndicatorCatalogue.load(files, REGIONS, null);
  }

  static IndicatorCatalogue load(String yaml, @Nullable SqlChecker checker) {
    return IndicatorCatalogue.load(Map.of("a.yaml", yaml), REGIONS, checker);
  }

  static IndicatorGroup group(String... yaml) {
    Map<String, String> files = new TreeMap<>();
    for (String one : yaml) {
      files.put("f" + files.size() + ".yaml", one);
    }
    List<IndicatorGroup> groups = load(files).groups(DAY);
    if (groups.size() != 1) {
      throw new AssertionError("expected one group, got " + groups);
    }
    return groups.get(0);
  }
}
