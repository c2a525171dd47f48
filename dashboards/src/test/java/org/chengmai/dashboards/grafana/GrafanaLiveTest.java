package org.chengmai.dashboards.grafana;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.chengmai.dashboards.Xining;
import org.chengmai.indicators.AlertEvent;
import org.chengmai.indicators.AlertEvent.Type;
import org.chengmai.indicators.AlertState;
import org.chengmai.indicators.Grade;
import org.chengmai.indicators.Grain;
import org.chengmai.indicators.IndicatorPoint;
import org.chengmai.indicators.SeriesKey;
import org.chengmai.indicators.Trust;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class GrafanaLiveTest {
  private static final String PM25 = "stream/chengmai-env/CVS-ENV-0001";
  private static final String ALERTS = "stream/chengmai-alerts/alerts";

  private final Vertx vertx = Vertx.vertx();
  private final Logger root = (Logger) LoggerFactory.getLogger("org.chengmai");
  private final List<ILoggingEvent> logged = new CopyOnWriteArrayList<>();
  private final AppenderBase<ILoggingEvent> log =
      new AppenderBase<>() {
        @Override
        protected void append(ILoggingEvent event) {
          logged.add(event);
        }
      };
  private final List<GrafanaLive> opened = new ArrayList<>();
  private FakeGrafana grafana;

  @BeforeEach
  void start() throws Exception {
    grafana = new FakeGrafana(vertx);
    log.start();
    root.setAdditive(false);
    root.addAppender(log);
    root.setLevel(Level.TRACE);
  }

  @AfterEach
  void stop() throws Exception {
    for (GrafanaLive live : opened) {
      FakeGrafana.await(live.close());
    }
    grafana.close();
    FakeGrafana.await(vertx.close());
    root.detachAppender(log);
    root.setLevel(null);
    root.setAdditive(true);
    assertThat(logged)
        .extracting(
            event ->
                event.getFormattedMessage() + event.getKeyValuePairs() + event.getThrowableProxy())
        .as("every token of these tests begins with glsa_")
        .noneMatch(text -> text.contains("glsa_"));
    assertThat(grafana.violations).isEmpty();
  }

  private GrafanaLive live(GrafanaConfig config) {
    GrafanaLive live =
        new GrafanaLive(
            vertx,
            new GrafanaClient(vertx, config),
            config,
            Xining.INDICATORS,
            GrafanaTests.clock());
    opened.add(live);
    return live;
  }

  private GrafanaLive live(String token) {
    return live(GrafanaTests.config(grafana.url(), token));
  }

  private static IndicatorPoint pm25(String region, double value) {
    return Xining.point("CVS-ENV-0001", region, Xining.NOON, value);
  }

  private static AlertEvent fired(int seq, String alert) {
    return Xining.event(seq, alert, Type.FIRED, AlertState.FIRING, Grade.ORANGE);
  }

  private static void until(String what, BooleanSupplier condition) throws InterruptedException {
    GrafanaTests.eventually(what, condition);
  }

  @Test
  void valuesGoByWebsocket() throws Exception {
    GrafanaLive live = live(FakeGrafana.ADMIN);
    live.publish(List.of(pm25("630100", 43), pm25("630102", 61.5)));

    until("both values", () -> grafana.lines(PM25).size() >= 2);
    assertThat(grafana.channels.get(PM25)).allMatch(FakeGrafana.Pushed::bySocket);
    assertThat(grafana.lines(PM25).get(1).tags())
        .containsExactlyEntriesOf(new TreeMap<>(Map.of("region", "630102")));
    assertThat(grafana.lines(PM25).get(1).fields())
        .containsEntry("value", 61.5)
        .containsEntry("trust", "complete");
    assertThat(grafana.lines(PM25).get(1).nanoseconds())
        .isEqualTo(Xining.NOON.getEpochSecond() * 1_000_000_000L);
    assertThat(grafana.count("POST /api/live/push/chengmai-env")).isZero();
    assertThat(live.status().sockets()).isEqualTo(1);
    assertThat(live.status().problem()).isNull();
  }

  @Test
  void aTokenBelowAdminFallsBackToPostAndLosesNothing() throws Exception {
    GrafanaLive live = live(FakeGrafana.EDITOR);
    live.publish(List.of(pm25("630100", 43)));
    live.accept(List.of(fired(1, "a1")));

    until("value by post", () -> grafana.lines(PM25).size() == 1);
    until("alert by post", () -> grafana.lines(ALERTS).size() == 1);
    until("annotation", () -> grafana.annotations.size() == 1);
    assertThat(grafana.channels.get(PM25)).noneMatch(FakeGrafana.Pushed::bySocket);
    assertThat(live.status().posting()).isEqualTo(2);
    assertThat(live.status().dropped()).isZero();
  }

  @Test
  void theWebsocketIsTriedAgainAndTakesOver() throws Exception {
    grafana.isUpgradeRefused = true;
    GrafanaLive live = live(FakeGrafana.ADMIN);
    live.publish(List.of(pm25("630100", 43)));
    until("value by post", () -> grafana.lines(PM25).size() == 1);

    grafana.isUpgradeRefused = false;
    until("a websocket", () -> live.status().sockets() == 1);
    live.publish(List.of(pm25("630100", 44)));
    until(
        "value by websocket",
        () ->
            grafana.channels.get(PM25).stream()
                .anyMatch(
                    pushed ->
                        pushed.bySocket() && pushed.line().fields().get("value").equals(44.0)));
    assertThat(live.status().posting()).isZero();
  }

  @Test
  void aDroppedSocketIsOpenedAgainAndStartsWithTheWholeState() throws Exception {
    GrafanaLive live = live(FakeGrafana.ADMIN);
    live.publish(List.of(pm25("630100", 43), pm25("630102", 61)));
    until("both values", () -> grafana.lines(PM25).size() >= 2);

    grafana.channels.clear();
    grafana.dropSockets();
    until("both values again", () -> grafana.lines(PM25).size() >= 2);
    assertThat(grafana.lines(PM25))
        .extracting(line -> line.tags().get("region"))
        .contains("630100", "630102");
  }

  @Test
  void lateViewersGetTheStateAgain() throws Exception {
    GrafanaLive live = live(FakeGrafana.ADMIN);
    live.publish(List.of(pm25("630100", 43)));
    until("sent and sent again", () -> grafana.lines(PM25).size() >= 3);
    assertThat(grafana.lines(PM25).stream().distinct()).hasSize(1);
  }

  @Test
  void whatHasGoneStaleIsNotSentAgain() throws Exception {
    AtomicReference<Instant> now = new AtomicReference<>(Xining.NOON);
    GrafanaConfig config = GrafanaTests.config(grafana.url(), FakeGrafana.ADMIN);
    GrafanaLive live =
        new GrafanaLive(
            vertx, new GrafanaClient(vertx, config), config, Xining.INDICATORS, now::get);
    opened.add(live);
    live.publish(
        List.of(pm25("630100", 43), Xining.point("CVS-UTL-0001", "630100", Xining.NOON, 1.0)));
    until("it is sent again", () -> grafana.lines(PM25).size() >= 3);

    now.set(Xining.NOON.plusSeconds(5 * 3600));
    live.publish(List.of(Xining.point("CVS-UTL-0001", "630100", now.get(), 2.0)));
    String load = "stream/chengmai-utl/CVS-UTL-0001";
    until(
        "the fresh one came",
        () -> grafana.lines(load).stream().anyMatch(l -> l.fields().get("value").equals(2.0)));
    int before = grafana.lines(PM25).size();
    int freshBefore = grafana.lines(load).size();
    until("the fresh one is sent again", () -> grafana.lines(load).size() >= freshBefore + 2);
    // One round may have been on its way when the clock jumped.
    assertThat(grafana.lines(PM25)).hasSizeLessThanOrEqualTo(before + 1);
  }

  @Test
  void aLateRevisionOfAnEarlierPeriodDoesNotBecomeTheState() throws Exception {
    GrafanaLive live = live(FakeGrafana.ADMIN);
    live.publish(
        List.of(
            pm25("630100", 43),
            Xining.point("CVS-ENV-0001", "630100", Xining.NOON.minusSeconds(3600), 40.0)));
    until("sent and sent again", () -> grafana.lines(PM25).size() >= 6);
    assertThat(grafana.lines(PM25).get(grafana.lines(PM25).size() - 1).fields())
        .containsEntry("value", 43.0);
    // On opening, the state is sent along with what waits; the earlier period is part of the queue
    // only.
    assertThat(grafana.lines(PM25).stream().filter(line -> line.fields().get("value").equals(40.0)))
        .hasSize(1);
  }

  @Test
  void pointsOfLongAgoAreHistoryNotLive() throws Exception {
    GrafanaLive live = live(FakeGrafana.ADMIN);
    live.publish(
        List.of(
            Xining.point("CVS-ENV-0001", "630102", Xining.NOON.minusSeconds(8 * 3600), 61.0),
            pm25("630100", 43)));
    until("the new one", () -> !grafana.lines(PM25).isEmpty());
    assertThat(grafana.lines(PM25)).allMatch(line -> line.tags().get("region").equals("630100"));
  }

  @Test
  void aMissingPeriodIsAGap() throws Exception {
    GrafanaLive live = live(FakeGrafana.ADMIN);
    live.publish(
        List.of(Xining.point("CVS-ENV-0001", "630100", Xining.NOON, null), pm25("630102", 1)));
    until("the value", () -> !grafana.lines(PM25).isEmpty());
    assertThat(grafana.lines(PM25)).allMatch(line -> line.tags().get("region").equals("630102"));
  }

  @Test
  void pointsWithDimensionsHaveAMeasurementOfTheirOwn() throws Exception {
    GrafanaLive live = live(FakeGrafana.ADMIN);
    SeriesKey key =
        new SeriesKey("CVS-ENV-0001", "630100", new TreeMap<>(Map.of("station type", "省控, 点")));
    live.publish(
        List.of(
            new IndicatorPoint(
                key,
                1,
                Xining.NOON,
                Grain.of("PT1H"),
                9.0,
                null,
                null,
                1,
                Trust.LATE,
                2,
                Xining.NOON,
                "h")));
    until("the value", () -> !grafana.lines(PM25 + ".station_type").isEmpty());
    assertThat(grafana.lines(PM25 + ".station_type").get(0).tags())
        .containsEntry("station type", "省控, 点");
  }

  @Test
  void moreThanFiftySeriesOfOneMeasurementAreCountedNotSent() throws Exception {
    GrafanaLive live = live(FakeGrafana.ADMIN);
    live.publish(IntStream.range(0, 60).mapToObj(i -> pm25("63%04d".formatted(i), i)).toList());
    until("ten are left out", () -> live.status().unlisted() == 10);
    until("fifty are sent", () -> grafana.lines(PM25).size() >= 50);
    assertThat(grafana.lines(PM25).stream().map(line -> line.tags().get("region")).distinct())
        .hasSize(50);
  }

  @Test
  void dropsTheOldestValuesAndCountsThemWhileGrafanaIsAway() throws Exception {
    String url = grafana.url();
    grafana.stop();
    GrafanaLive live =
        live(GrafanaTests.withQueueLimits(GrafanaTests.config(url, FakeGrafana.ADMIN), 10, 10));
    for (int i = 0; i < 25; i++) {
      live.publish(List.of(pm25("630100", i)));
    }
    until("15 are dropped", () -> live.status().dropped() == 15);
    assertThat(live.status().queued()).isEqualTo(10);
    until("the problem shows", () -> live.status().problem() != null);
    assertThat(live.status().problem()).contains("got no answer", "check that Grafana runs");

    grafana.start();
    until("the ten newest", () -> grafana.lines(PM25).size() >= 10);
    assertThat(grafana.lines(PM25).subList(0, 10))
        .extracting(line -> line.fields().get("value"))
        .containsExactlyElementsOf(
            IntStream.range(15, 25).mapToObj(i -> (Object) (double) i).toList());
    until("nothing waits", () -> live.status().queued() == 0);
    assertThat(live.status().dropped()).isEqualTo(15);
  }

  @Test
  void alertsAreRowsOfATableAndAnnotationsThatCloseWithThem() throws Exception {
    GrafanaLive live = live(FakeGrafana.ADMIN);
    live.accept(List.of(fired(1, "a1")));
    until("the row", () -> !grafana.lines(ALERTS).isEmpty());
    assertThat(grafana.lines(ALERTS).get(0).fields())
        .containsEntry("grade", "orange")
        .containsEntry("state", "firing")
        .containsEntry("value", "180 μg/m³")
        .containsEntry("expected", "20 μg/m³ – 75 μg/m³")
        .containsEntry("reason_en", "PM2.5 \"over\" 151 for 2 h, a=b");
    until("the annotation", () -> grafana.annotations.size() == 1);
    JsonObject note = grafana.annotations.values().iterator().next();
    assertThat(note.getJsonArray("tags").getList().toString())
        .isEqualTo(
            "[chengmai, domain:environment, code:CVS-ENV-0001, region:630102, grade:orange, alert:a1]");
    assertThat(note.getLong("time")).isEqualTo(Xining.NOON.toEpochMilli());
    assertThat(note.containsKey("timeEnd")).isFalse();
    assertThat(note.getString("text")).contains("橙", "细颗粒物", "&lt;严重&gt;").doesNotContain("<");

    live.accept(List.of(Xining.event(2, "a1", Type.GRADE_CHANGED, AlertState.FIRING, Grade.RED)));
    until("the grade", () -> note.getJsonArray("tags").contains("grade:red"));
    live.accept(List.of(Xining.event(3, "a1", Type.RESOLVED, AlertState.RESOLVED, Grade.RED)));
    until("the end", () -> note.containsKey("timeEnd"));

    assertThat(note.getLong("timeEnd")).isEqualTo(Xining.NOON.plusSeconds(3).toEpochMilli());
    assertThat(grafana.annotations).hasSize(1);
    assertThat(grafana.count("POST /api/annotations")).isEqualTo(1);
  }

  @Test
  void noAlertIsLostOverARestartOfGrafana() throws Exception {
    GrafanaLive live = live(FakeGrafana.ADMIN);
    live.accept(List.of(fired(1, "before")));
    until("the first", () -> grafana.annotations.size() == 1);

    grafana.stop();
    for (int i = 0; i < 200; i++) {
      live.accept(List.of(fired(2 + i, "during-" + i)));
    }
    live.accept(
        List.of(Xining.event(900, "before", Type.RESOLVED, AlertState.RESOLVED, Grade.ORANGE)));
    until("they wait", () -> live.status().annotationsWaiting() == 201);
    until("and it is known why", () -> live.status().problem() != null);

    grafana.start();
    until("all are there", () -> live.status().annotationsWaiting() == 0);
    assertThat(grafana.annotations).hasSize(201);
    assertThat(grafana.annotations.values())
        .extracting(note -> note.getJsonArray("tags").getString(5))
        .doesNotHaveDuplicates();
    assertThat(grafana.annotations.values().stream().filter(note -> note.containsKey("timeEnd")))
        .hasSize(1);
    assertThat(live.status().annotationsRefused()).isZero();
    until("open alerts are live again", () -> grafana.lines(ALERTS).size() >= 200);
  }

  @Test
  void anAnnotationThatFailsIsTriedAgain() throws Exception {
    grafana.fail("/api/annotations", 500);
    GrafanaLive live = live(FakeGrafana.ADMIN);
    live.accept(List.of(fired(1, "a1")));
    until("several tries", () -> grafana.count("GET /api/annotations") >= 3);
    assertThat(live.status().annotationsWaiting()).isEqualTo(1);
    grafana.recover();
    until("it is there", () -> grafana.annotations.size() == 1);
    until("nothing waits", () -> live.status().annotationsWaiting() == 0);
  }

  @Test
  void theSameEventTwiceOrAfterARestartOfOursIsOneAnnotation() throws Exception {
    AlertEvent event = fired(1, "a1");
    AlertEvent resolved = Xining.event(2, "a1", Type.RESOLVED, AlertState.RESOLVED, Grade.ORANGE);
    GrafanaLive first = live(FakeGrafana.ADMIN);
    first.accept(List.of(event));
    first.accept(List.of(event));
    until(
        "annotated",
        () -> first.status().annotated() >= 1 && first.status().annotationsWaiting() == 0);
    FakeGrafana.await(first.close());

    GrafanaLive second = live(FakeGrafana.ADMIN);
    second.resume(List.of(event, resolved));
    until("annotated again", () -> second.status().annotated() == 1);

    assertThat(grafana.annotations).hasSize(1);
    assertThat(grafana.annotations.values().iterator().next().containsKey("timeEnd")).isTrue();
  }

  @Test
  void pendingAlertsHaveNoAnnotation() throws Exception {
    GrafanaLive live = live(FakeGrafana.ADMIN);
    live.accept(
        List.of(
            Xining.event(1, "p", Type.PENDING, AlertState.PENDING, Grade.BLUE),
            fired(2, "a2"),
            Xining.event(3, "a2", Type.CONTINUED, AlertState.FIRING, Grade.BLUE)));
    until("the fired one", () -> live.status().annotated() == 1);
    assertThat(grafana.annotations).hasSize(1);
  }

  @Test
  void anAnnotationBeyondTheLimitIsRefusedCountedAndLoggedAsAnError() throws Exception {
    String url = grafana.url();
    grafana.stop();
    GrafanaLive live =
        live(GrafanaTests.withQueueLimits(GrafanaTests.config(url, FakeGrafana.ADMIN), 10, 2));
    live.accept(List.of(fired(1, "a1"), fired(2, "a2"), fired(3, "a3")));
    until("one is refused", () -> live.status().annotationsRefused() == 1);
    until(
        "the error is logged",
        () ->
            logged.stream()
                .anyMatch(
                    event ->
                        event.getLevel() == Level.ERROR
                            && event.getKeyValuePairs().toString().contains("a3")));
  }

  @Test
  void aBatchThatGrafanaCannotReadIsGivenUpAndCounted() throws Exception {
    GrafanaLive live = live(FakeGrafana.EDITOR);
    live.publish(List.of(pm25("630100", 43)));
    until("the first", () -> grafana.lines(PM25).size() == 1);
    grafana.fail("/api/live/push/chengmai-env", 400);
    live.publish(List.of(pm25("630100", 44)));
    until("it is dropped", () -> live.status().dropped() >= 1);
    grafana.recover();
    live.publish(List.of(pm25("630100", 45)));
    until(
        "the next",
        () ->
            grafana.lines(PM25).stream().anyMatch(line -> line.fields().get("value").equals(45.0)));
  }

  @Test
  void aWrongTokenIsExplainedWithoutBeingPrinted() throws Exception {
    GrafanaLive live = live("glsa_nobody");
    live.publish(List.of(pm25("630100", 43)));
    live.accept(List.of(fired(1, "a1")));
    until(
        "the problem shows",
        () -> live.status().problem() != null && live.status().annotationsWaiting() == 1);
    assertThat(live.status().problem()).contains("401", "token").doesNotContain("glsa_nobody");
    until(
        "it is logged",
        () -> logged.stream().anyMatch(event -> event.getFormattedMessage().contains("401")));
  }
}
