package org.chengmai.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.chengmai.engine.config.EngineConfig;
import org.chengmai.engine.demo.RunningDemo;
import org.chengmai.indicators.IndicatorPoint;
import org.chengmai.indicators.Series;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Two sets of indicators with the same formulas over the same readings, in one engine: one set's
 * readings come in time and in order, each under its district's code; the other's come up to 47
 * hours late, out of order, in batches that are sent twice, and under codes that a change of
 * regions has made old or has not made yet. In the end both have the same values. So have an
 * indicator whose new version replaces its past, and one that had the new formula always.
 */
@Tag("crash")
final class LateDataIT {
  private static final Duration PATIENCE = Duration.ofMinutes(4);
  private static final ZoneId ZONE = ZoneId.of("Asia/Shanghai");
  private static final LocalDate FIRST = LocalDate.now(ZONE).minusDays(20);
  private static final LocalDate CHANGE = FIRST.plusDays(1);
  private static final Instant START = FIRST.atStartOfDay(ZONE).toInstant();
  private static final int HOURS = 48;
  private static final int PER_HOUR = 6;
  private static final long SEED = 20260309;

  private static final Map<String, String> FORMULAS =
      Map.of(
          "0001", "value: AVG(val)",
          "0002", "value: COUNT(*)",
          "0003",
              "ratio: {num: 'COUNT(CASE WHEN val > 50 THEN 1 END)', den: COUNT(*), scale: 100, zero_den: \"null\"}",
          "0004", "value: PERCENTILE(0.9, val)");

  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final AtomicReference<Instant> clock = new AtomicReference<>(START);

  /** A reading and when it comes in. */
  private record Reading(String series, Instant time, double value, Instant arrival) {
    String json() {
      return "{\"series\":\"%s\",\"time\":%d,\"value\":%s}"
          .formatted(series, time.toEpochMilli(), value);
    }
  }

  @Test
  void lateRepeatedAndUnorderedReadingsGiveTheValuesOfThoseInTime() throws Exception {
    Path folder = folder();
    try (Engine engine = engine(folder)) {
      engine.start();
      engine.ingestion().registry().register(series());
      engine.run();
      List<Reading> late = new ArrayList<>();
      List<Reading> inTime = new ArrayList<>();
      readings(late, inTime);
      Random random = new Random(SEED);
      for (int hour : steps()) {
        Instant begun = START.plus(Duration.ofHours(hour));
        // the two hours that have ended close a quarter of an hour later
        clock.set(begun.plus(Duration.ofMinutes(5)));
        List<Reading> arrived = take(late, clock.get());
        Collections.shuffle(arrived, random);
        send(engine, "late-" + hour, arrived);
        send(engine, "late-" + hour, arrived); // a sender that got no answer
        send(engine, "time-" + hour, take(inTime, clock.get()));
        clock.set(begun.plus(Duration.ofMinutes(20)));
        Instant closed = begun.minus(Duration.ofHours(2));
        RunningDemo.await(
            "hour %d is closed: %s".formatted(hour, engine.watch().scheduler().status()),
            PATIENCE,
            () ->
                engine.watch().scheduler().status().stream()
                    .noneMatch(status -> status.closedTo().isBefore(closed)));
      }
      assertThat(late).isEmpty();
      engine.watch().store().awaitReadable();
      for (String formula : List.of("0001", "0002", "0003", "0004", "9000")) {
        Map<String, String> clean = values(engine, "CVS-ENV-" + formula);
        assertThat(clean).as(formula).hasSize(HOURS * 4);
        assertThat(values(engine, "CVS-WTR-" + formula)).as(formula).isEqualTo(clean);
      }
      assertThat(points(engine, "CVS-WTR-0002"))
          .as("late readings have made revisions")
          .anyMatch(point -> point.revision() > 1);
      assertThat(points(engine, "CVS-ENV-0002"))
          .as("those in time have not")
          .allMatch(point -> point.revision() == 1);
    }
    aVersionThatReplacesTheFormerOneHasTheValuesOfOneThatNeverHadAnother(folder);
  }

  private void aVersionThatReplacesTheFormerOneHasTheValuesOfOneThatNeverHadAnother(Path folder)
      throws Exception {
    String formula = "value: MAX(val)";
    write(
        folder,
        "CVS-WTR-0002-2",
        definition("CVS-WTR-0002", "WTR", formula)
            .replace("version: 1", "version: 2")
            .replace("{from: 2020-01-01}", "{from: %s, restate: true}".formatted(FIRST)));
    write(folder, "CVS-ENV-0005", definition("CVS-ENV-0005", "ENV", formula));
    try (Engine engine = engine(folder)) {
      engine.start();
      engine.loadPast();
      engine.run();
      RunningDemo.await(
          "the past is restated",
          PATIENCE,
          () ->
              values(engine, "CVS-ENV-0005").size() == HOURS * 4
                  && points(engine, "CVS-WTR-0002").stream()
                      .allMatch(point -> point.version() == 2));
      assertThat(values(engine, "CVS-WTR-0002")).isEqualTo(values(engine, "CVS-ENV-0005"));
    }
  }

