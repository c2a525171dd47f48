package org.chengmai.engine;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.Reader;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import org.chengmai.connectors.druid.DruidClient;
import org.chengmai.engine.demo.RunningDemo;
import org.chengmai.indicators.json.Json;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Kills the engine and each of its servers in mid-ingest, as {@code kill -9} and a crash do, while
 * a sender repeats what was not answered and an emergency team listens.
 */
@Tag("crash")
final class EngineCrashIT {
  private static final Duration PATIENCE = Duration.ofMinutes(4);
  private static final String DEFINITION =
      """
      apiVersion: chengmai/v1
      kind: Indicator
      metadata:
        code: CVS-UTL-0099
        version: 1
        effective: {from: 2020-01-01}
        name: {zh: 崩溃测试水位, en: "Level of the crash test", short: 水位}
        domain: utilities
        layer: micro
        lifecycle: published
      definition:
        caliber: 十秒钟内水位的最大值
        type: simple
        from: indicators.observations
        where: ("measure" = 'crash.level')
        value: MAX(val)
        expected: 1
        update_cycle: PT10S
        additivity: {region: recompute}
        missing: {policy: gap, min_coverage: 0.1}
      unit: {code: "cm", display: "cm", decimals: 1, rounding: HALF_EVEN, range: [0, 500]}
      period: {grain: PT10S, tz: Asia/Shanghai, watermark: PT2S, lateness: PT10M}
      direction: lower_better
      thresholds:
        - {grade: orange, when: "value >= 50", clear: "value < 40"}
      threshold_source: 测试
      quality: {freshness: "<=PT15M"}
      detect: {model: threshold}
      tests:
        - given: |
            ts,series,measure,region,val
            2026-01-05T00:00:01Z,crash.level.630102,crash.level,630102,28
          asof: 2026-01-05T08:00:12+08:00
          expect: {region: "630102", v: 28, n: 1}
      """;

  private static final String COUNTED = "CVS-UTL-0097";
  private static final String COUNTED_ANEW = "CVS-UTL-0096";

  /** How many levels came in ten seconds: a row that is lost or counted twice shows. */
  private static String counting(String code) {
    return DEFINITION
        .replace("CVS-UTL-0099", code)
        .replace("value: MAX(val)", "value: COUNT(*)")
        .replace("additivity: {region: recompute}", "additivity: {region: sum}")
        .replace("value >= 50", "value >= 5000")
        .replace("value < 40", "value < 4000")
        .replace("lateness: PT10M", "lateness: PT3M")
        .replace("v: 28, n: 1", "v: 1, n: 1");
  }

  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final List<Process> started = new ArrayList<>();
  private Path folder;
  private Path data;
  private int port;
  private Process engine;

