package org.chengmai.engine.demo;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.chengmai.connectors.feed.Batch;
import org.chengmai.connectors.feed.Reading;
import org.chengmai.connectors.feed.RowFormat;
import org.chengmai.connectors.process.FileTree;
import org.chengmai.engine.sql.SqlEngine;
import org.chengmai.indicators.Alert;
import org.chengmai.indicators.AlertEvent;
import org.chengmai.indicators.Grain;
import org.chengmai.indicators.IndicatorPoint;
import org.chengmai.indicators.Observation;
import org.chengmai.indicators.Series;
import org.chengmai.indicators.SeriesKey;
import org.chengmai.indicators.Table;
import org.chengmai.indicators.definition.IndicatorDefinition;
import org.chengmai.indicators.json.Json;
import org.jspecify.annotations.Nullable;

/**
 * Checks the whole line by itself: starts the demo in a folder of its own, plants anomalies,
 * measures how long they take to each place, compares values with an independent computation, and
 * leaves nothing behind.
 */
public final class Smoke {
  private static final Duration FIVE_MINUTES = Duration.ofMinutes(5);
  private static final double SPEED = 5;
  private static final int PERIODS = 1;
  private static final String WATCH_PAGE =
      "window.seen = {}; new MutationObserver(() => document.querySelectorAll('[data-alert]').forEach(e => {"
          + " if (!(e.dataset.alert in window.seen)) window.seen[e.dataset.alert] = performance.timeOrigin + performance.now();"
          + " })).observe(document.body, {childList: true, subtree: true, attributes: true}); 1";

  private final Demo demo;
  private final Checks checks = new Checks();

  /**
   * Newest event time of each acknowledged live batch, with the wall-clock instant of the
   * acknowledgement.
   */
  private final ConcurrentSkipListMap<Instant, Instant> acknowledged =
      new ConcurrentSkipListMap<>();

  private final Latencies toDruid = new Latencies();
  private final Latencies toAlert = new Latencies();
  private final Latencies toPage = new Latencies();
  private final AtomicLong memory = new AtomicLong();
  private @Nullable CityIncident incident;

  private Smoke(Demo demo) {
    this.demo = demo;
  }

  /** Runs it; 0 when every check holds, else 1. */
  public static int run(
      Path home, @Nullable Path folder, long seed, boolean withMariaDb, boolean json)
      throws IOException, InterruptedException {
    Path data =
        folder == null ? Files.createTempDirectory("chengmai-smoke") : folder.toAbsolutePath();
    long began = System.nanoTime();
    Demo demo =
        new Demo(new DemoSettings(home, data, 0, SPEED, seed, withMariaDb), System.out::println);
    Smoke smoke = new Smoke(demo);
    Thread stop = new Thread(demo::close, "stop");
    Runtime.getRuntime().addShutdownHook(stop);
    Set<Long> children = Set.of();
    try {
      demo.onAcknowledged((eventTime, wall) -> smoke.acknowledged.put(eventTime, wall));
      demo.start();
      children = Set.copyOf(demo.engine().servers().pids().values());
      smoke.checks.check("ready", () -> "%.1f s".formatted(demo.readySeconds()));
      demo.loadPast();
      smoke.line();
    } catch (RuntimeException e) {
      smoke.checks.fail("run", e.toString());
    } finally {
      demo.close();
      try {
        Runtime.getRuntime().removeShutdownHook(stop);
      } catch (IllegalStateException e) {
        // The process is being stopped already.
      }
    }
    smoke.nothingLeft(children, data, folder == null);
    boolean passed = smoke.checks.allHold();
    smoke.report(passed, (System.nanoTime() - began) / 1e9, json);
    return passed ? 0 : 1;
  }

  private void line() throws IOException, InterruptedException {
    Optional<Path> browser = Chromium.installed();
    try (AlertListener listener =
            new AlertListener(demo.engine().address(), demo.engine().ownToken());
        Chromium page =
            browser.isPresent()
                ? Chromium.open(browser.get(), demo.engine().logInAddress())
                : null) {
      if (page != null) {
        page.awaitLoaded("/");
        page.evaluate(WATCH_PAGE);
      }
      Instant first =
          Grain.of("PT5M").floor(demo.clock().instant(), DemoCity.ZONE).plus(FIVE_MINUTES);
      int planted = plant(first);
      checks.check("planted", () -> planted + " anomalies");
      measureDruid();
      awaitClock(first.plus(FIVE_MINUTES.multipliedBy(PERIODS)).plusSeconds(120));
      Map<String, AlertListener.Arrival> fired = fired(listener, first);
      checks.check(
          "alerts",
          () ->
              Checks.require(
                  fired.size() >= 60,
                  fired.size() + " alerts arrived on the websocket, 60 were expected"));
      fired.values().stream()
          .filter(this::isImmediate)
          .forEach(arrival -> toAlert.add(lateness(arrival)));
      checks.check("tribuo", () -> tribuo(listener));
      checks.check("sql", this::threeSources);
      checks.check("values", () -> independent(first));
      checks.check("incident", () -> oneIncident(fired, first));
      if (page != null) {
        checks.check("page", () -> pageShows(page, fired));
      }
      checks.check("memory", () -> memory.get() + " MB");
    }
  }