  private Engine engine(Path folder) {
    EngineConfig config = EngineConfig.read(folder.resolve("chengmai.yaml"), name -> null);
    EngineOptions usual =
        EngineOptions.of(Distribution.home(), folder.resolve("data"), folder, event -> {});
    return new Engine(
        config,
        new EngineOptions(
            usual.home(),
            usual.folder(),
            usual.base(),
            clock::get,
            usual.speed(),
            false,
            false,
            Duration.ofDays(30),
            usual.mostBack(),
            "DAY",
            usual.departments(),
            usual.say()));
  }

  /** Every two hours while readings come in, then around the last looks. */
  private static List<Integer> steps() {
    return IntStream.concat(
            IntStream.rangeClosed(1, HOURS / 2 + 1).map(n -> 2 * n), IntStream.of(54, 72, 95, 98))
        .boxed()
        .toList();
  }

  private static Path folder() throws IOException {
    Path folder = RealServers.emptyFolder("late");
    Files.createDirectories(folder.resolve("definitions"));
    for (String domain : List.of("ENV", "WTR")) {
      for (Map.Entry<String, String> formula : FORMULAS.entrySet()) {
        String code = "CVS-%s-%s".formatted(domain, formula.getKey());
        write(folder, code, definition(code, domain, formula.getValue()));
      }
      write(folder, "CVS-%s-9000".formatted(domain), index(domain));
    }
    Files.writeString(
        folder.resolve("city.yaml"),
        """
        code: "630100"
        name: {zh: 西宁市, en: Xining}
        districts:
          - {code: "630102", name: {zh: 城东区, en: Chengdong}, tile: {column: 1, row: 1}}
          - {code: "630103", name: {zh: 城中区, en: Chengzhong}, tile: {column: 2, row: 1}}
          - {code: "630106", name: {zh: 湟中区, en: Huangzhong}, from: %s, tile: {column: 3, row: 1}}
        former:
          - {code: "630122", name: {zh: 湟中县, en: Huangzhong County}, to: %s, successor: "630106"}
        """
            .formatted(CHANGE, CHANGE.minusDays(1)));
    Files.writeString(
        folder.resolve("chengmai.yaml"),
        """
        city: city.yaml
        server: {port: 0, flight_port: 0, mqtt_port: -1}
        definitions: [definitions]
        """);
    return folder;
  }

  private static void write(Path folder, String name, String definition) throws IOException {
    Files.writeString(folder.resolve("definitions").resolve(name + ".yaml"), definition);
  }

  private static String definition(String code, String domain, String formula) {
    boolean isCount = formula.contains("COUNT(*)") && !formula.contains("ratio");
    return """
        apiVersion: chengmai/v1
        kind: Indicator
        metadata:
          code: %1$s
          version: 1
          effective: {from: 2020-01-01}
          name: {zh: 迟到数据测试%1$s, en: "Late data %1$s", short: 测试}
          domain: environment
          layer: micro
          lifecycle: reviewing
        definition:
          caliber: 测试
          type: %2$s
          from: indicators.observations
          where: ("measure" = '%3$s.level')
          %4$s
          additivity: {region: %5$s}
          missing: {policy: gap, min_coverage: 0.5}
        unit: {code: "1", display: "", decimals: 6, rounding: HALF_EVEN, range: [0, 1000]}
        period: {grain: PT1H, tz: Asia/Shanghai, watermark: PT2H10M, lateness: PT48H}
        region: {scheme: GBT2260, asof: true, levels: [city, county]}
        direction: lower_better
        thresholds:
          - {grade: yellow, when: "value >= 900"}
        threshold_source: 测试
        normalise: {method: piecewise, points: [[0, 100], [100, 0]]}
        weight: {value: 0.5, method: fixed}
        detect: {model: threshold}
        """
        .formatted(
            code,
            formula.startsWith("ratio") ? "ratio" : "simple",
            domain.toLowerCase(Locale.ROOT),
            formula,
            isCount ? "sum" : "recompute");
  }

