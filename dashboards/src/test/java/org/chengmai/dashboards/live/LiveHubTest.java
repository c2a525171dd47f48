package org.chengmai.dashboards.live;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.http.WebSocketConnectOptions;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.LongStream;
import org.chengmai.indicators.Grain;
import org.chengmai.indicators.IndicatorPoint;
import org.chengmai.indicators.SeriesKey;
import org.chengmai.indicators.Trust;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class LiveHubTest {
  private static final Instant START = Instant.parse("2026-03-18T02:30:00Z");

  private LiveServer server = new LiveServer(LiveConfig.defaults());

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void everyClientGetsEveryEventInOrderWithoutGap() {
    List<LiveServer.Client> clients = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      clients.add(server.connect());
      assertThat(clients.get(i).next("reset").getLong("seq")).isZero();
    }
    for (int burst = 1; burst <= 31; burst++) {
      server.fire(burst);
    }
    for (LiveServer.Client client : clients) {
      assertThat(client.nextAlerts(496)).isEqualTo(range(1, 496));
    }
    assertThat(server.log.reads.get()).as("clients who keep up cost no read of the log").isZero();
  }

  @Test
  void theWelcomeSaysWhereTheLogStandsAndWhoTheUserIs() {
    server.fire(7);
    JsonObject welcome = server.connect().next("welcome");
    assertThat(welcome.getLong("head")).isEqualTo(7);
    assertThat(welcome.getLong("floor")).isEqualTo(1);
    assertThat(welcome.getString("epoch")).isEqualTo(epoch());
    assertThat(welcome.getString("user")).isEqualTo("wang");
    assertThat(welcome.getString("role")).isEqualTo("viewer");
  }

  @Test
  void aNewClientGetsTheOpenAlerts() {
    server.fire(3);
    JsonObject reset = server.connect().next("reset");
    assertThat(reset.getLong("seq")).isEqualTo(3);
    assertThat(reset.getJsonArray("alerts")).hasSize(3);
  }

  @Test
  void aClientResumesAfterAnySequenceNumber() {
    server.fire(200);
    for (int seq = 0; seq <= 200; seq += 10) {
      LiveServer.Client client = server.connect(epoch(), seq);
      assertThat(client.nextAlerts(200 - seq)).isEqualTo(range(seq + 1, 200));
      assertThat(client.received("reset")).isEmpty();
      client.disconnect();
    }
  }

  @Test
  void whatTheTailNoLongerHoldsIsReadFromTheLog() {
    server.fire(3_000);
    LiveServer.Client client = server.connect(epoch(), 5);
    assertThat(client.nextAlerts(2_995)).isEqualTo(range(6, 3_000));
  }

  @Test
  void aHubThatStartsLaterServesTheOlderLog() {
    server.log.fire(500, 10);
    LiveServer.Client client = server.connect(epoch(), 100);
    assertThat(client.nextAlerts(400)).isEqualTo(range(101, 500));
    server.fire(3);
    assertThat(client.nextAlerts(3)).isEqualTo(range(501, 503));
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3})
  void eventsSurviveRandomReconnectsOnce(long seed) {
    Random random = new Random(seed);
    List<Long> seen = new ArrayList<>();
    LiveServer.Client client = server.connect(epoch(), 0);
    int fired = 0;
    for (int round = 0; round < 40; round++) {
      int burst = 1 + random.nextInt(60);
      server.fire(burst);
      fired += burst;
      seen.addAll(client.nextAlerts(random.nextInt(fired - seen.size() + 1)));
      if (random.nextInt(3) == 0) {
        client.disconnect();
        client = server.connect(epoch(), seen.size());
      }
    }
    seen.addAll(client.nextAlerts(fired - seen.size()));
    assertThat(seen).isEqualTo(range(1, fired));
  }

  @Test
  void aClientOfAnotherEpochStartsAnew() {
    server.fire(4);
    LiveServer.Client client = server.connect("00000000-0000-0000-0000-000000000000", 2);
    assertThat(client.next("reset").getLong("seq")).isEqualTo(4);
  }

  @Test
  void aClientFromBeforeTheFloorStartsAnew() {
    server.fire(10);
    server.log.forgetBefore(6);
    assertThat(server.connect(epoch(), 4).next("reset").getLong("seq")).isEqualTo(10);
    assertThat(server.connect(epoch(), 5).nextAlerts(5)).isEqualTo(range(6, 10));
  }

  @Test
  void aClientAheadOfTheLogStartsAnew() {
    server.fire(10);
    assertThat(server.connect(epoch(), 11).next("reset").getLong("seq")).isEqualTo(10);
  }

  @Test
  void aRestoredLogIsToldToWhoIsConnected() {
    LiveServer.Client client = server.connect();
    client.next("reset");
    server.fire(3);
    client.nextAlerts(3);
    server.log.restore();
    server.fire(1);
    JsonObject reset = client.next("reset");
    assertThat(reset.getString("epoch")).isEqualTo(epoch());
    server.fire(1);
    assertThat(client.next("alert").getLong("seq")).isEqualTo(2);
  }

  @Test
  void aFailingLogDelaysButLosesNothing() {
    server.log.fire(300, 10);
    LiveServer.Client client = server.connect(epoch(), 10);
    server.log.failures.set(3);
    assertThat(client.nextAlerts(290)).isEqualTo(range(11, 300));
  }

  @Test
  void aSlowClientSlowsNobodyAndLosesNothing() {
    LiveServer.Client slow = server.connect();
    LiveServer.Client quick = server.connect();
    slow.next("reset");
    quick.next("reset");
    slow.pause();
    for (int i = 0; i < 100; i++) {
      server.hub.accept(server.log.fire(30, 10_000));
    }
    assertThat(quick.nextAlerts(3_000)).isEqualTo(range(1, 3_000));
    assertThat(server.hub.counts().framesSent())
        .as("the slow client's frames stay in the log")
        .isLessThan(5_900);
    slow.resume();
    assertThat(slow.nextAlerts(3_000)).isEqualTo(range(1, 3_000));
  }

  @Test
  void aClientThatDoesNotReadIsClosedAndResumesLater() {
    restart(new LiveConfig(100, Duration.ofMillis(300), Duration.ofSeconds(10), 64, Set.of()));
    LiveServer.Client slow = server.connect();
    slow.next("reset");
    slow.pause();
    server.hub.accept(server.log.fire(3_000, 10_000));
    Await.until("the slow client is closed", () -> server.hub.counts().slowClosed() == 1);
    assertThat(server.hub.counts().connected()).isZero();
    slow.resume();
    assertThat(slow.next("closed").getInteger("code")).isEqualTo(LiveHub.SLOW);
  }

  @Test
  void aViewerMayWatchButNobodyWithoutLogIn() {
    assertThat(server.refusal(server.options())).isEqualTo(401);
    assertThat(server.connect().next("welcome").getString("role")).isEqualTo("viewer");
  }

  @Test
  void pagesOfOtherHostsAreRefused() {
    assertThat(server.refusal(from("https://evil.example"))).isEqualTo(403);
    assertThat(server.refusal(from("http://127.0.0.1:" + (server.port + 1)))).isEqualTo(403);
    assertThat(server.refusal(from("null"))).isEqualTo(403);
    assertThat(server.refusal(from("http://127.0.0.1:" + server.port))).isEqualTo(101);
    restart(
        new LiveConfig(
            10,
            Duration.ofSeconds(60),
            Duration.ofSeconds(10),
            64,
            Set.of("https://wall.example")));
    assertThat(server.refusal(from("https://wall.example"))).isEqualTo(101);
  }

  @Test
  void oneConnectionTooManyIsToldWhy() {
    restart(new LiveConfig(2, Duration.ofSeconds(60), Duration.ofSeconds(10), 64, Set.of()));
    LiveServer.Client first = server.connect();
    first.next("welcome");
    server.connect().next("welcome");
    assertThat(server.open().next("closed").getInteger("code")).isEqualTo(LiveHub.TOO_MANY);
    assertThat(server.hub.counts().refused()).isEqualTo(1);
    first.disconnect();
    Await.until("a place is free", () -> server.hub.counts().connected() == 1);
    server.connect().next("welcome");
  }

  @Test
  void nonsenseClosesTheConnection() {
    LiveServer.Client client = server.open();
    client.send(new JsonObject().put("type", "sing"));
    assertThat(client.next("closed").getInteger("code")).isEqualTo(LiveHub.BAD_MESSAGE);
    LiveServer.Client twice = server.connect();
    twice.next("welcome");
    twice.send(new JsonObject().put("type", "hello"));
    assertThat(twice.next("closed").getInteger("code")).isEqualTo(LiveHub.BAD_MESSAGE);
  }

  @Test
  void whoNeverSaysHelloIsClosed() {
    restart(new LiveConfig(10, Duration.ofSeconds(60), Duration.ofMillis(200), 64, Set.of()));
    assertThat(server.open().next("closed").getInteger("code")).isEqualTo(LiveHub.NO_HELLO);
  }

  @Test
  void pointsAreConflatedToTheNewestPerSeries() {
    LiveServer.Client client = server.connect();
    client.next("welcome");
    long started = System.nanoTime();
    for (int i = 1; i <= 5_000; i++) {
      server.hub.publish(List.of(point("630102", i, 1), point("630103", i, 1)));
    }
    int frames = 0;
    double newest = 0;
    while (newest < 5_000) {
      JsonArray points = client.next("points").getJsonArray("points");
      assertThat(points.size()).isLessThanOrEqualTo(2);
      newest = points.getJsonObject(0).getDouble("value");
      frames++;
    }
    long quarters = 1 + Duration.ofNanos(System.nanoTime() - started).toMillis() / 250;
    assertThat((long) frames).isLessThanOrEqualTo(quarters + 1);
  }

  @Test
  void aLateClientGetsTheNewestPointOfEverySeriesAtOnce() {
    server.hub.publish(
        List.of(point("630102", 3, 1), point("630102", 2, 1), point("630102", 3, 2)));
    LiveServer.Client first = server.connect();
    first.next("points");
    JsonArray points = server.connect().next("points").getJsonArray("points");
    assertThat(points).hasSize(1);
    assertThat(points.getJsonObject(0).getInteger("revision")).isEqualTo(2);
    assertThat(points.getJsonObject(0).getString("trust")).isEqualTo("complete");
  }

  @Test
  void theClockCarriesSpeedAndProgress() {
    LiveServer.Client client = server.connect();
    client.next("welcome");
    server.hub.clock(START, 60, new Progress(new Progress.Text("装载", "loading"), 3, 10));
    JsonObject clock = client.next("clock");
    assertThat(clock.getString("now")).isEqualTo("2026-03-18T02:30:00Z");
    assertThat(clock.getDouble("speed")).isEqualTo(60);
    assertThat(clock.getJsonObject("progress").getJsonObject("text").getString("zh"))
        .isEqualTo("装载");
  }

  private static IndicatorPoint point(String region, int period, int revision) {
    return new IndicatorPoint(
        SeriesKey.of("CVS-ENV-0001", region),
        1,
        START.plusSeconds(60L * period),
        Grain.of("PT1M"),
        (double) period,
        null,
        null,
        9,
        Trust.COMPLETE,
        revision,
        START,
        "h");
  }

  private void restart(LiveConfig config) {
    server.close();
    server = new LiveServer(config);
  }

  private WebSocketConnectOptions from(String origin) {
    WebSocketConnectOptions options = server.options();
    options.addHeader("Authorization", "Bearer viewer").addHeader("Origin", origin);
    return options;
  }

  private String epoch() {
    return server.log.epoch().toString();
  }

  private static List<Long> range(long from, long to) {
    return LongStream.rangeClosed(from, to).boxed().toList();
  }
}