  /** Disturbs every measure of the plan in every district for whole periods. */
  private int plant(Instant first) {
    int planted = 0;
    for (int period = 0; period < PERIODS; period++) {
      // Every other period is quiet, so that each disturbance is an episode of its own.
      Instant from = first.plus(FIVE_MINUTES.multipliedBy(period));
      for (DemoMeasures.Disturbance disturbance : DemoMeasures.DISTURBED) {
        for (String district : demo.districts()) {
          if ((disturbance.measure().name().hashCode() & 1) == (period & 1) || period == 0) {
            demo.city()
                .plant(
                    new Injection(
                        disturbance.measure().name(),
                        district,
                        from,
                        from.plus(FIVE_MINUTES),
                        disturbance.kind()));
            planted++;
          }
        }
      }
    }
    return planted;
  }

  /** Sends single observations and waits until a query shows each. */
  private void measureDruid() {
    demo.engine()
        .ingestion()
        .registry()
        .register(List.of(new Series("smoke.probe", "smoke.probe", "630100", "1", 0, 1e12)));
    var client = demo.engine().ingestion();
    for (int i = 1; i <= 40; i++) {
      Instant now = demo.clock().instant();
      client
          .gateway()
          .submit(
              SqlEngine.INTERNAL,
              "probe-" + i,
              new Batch(
                  "smoke",
                  Reading.of(RowFormat.NDJSON),
                  List.of(new Observation("smoke.probe", now, i, now, null)),
                  List.of()))
          .toCompletableFuture()
          .join();
      long sent = System.nanoTime();
      while (client.druid().count("SELECT COUNT(*) FROM observations WHERE series = 'smoke.probe'")
          < i) {
        Demo.pause(20);
      }
      toDruid.add((System.nanoTime() - sent) / 1_000_000);
      memory.accumulateAndGet(ProcessMemory.megabytes(), Math::max);
    }
  }

  private void awaitClock(Instant time) {
    while (demo.clock().instant().isBefore(time)) {
      memory.accumulateAndGet(ProcessMemory.megabytes(), Math::max);
      Demo.pause(500);
    }
  }

  /** The first firing event of every alert of the planted periods. */
  private static Map<String, AlertListener.Arrival> fired(AlertListener listener, Instant first) {
    return listener.arrivals().stream()
        .filter(
            arrival ->
                arrival.event().type() == AlertEvent.Type.FIRED
                    || arrival.event().type() == AlertEvent.Type.REOPENED)
        .filter(arrival -> !arrival.event().alert().latest().periodStart().isBefore(first))
        .collect(
            Collectors.toMap(
                arrival -> arrival.event().alert().id() + "/" + arrival.event().seq(),
                arrival -> arrival,
                (a, b) -> a,
                TreeMap::new));
  }

  /**
   * Whether the alert was due with its period; one that a definition's {@code for} holds back says
   * nothing of our delay.
   */
  private boolean isImmediate(AlertListener.Arrival arrival) {
    var latest = arrival.event().alert().latest();
    return !latest.detector().equals("threshold")
        || demo.engine().watch().catalogue().get(latest.key().code()).thresholds().stream()
            .filter(threshold -> threshold.grade() == latest.grade())
            .allMatch(threshold -> threshold.holding().isZero());
  }

  /**
   * From the later of the last contributing observation's acknowledgement and the watermark to the
   * arrival on the websocket.
   */
  private long lateness(AlertListener.Arrival arrival) {
    var latest = arrival.event().alert().latest();
    IndicatorDefinition definition = demo.engine().watch().catalogue().get(latest.key().code());
    Instant end = definition.grain().end(latest.periodStart(), definition.period().zone());
    Instant watermark = demo.clock().wall(end.plus(definition.period().watermark()));
    Map.Entry<Instant, Instant> last = acknowledged.lowerEntry(end);
    Instant from = last != null && last.getValue().isAfter(watermark) ? last.getValue() : watermark;
    return Math.max(0, Duration.between(from, arrival.at()).toMillis());
  }

  private String tribuo(AlertListener listener) {
    String reason =
        listener.arrivals().stream()
            .flatMap(arrival -> arrival.event().alert().latest().reasons().zh().stream())
            .filter(text -> text.matches(".*tribuo-linear-sgd@\\d+.*"))
            .findFirst()
            .orElse("");
    return Checks.require(
        !reason.isEmpty(),
        reason.isEmpty() ? "no alert names a Tribuo model and its version" : reason);
  }

  private String oneIncident(Map<String, AlertListener.Arrival> fired, Instant first) {
    Set<String> planted =
        fired.values().stream()
            .map(arrival -> arrival.event().alert())
            .filter(
                alert ->
                    alert
                        .latest()
                        .periodStart()
                        .isBefore(first.plus(FIVE_MINUTES.multipliedBy(PERIODS))))
            .map(Alert::id)
            .collect(Collectors.toSet());
    CityIncident seen =
        CityIncident.await(
            demo.engine().watch().incidents(),
            planted,
            first.minus(FIVE_MINUTES),
            demo.clock().instant());
    incident = seen;
    return Checks.require(seen.isOne(), seen.toString());
  }