  @BeforeEach
  void startTheEngine() throws Exception {
    folder = RealServers.emptyFolder("crash");
    data = folder.resolve("data");
    Files.createDirectories(folder.resolve("definitions"));
    Files.writeString(folder.resolve("definitions/CVS-UTL-0099.yaml"), DEFINITION);
    define(COUNTED);
    Files.copy(RealServers.root().resolve("examples/demo/city.yaml"), folder.resolve("city.yaml"));
    try (ServerSocket free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    Files.writeString(
        folder.resolve("chengmai.yaml"),
        """
        city: city.yaml
        server: {port: %d, flight_port: 0, mqtt_port: -1}
        definitions: [definitions]
        history: PT1H
        """
            .formatted(port));
    start();
    register();
  }

  @AfterEach
  void stopEverything() throws Exception {
    for (Process process : started) {
      List<ProcessHandle> family = process.descendants().toList();
      process.destroy();
      if (!process.waitFor(60, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
      }
      RunningDemo.await(
          "nothing is left behind",
          PATIENCE,
          () -> family.stream().noneMatch(ProcessHandle::isAlive));
    }
  }

  @Test
  void nothingAcknowledgedIsLostOrDoubledWhateverIsKilled() throws Exception {
    try (LiveClient live = new LiveClient(address(), this::token);
        CrashSender sender = new CrashSender(address(), this::token)) {
      sender.start();
      progress(sender, live);
      for (String server : List.of("postgres", "kafka", "druid")) {
        long killed = pidOf(server);
        ProcessHandle.of(killed).orElseThrow().destroyForcibly();
        RunningDemo.await(
            server + " runs again", PATIENCE, () -> isReady() && pidOf(server) != killed);
        progress(sender, live);
      }
      killTheEngineInATick();
      progress(sender, live);

      long sent = sender.finish(PATIENCE);
      everyObservationIsSeenOnce(sent);
      theLogHoldsWhatWasPushed(live);
    }
    theValuesAreThoseOfACleanRun();
    aJobGoesOnAfterTheEngineWasKilled();
  }

  /** Periods of ten seconds are closed two seconds after their end. */
  private void killTheEngineInATick() throws Exception {
    RunningDemo.await(
        "a tick",
        PATIENCE,
        () -> {
          long sinceTick = (System.currentTimeMillis() - 2_000) % 10_000;
          return sinceTick > 100 && sinceTick < 600;
        });
    engine.destroyForcibly().waitFor();
    start();
  }

  /**
   * An indicator that lived through it all has the values of one with the same formula that is
   * computed afterwards, in one go.
   */
  private void theValuesAreThoseOfACleanRun() throws Exception {
    Instant last = Instant.now();
    RunningDemo.await(
        "the newest periods were looked at for the last time",
        PATIENCE,
        () -> Instant.now().isAfter(last.plus(Duration.ofMinutes(3)).plusSeconds(20)));
    define(COUNTED_ANEW);
    engine.destroyForcibly().waitFor();
    start();
    List<String> lived = values(COUNTED, last);
    assertThat(lived).hasSizeGreaterThan(40);
    RunningDemo.await(
        "as many periods are computed anew",
        PATIENCE,
        () -> values(COUNTED_ANEW, last).size() >= lived.size());
    assertThat(values(COUNTED_ANEW, last)).isEqualTo(lived);
  }

  /** The newest value of each region and period that has one. */
  private List<String> values(String code, Instant to) throws Exception {
    HttpResponse<String> answer =
        send(
            HttpRequest.newBuilder(address().resolve("/api/v1/sql"))
                .header("Accept", "text/csv")
                .POST(
                    BodyPublishers.ofString(
                        """
                        SELECT region, ts, val FROM indicators.vital_signs
                        WHERE code = '%s' AND val IS NOT NULL AND ts < TIMESTAMP '%s' ORDER BY region, ts"""
                            .formatted(code, to.toString().substring(0, 19).replace('T', ' ')))));
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return answer.body().lines().toList();
  }

  private void aJobGoesOnAfterTheEngineWasKilled() throws Exception {
    HttpResponse<String> asked =
        send(
            HttpRequest.newBuilder(address().resolve("/api/v1/jobs"))
                .POST(
                    BodyPublishers.ofString(
                        Json.write(
                            Map.of(
                                "kind",
                                "backfill",
                                "codes",
                                List.of(COUNTED_ANEW),
                                "from",
                                Instant.now().minus(Duration.ofDays(40)))))));
    assertThat(asked.statusCode()).as(asked.body()).isEqualTo(200);
    String path = "/api/v1/jobs/" + Json.mapper().readTree(asked.body()).path("id").asLong();
    RunningDemo.await("the job has begun", PATIENCE, () -> job(path).path("done").asInt() > 0);
    engine.destroyForcibly().waitFor();
    start();
    int done = job(path).path("done").asInt();
    RunningDemo.await("the job ends", PATIENCE, () -> job(path).has("endedAt"));
    JsonNode job = job(path);
    assertThat(job.path("state").asText()).as(job.toString()).isEqualTo("done");
    assertThat(job.path("done").asInt())
        .as(job.toString())
        .isEqualTo(job.path("total").asInt())
        .isGreaterThan(done);
    assertThat(done).as("what was finished stays finished").isPositive();
  }

  private JsonNode job(String path) throws Exception {
    return Json.mapper()
        .readTree(send(HttpRequest.newBuilder(address().resolve(path)).GET()).body());
  }

  private HttpResponse<String> send(HttpRequest.Builder request)
      throws IOException, InterruptedException {
    return http.send(
        request.header("Authorization", "Bearer " + token()).build(),
        HttpResponse.BodyHandlers.ofString());
  }

  private void define(String code) throws IOException {
    Files.writeString(folder.resolve("definitions/" + code + ".yaml"), counting(code));
  }

  /** The line moves: batches are acknowledged, and alerts of new periods come out at its end. */
  private void progress(CrashSender sender, LiveClient live) throws Exception {
    long acknowledged = sender.acknowledged();
    int events = live.events().size();
    RunningDemo.await(
        "batches and alerts flow; sender: %s, live: %s".formatted(sender, live),
        PATIENCE,
        () -> sender.acknowledged() >= acknowledged + 5_000 && live.events().size() >= events + 7);
  }

  private void everyObservationIsSeenOnce(long sent) throws Exception {
    Properties ports = ports();
    DruidClient druid =
        new DruidClient(
            URI.create("http://127.0.0.1:" + ports.getProperty("druid.broker")),
            URI.create("http://127.0.0.1:" + ports.getProperty("druid.coordinator")));
    String from = " FROM observations WHERE series = '" + CrashSender.SERIES + "'";
    // The log keeps their order: once the last one is seen, so is everything before it.
    RunningDemo.await(
        "the last observation is visible",
        PATIENCE,
        () -> druid.count("SELECT COUNT(*)" + from + " AND id = '" + sent + "'") > 0);
    assertThat(druid.count("SELECT COUNT(*)" + from)).as("rows").isEqualTo(sent);
    String perId = "(SELECT id, COUNT(*) AS times, MAX(\"value\") AS top" + from + " GROUP BY id)";
    assertThat(druid.count("SELECT COUNT(*) FROM " + perId)).as("different ids").isEqualTo(sent);
    assertThat(druid.count("SELECT COUNT(*) FROM " + perId + " WHERE CAST(id AS DOUBLE) <> top"))
        .as("wrong values")
        .isZero();
    assertThat(druid.count("SELECT CAST(MAX(\"value\") AS BIGINT)" + from)).isEqualTo(sent);
  }

  private void theLogHoldsWhatWasPushed(LiveClient live) throws Exception {
    List<LiveClient.Event> pushed = live.events();
    assertThat(live.resets()).as("the log went on, no client had to start anew").isEqualTo(1);
    for (int i = 1; i < pushed.size(); i++) {
      assertThat(pushed.get(i).seq())
          .as("pushed without gap or repetition")
          .isEqualTo(pushed.get(i - 1).seq() + 1);
    }
    Jdbi postgres =
        Jdbi.create(
            "jdbc:postgresql://127.0.0.1:%s/chengmai".formatted(ports().getProperty("postgres")),
            "chengmai",
            Files.readString(data.resolve("postgres/password")).strip());
    postgres.useHandle(
        handle -> {
          String epoch =
              handle
                  .createQuery("SELECT epoch::text FROM chengmai.alert_log_epoch")
                  .mapTo(String.class)
                  .one();
          for (LiveClient.Event event : pushed) {
            assertThat(event.epoch()).isEqualTo(epoch);
            Map<String, Object> logged =
                handle
                    .createQuery("SELECT type, alert_id FROM chengmai.alert_event WHERE seq = ?")
                    .bind(0, event.seq())
                    .mapToMap()
                    .one();
            assertThat(event.type()).isEqualToIgnoringCase(String.valueOf(logged.get("type")));
            assertThat(event.alertId()).isEqualTo(logged.get("alert_id"));
          }
          assertThat(
                  handle
                      .createQuery(
                          "SELECT max(seq) - count(*) + min(seq) - 1 FROM chengmai.alert_event")
                      .mapTo(Long.class)
                      .one())
              .as("gaps in the sequence")
              .isZero();
          assertThat(
                  handle
                      .createQuery(
                          "SELECT fingerprint FROM chengmai.alert WHERE state IN ('PENDING', 'FIRING', 'ACKNOWLEDGED')"
                              + " GROUP BY fingerprint HAVING count(*) > 1")
                      .mapTo(String.class)
                      .list())
              .as("fingerprints with two open alerts")
              .isEmpty();
          assertThat(
                  handle
                      .createQuery(
                          "SELECT series || ' ' || period_start FROM chengmai.alert_event WHERE type = 'FIRED'"
                              + " GROUP BY series, detector, period_start HAVING count(*) > 1")
                      .mapTo(String.class)
                      .list())
              .as("periods that fired twice")
              .isEmpty();
        });
  }

  private void start() throws Exception {
    engine =
        Distribution.command(
                "serve",
                "--config",
                folder.resolve("chengmai.yaml").toString(),
                "--dir",
                data.toString())
            .redirectOutput(ProcessBuilder.Redirect.appendTo(folder.resolve("engine.log").toFile()))
            .start();
    started.add(engine);
    RunningDemo.await(
        "the engine is ready",
        PATIENCE,
        () -> {
          assertThat(engine.isAlive())
              .as("the engine ended; see " + folder.resolve("engine.log"))
              .isTrue();
          return RunningEngine.find(data)
                  .filter(running -> running.pid() == engine.pid())
                  .isPresent()
              && isReady();
        });
  }

  private void register() throws Exception {
    HttpResponse<String> answer =
        send(
            HttpRequest.newBuilder(address().resolve("/api/v1/series"))
                .POST(BodyPublishers.ofString(Json.write(CrashSender.series()))));
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
  }

  private URI address() {
    return URI.create("http://127.0.0.1:" + port);
  }

  /** The local administrator's token of the engine that runs now; each start makes another. */
  private String token() {
    return RunningEngine.find(data).map(RunningEngine::token).orElse("none");
  }

  private boolean isReady() {
    return health().path("status").asText().equals("ready");
  }

  private long pidOf(String server) {
    for (JsonNode part : health().path("parts")) {
      if (part.path("name").asText().equals(server)) {
        String digits = part.path("detail").asText().replaceAll("\\D", "");
        return digits.isEmpty() ? -1 : Long.parseLong(digits);
      }
    }
    return -1;
  }

  private JsonNode health() {
    try {
      return Json.mapper()
          .readTree(
              http.send(
                      HttpRequest.newBuilder(address().resolve("/health/ready"))
                          .timeout(Duration.ofSeconds(10))
                          .build(),
                      HttpResponse.BodyHandlers.ofString())
                  .body());
    } catch (IOException e) {
      return Json.mapper().createObjectNode();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private Properties ports() throws IOException {
    Properties ports = new Properties();
    try (Reader reader = Files.newBufferedReader(data.resolve("ports.properties"))) {
      ports.load(reader);
    }
    return ports;
  }
}
