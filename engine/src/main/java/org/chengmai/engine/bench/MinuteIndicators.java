package org.chengmai.engine.bench;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.chengmai.indicators.Series;
import org.chengmai.indicators.definition.Domain;

/**
 * A made-up city that computes indicators each minute: of every measure the mean, the greatest, the
 * least, the count and, as often as wanted, the share of readings above a limit. Measures belong to
 * the twelve domains, each of which is a library. Immutable.
 *
 * @param regions codes of the districts whose sensors send
 * @param perMeasure indicators over each measure, at least five
 */
record MinuteIndicators(List<String> regions, int perMeasure) {
  static final int MEASURES = 125;
  private static final int SENSORS = 8;
  private static final Domain[] DOMAINS = Domain.values();
  private static final int COUNTED = 3;
  private static final int ROWS_PER_REQUEST = 1_000;

  MinuteIndicators {
    regions = List.copyOf(regions);
  }

  int indicators() {
    return MEASURES * perMeasure;
  }

  /** One for each indicator in each district and the city. */
  int series() {
    return indicators() * (regions.size() + 1);
  }

  /** Codes of the indicators that count a minute's readings; over the city they count all. */
  List<String> counting() {
    List<String> codes = new ArrayList<>();
    for (int measure = 0; measure < MEASURES; measure++) {
      codes.add(code(measure, COUNTED));
    }
    return codes;
  }

  /** All codes. */
  List<String> codes() {
    return List.copyOf(
        definitions().keySet().stream().map(file -> file.replace(".yaml", "")).toList());
  }

  private static String domain(int measure) {
    return DOMAINS[measure % DOMAINS.length].name().toLowerCase(Locale.ROOT);
  }

  private static String measure(int measure) {
    return "bench.%s.%d".formatted(domain(measure), measure);
  }

  private String code(int measure, int variant) {
    return "CVS-%s-%04d"
        .formatted(
            DOMAINS[measure % DOMAINS.length].prefixes().get(0),
            measure / DOMAINS.length * perMeasure + variant);
  }

  /** One library for each domain. */
  Map<String, String> views() {
    Map<String, String> views = new TreeMap<>();
    for (Domain one : DOMAINS) {
      String name = one.name().toLowerCase(Locale.ROOT);
      views.put(
          "bench_" + name + ".sql",
          """
          CREATE VIEW readings AS
          SELECT ts, region, series, "measure", val, id
          FROM indicators.observations
          WHERE "measure" LIKE 'bench.%s.%%';
          """
              .formatted(name));
    }
    return views;
  }

  Map<String, String> definitions() {
    Map<String, String> definitions = new TreeMap<>();
    for (int measure = 0; measure < MEASURES; measure++) {
      for (int variant = 0; variant < perMeasure; variant++) {
        definitions.put(code(measure, variant) + ".yaml", definition(measure, variant));
      }
    }
    return definitions;
  }

  private String definition(int measure, int variant) {
    String formula =
        switch (variant) {
          case 0 -> "value: AVG(val)";
          case 1 -> "value: MAX(val)";
          case 2 -> "value: MIN(val)";
          case COUNTED -> "value: COUNT(*)";
          default ->
              "ratio: {num: 'COUNT(CASE WHEN val > %d THEN 1 END)', den: COUNT(*), scale: 100, zero_den: \"null\"}"
                  .formatted(10 + variant);
        };
    int golden =
        switch (variant) {
          case 0 -> 20;
          case 1 -> 30;
          case 2 -> 10;
          case COUNTED -> 2;
          default -> 50;
        };
    return """
        apiVersion: chengmai/v1
        kind: Indicator
        metadata:
          code: %1$s
          version: 1
          effective: {from: 2020-01-01}
          name: {zh: 指标%1$s, en: "Indicator %1$s", short: 指标}
          domain: %2$s
          layer: micro
          lifecycle: published
        definition:
          caliber: 自动生成，用于测量
          type: %3$s
          from: bench_%2$s.readings
          where: ("measure" = '%4$s')
          %5$s
          additivity: {region: %6$s}
          missing: {policy: gap, min_coverage: 0.75}
        unit: {code: "1", display: "", decimals: 2, rounding: HALF_EVEN, range: [0, 1000000000]}
        period: {grain: PT1M, tz: Asia/Shanghai, watermark: PT5S, lateness: PT2M}
        direction: lower_better
        thresholds:
          - {grade: yellow, when: "%7$s"}
        threshold_source: 用于测量
        %8$sdetect: {model: threshold+feed}
        tests:
          - given: |
              ts,series,measure,region,val,id
              2026-01-05T03:00:10Z,a,%4$s,630102,10,1
              2026-01-05T03:00:40Z,b,%4$s,630102,30,2
            asof: 2026-01-05T11:01:30+08:00
            expect: {region: "630102", v: %9$d}
        """
        .formatted(
            code(measure, variant),
            domain(measure),
            variant > COUNTED ? "ratio" : "simple",
            measure(measure),
            formula,
            variant == 1 ? "max" : variant == COUNTED ? "sum" : "recompute",
            variant == 0 ? "z > 4" : "value >= 900000000",
            variant == 1 ? "quality: {jump: \"<=1000000\"}\n" : "",
            golden);
  }

  /** The sensors: eight of each measure in each district. */
  List<Series> sensors() {
    List<Series> sensors = new ArrayList<>();
    for (int n = 0; n < count(); n++) {
      sensors.add(new Series(sensor(n), measure(n % MEASURES), region(n), "1", -1e12, 1e12));
    }
    return sensors;
  }

  private int count() {
    return MEASURES * regions.size() * SENSORS;
  }

  private String region(int sensor) {
    return regions.get(sensor / MEASURES % regions.size());
  }

  private static String sensor(int n) {
    return "bench." + n;
  }

  /** Readings of all sensors, evenly over the minute, as NDJSON requests. */
  List<byte[]> minute(Instant start, int observations) {
    List<byte[]> requests = new ArrayList<>();
    long from = start.toEpochMilli();
    for (int first = 0; first < observations; first += ROWS_PER_REQUEST) {
      ByteArrayOutputStream request = new ByteArrayOutputStream(ROWS_PER_REQUEST * 60);
      for (int n = first; n < Math.min(observations, first + ROWS_PER_REQUEST); n++) {
        String row =
            "{\"series\":\"%s\",\"time\":%d,\"value\":%s}\n"
                .formatted(
                    sensor(n % count()),
                    from + n * 60_000L / observations,
                    10 + n * 7919L % 4_000 / 100.0);
        request.writeBytes(row.getBytes(StandardCharsets.US_ASCII));
      }
      requests.add(request.toByteArray());
    }
    return requests;
  }
}