  private String threeSources() {
    Table result =
        demo.engine()
            .libraries()
            .sql()
            .query(
                SqlEngine.INTERNAL,
                """
                SELECT r.district, r.residents, e.entities, c.calls, v.points
                FROM (SELECT district, COUNT(*) AS residents FROM base_population.resident GROUP BY district) r
                JOIN (SELECT district, COUNT(*) AS entities FROM base_entity.entity GROUP BY district) e ON e.district = r.district
                JOIN (SELECT district, COUNT(*) AS calls FROM topic_hotline.calls GROUP BY district) c ON c.district = r.district
                JOIN (SELECT region, COUNT(*) AS points FROM indicators.vital_signs GROUP BY region) v ON v.region = r.district
                """);
    return Checks.require(
        result.rows().size() == demo.districts().size(),
        result.rows().size() + " districts joined over four libraries");
  }

  /**
   * Recomputes flow and drain depth of the planted periods from the simulator itself and compares
   * with Druid.
   */
  private String independent(Instant first) {
    int compared = 0;
    for (String district : demo.districts()) {
      for (int period = 0; period < PERIODS; period++) {
        Instant from = first.plus(FIVE_MINUTES.multipliedBy(period));
        compared += compare("CVS-TRF-0004", "traffic.flow", district, from, true);
        compared += compare("CVS-UTL-0013", "drain.depth", district, from, false);
      }
    }
    return compared + " values equal an independent recomputation";
  }

  private int compare(String code, String measure, String district, Instant from, boolean isSum) {
    List<Observation> readings =
        demo
            .city()
            .readings(from, from.plus(FIVE_MINUTES), one -> one.name().equals(measure))
            .stream()
            .filter(reading -> reading.series().startsWith(measure + "." + district))
            .toList();
    double expected =
        isSum
            ? readings.stream().mapToDouble(Observation::value).sum()
            : readings.stream().mapToDouble(Observation::value).max().orElse(Double.NaN);
    List<IndicatorPoint> points =
        demo.engine()
            .watch()
            .store()
            .history(SeriesKey.of(code, district), from, from.plusSeconds(1));
    int decimals = demo.engine().watch().catalogue().get(code).unit().decimals();
    double tolerance = 0.51 * Math.pow(10, -decimals);
    Checks.require(
        points.size() == 1
            && points.get(0).value() != null
            && Math.abs(points.get(0).value() - expected) <= tolerance,
        "%s of %s at %s: Druid holds %s, recomputed %s"
            .formatted(code, district, from, points, expected));
    return 1;
  }

  private String pageShows(Chromium page, Map<String, AlertListener.Arrival> fired) {
    JsonNode seen =
        Json.read(page.evaluate("JSON.stringify(window.seen)").asText("{}"), JsonNode.class);
    fired
        .values()
        .forEach(
            arrival -> {
              JsonNode at = seen.path(arrival.event().alert().id());
              if (arrival.event().type() == AlertEvent.Type.FIRED
                  && isImmediate(arrival)
                  && at.isNumber()) {
                long onSocket = arrival.at().toEpochMilli();
                toPage.add(lateness(arrival) + Math.max(0, at.asLong() - onSocket));
              }
            });
    return Checks.require(
        toPage.count() > 0, toPage.count() + " alerts were seen on the page in Chromium");
  }

  private void nothingLeft(Set<Long> children, Path data, boolean isTemporary) throws IOException {
    checks.check(
        "stopped",
        () ->
            Checks.require(
                children.stream().noneMatch(pid -> ProcessHandle.of(pid).isPresent()),
                children.size() + " child processes were stopped"));
    if (isTemporary) {
      FileTree.delete(data);
      checks.check(
          "cleaned", () -> Checks.require(!Files.exists(data), "the temporary folder is gone"));
    }
  }

  private void report(boolean passed, double seconds, boolean json) {
    Map<String, Object> result = new LinkedHashMap<>();
    result.put("passed", passed);
    result.put("ready_s", Math.round(demo.readySeconds() * 10) / 10.0);
    result.put("pss_mb", memory.get());
    result.put("observation_to_druid_p95_ms", toDruid.p95());
    result.put("observation_to_alert_p95_ms", toAlert.p95());
    result.put("observation_to_page_p95_ms", toPage.p95());
    result.put(
        "n", Map.of("druid", toDruid.count(), "alert", toAlert.count(), "page", toPage.count()));
    result.put("incident", incident);
    result.put("seconds", Math.round(seconds));
    result.put("checks", checks.outcomes());
    result.put("details", checks.details());
    System.out.println(
        json
            ? Json.write(result)
            : (passed ? "passed" : "failed") + " in " + Math.round(seconds) + " s");
  }
}