  private static String index(String domain) {
    return """
        apiVersion: chengmai/v1
        kind: Indicator
        metadata:
          code: CVS-%1$s-9000
          version: 1
          effective: {from: 2020-01-01}
          name: {zh: 迟到数据测试指数%1$s, en: "Late data index %1$s", short: 测试}
          domain: environment
          layer: macro
          lifecycle: reviewing
        definition:
          caliber: 测试
          type: composite
          inputs: ["indicator:CVS-%1$s-0001", "indicator:CVS-%1$s-0003"]
        unit: {code: "1", display: 分, decimals: 4, rounding: FLOOR, range: [0, 100]}
        period: {grain: PT1H, tz: Asia/Shanghai, watermark: PT2H15M, lateness: PT6H}
        region: {scheme: GBT2260, asof: true, levels: [city, county]}
        direction: higher_better
        thresholds:
          - {grade: yellow, when: "value < 1"}
        threshold_source: 测试
        detect: {model: threshold}
        """
        .formatted(domain);
  }

  private static String inTimeSeries(String region) {
    return "env." + region;
  }

  private static String lateSeries(String region) {
    return "wtr." + region;
  }

  private static List<Series> series() {
    List<Series> series = new ArrayList<>();
    for (String region : List.of("630102", "630103", "630106", "630122")) {
      series.add(new Series(inTimeSeries(region), "env.level", region, "1", -1e6, 1e6));
      series.add(new Series(lateSeries(region), "wtr.level", region, "1", -1e6, 1e6));
    }
    return series;
  }

  /** The same values at the same times, in both forms. */
  private static void readings(List<Reading> late, List<Reading> inTime) {
    Random random = new Random(SEED);
    for (int hour = 0; hour < HOURS; hour++) {
      Instant start = START.plus(Duration.ofHours(hour));
      boolean isChanged = !start.isBefore(CHANGE.atStartOfDay(ZONE).toInstant());
      for (String district : List.of("630102", "630103", "huangzhong")) {
        for (int i = 0; i < PER_HOUR; i++) {
          Instant time = start.plusSeconds(3600L * i / PER_HOUR);
          // quarters, whose sums are exact in any order
          double value = random.nextInt(400) / 4.0;
          boolean isHuangzhong = district.equals("huangzhong");
          String valid = isHuangzhong ? (isChanged ? "630106" : "630122") : district;
          String any = isHuangzhong ? (i % 2 == 0 ? "630106" : "630122") : district;
          inTime.add(new Reading(inTimeSeries(valid), time, value, time));
          late.add(new Reading(lateSeries(any), time, value, time.plus(delay(random))));
        }
      }
    }
    inTime.sort(Comparator.comparing(Reading::time));
  }

  /** Most come in time, others before the looks after six hours and two days. */
  private static Duration delay(Random random) {
    return switch (random.nextInt(10)) {
      case 0 -> Duration.ofHours(3);
      case 1 -> Duration.ofHours(5);
      case 2 -> Duration.ofHours(30);
      case 3 -> Duration.ofHours(47);
      default -> Duration.ZERO;
    };
  }

  private static List<Reading> take(List<Reading> waiting, Instant now) {
    List<Reading> arrived =
        new ArrayList<>(waiting.stream().filter(r -> !r.arrival().isAfter(now)).toList());
    waiting.removeAll(arrived);
    return arrived;
  }

  private void send(Engine engine, String key, List<Reading> readings) throws Exception {
    if (readings.isEmpty()) {
      return;
    }
    StringBuilder rows = new StringBuilder();
    readings.forEach(reading -> rows.append(reading.json()).append('\n'));
    URI address = engine.address().resolve("/api/v1/observations");
    HttpResponse<String> answer =
        http.send(
            HttpRequest.newBuilder(address)
                .header("Authorization", "Bearer " + engine.ownToken())
                .header("Content-Type", "application/x-ndjson")
                .header("Idempotency-Key", key)
                .POST(BodyPublishers.ofString(rows.toString(), StandardCharsets.UTF_8))
                .build(),
            HttpResponse.BodyHandlers.ofString());
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    assertThat(answer.body()).contains("\"rejected\":0");
  }

  private static List<IndicatorPoint> points(Engine engine, String code) {
    return engine
        .watch()
        .store()
        .between(List.of(code), START, START.plus(Duration.ofHours(HOURS)))
        .stream()
        .filter(point -> point.value() != null)
        .toList();
  }

  /** By region and period. */
  private static Map<String, String> values(Engine engine, String code) {
    Map<String, String> values = new TreeMap<>();
    for (IndicatorPoint point : points(engine, code)) {
      values.put(
          point.key().region() + " " + point.periodStart(),
          "%s = %s / %s of %d %s"
              .formatted(
                  point.value(),
                  point.numerator(),
                  point.denominator(),
                  point.n(),
                  code.endsWith("9000") ? "" : point.parts()));
    }
    return values;
  }
}
