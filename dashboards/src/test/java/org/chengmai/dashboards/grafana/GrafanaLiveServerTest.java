package org.chengmai.dashboards.grafana;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import org.chengmai.dashboards.Dashboard;
import org.chengmai.dashboards.Xining;
import org.chengmai.indicators.Alert;
import org.chengmai.indicators.AlertEvent;
import org.chengmai.indicators.AlertState;
import org.chengmai.indicators.Grade;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Does on a real Grafana what the other tests do on the fake: provisions, pushes, annotates, and
 * reads all of it back. Runs when GRAFANA_URL and GRAFANA_TOKEN (a service account with the role
 * Admin) are set; docs/grafana.md says how. It leaves the folder and the boards behind, under the
 * name chengmai-test, and a record of the run in {@code target/grafana-live.json}.
 */
@Tag("grafana-live")
class GrafanaLiveServerTest {
  private final Vertx vertx = Vertx.vertx();
  private GrafanaConfig config;
  private GrafanaClient client;

  @BeforeEach
  void connect() {
    String url = System.getenv("GRAFANA_URL");
    String token = System.getenv("GRAFANA_TOKEN");
    Assumptions.assumeTrue(
        url != null && token != null, "GRAFANA_URL and GRAFANA_TOKEN are not set");
    String flight = System.getenv().getOrDefault("GRAFANA_FLIGHT_ADDRESS", "127.0.0.1:8815");
    GrafanaConfig d = GrafanaConfig.defaults();
    config =
        new GrafanaConfig(
            url,
            token,
            "城脉 Chengmai test",
            "chengmai-test",
            flight,
            System.getenv().getOrDefault("GRAFANA_FLIGHT_TOKEN", ""),
            false,
            d.timeout(),
            d.batchesPerSecond(),
            d.queueLimit(),
            d.alertLimit(),
            d.resendEvery(),
            d.firstRetry(),
            d.lastRetry(),
            d.recheckEvery());
    client = new GrafanaClient(vertx, config);
  }

  @AfterEach
  void disconnect() throws Exception {
    FakeGrafana.await(vertx.close());
  }

  @Test
  void provisionsPushesAndReadsBack() throws Exception {
    GrafanaClient.Health health = FakeGrafana.await(client.health());
    System.err.println("Grafana " + health.version() + " at " + config.url());

    List<Dashboard> boards = Xining.boards();
    GrafanaProvisioner provisioner = new GrafanaProvisioner(vertx, client, config);
    GrafanaProvisioner.Outcome first = FakeGrafana.await(provisioner.provision(boards));
    GrafanaProvisioner.Outcome second = FakeGrafana.await(provisioner.provision(boards));
    for (Dashboard board : boards) {
      JsonObject stored =
          FakeGrafana.await(client.dashboard(board.uid())).orElseThrow().getJsonObject("dashboard");
      assertThat(stored.getJsonArray("panels")).as(board.uid()).hasSize(board.panels().size());
    }
    assertThat(second.written()).isEmpty();

    Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
    String alert = UUID.randomUUID().toString();
    GrafanaLive live = new GrafanaLive(vertx, client, config, Xining.INDICATORS, Instant::now);
    live.publish(List.of(Xining.point("CVS-ENV-0001", "630100", now, 43.0)));
    live.accept(List.of(event(1, alert, AlertEvent.Type.FIRED, AlertState.FIRING, now)));
    GrafanaTests.eventually(
        "lines and annotation are written",
        () -> live.status().sent() >= 2 && live.status().annotated() >= 1);
    GrafanaLive.Status status = live.status();
    live.accept(List.of(event(2, alert, AlertEvent.Type.RESOLVED, AlertState.RESOLVED, now)));
    GrafanaTests.eventually("the annotation is closed", () -> live.status().annotated() >= 2);

    List<JsonObject> notes =
        FakeGrafana.await(client.annotations(List.of("chengmai", "alert:" + alert), 10));
    assertThat(notes)
        .singleElement()
        .satisfies(note -> assertThat(note.getLong("timeEnd")).isGreaterThan(note.getLong("time")));
    String channels = FakeGrafana.await(client.liveChannels()).encode();
    assertThat(channels).contains("chengmai-test-env").contains("chengmai-test-alerts");
    FakeGrafana.await(live.close());

    Files.writeString(
        Path.of("target", "grafana-live.json"),
        new JsonObject()
            .put("version", health.version())
            .put("at", now.toString())
            .put("written", first.written())
            .put("data_source", first.dataSource().message())
            .put("sockets", status.sockets())
            .put("posting", status.posting())
            .encodePrettily(),
        StandardCharsets.UTF_8);
  }

  private static AlertEvent event(
      long seq, String id, AlertEvent.Type type, AlertState state, Instant start) {
    AlertEvent event = Xining.event(seq, id, type, state, Grade.ORANGE);
    Instant at = start.plusSeconds(seq);
    Alert a = event.alert();
    return new AlertEvent(
        event.epoch(),
        seq,
        type,
        at,
        event.actor(),
        new Alert(
            id,
            a.fingerprint(),
            state,
            a.grade(),
            a.revision(),
            start,
            at,
            state.isOpen() ? null : at,
            1,
            null,
            null,
            a.latest()));
  }
}
