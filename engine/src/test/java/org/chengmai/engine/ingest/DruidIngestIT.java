package org.chengmai.engine.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.chengmai.engine.ingest.IngestServers.SENDER;
import static org.chengmai.engine.ingest.IngestServers.batch;
import static org.chengmai.engine.ingest.IngestServers.receipt;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.chengmai.connectors.druid.DruidClient;
import org.chengmai.connectors.druid.DruidIngestion;
import org.chengmai.connectors.druid.DruidIngestionConfig;
import org.chengmai.engine.RealServers;
import org.chengmai.indicators.Observation;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The way into Druid, on a real one: supervisors, markers, corrections. */
@ExtendWith(RealServers.class)
class DruidIngestIT {
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  private IngestServers servers;
  private DruidClient druid;
  private String dataSource;
  private DruidIngestion ingestion;

  @BeforeEach
  void open() throws Exception {
    druid = IngestServers.druid();
    servers = new IngestServers(2);
    dataSource = servers.prefix + "observations";
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", servers.kafka))) {
      admin
          .createTopics(List.of(new NewTopic(servers.prefix + "indicators", 1, (short) 1)))
          .all()
          .get();
    }
    ingestion = new DruidIngestion(druid, config(Duration.ofMinutes(1)));
  }

  private DruidIngestionConfig config(Duration taskDuration) {
    return new DruidIngestionConfig(
        servers.kafka,
        dataSource,
        servers.prefix + "indicators",
        dataSource,
        servers.prefix + "vital_signs",
        taskDuration,
        1,
        50_000);
  }

  @AfterEach
  void close() throws Exception {
    if (servers == null) {
      return;
    }
    for (String name : List.of(dataSource, servers.prefix + "vital_signs")) {
      druid.post("/druid/indexer/v1/supervisor/" + name + "/terminate", Map.of());
    }
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", servers.kafka))) {
      admin.deleteTopics(List.of(servers.prefix + "indicators")).all().get();
    }
    servers.close();
  }

  @Test
  void whatIsAcknowledgedBeforeAMarkerIsVisibleWithItAndCorrectionsOverwriteTheirDay()
      throws Exception {
    assertThat(ingestion.apply()).containsExactly(dataSource, servers.prefix + "vital_signs");
    assertThat(ingestion.apply()).as("nothing changed").isEmpty();
    IngestServers.await(
        "supervisors run",
        PATIENCE,
        () -> ingestion.health().stream().allMatch(DruidIngestion.Health::isRunning));

    ObservationGateway gateway = servers.gateway("a");
    CloseMarker marker = new CloseMarker(gateway, druid, dataSource);
    Instant yesterday = Instant.now().truncatedTo(ChronoUnit.DAYS).minus(1, ChronoUnit.DAYS);
    Observation[] rows =
        IntStream.range(0, 1000)
            .mapToObj(
                n ->
                    new Observation(
                        IngestServers.SERIES,
                        yesterday.plusSeconds(n),
                        n,
                        Instant.now(),
                        n % 2 == 0 ? null : "id" + n))
            .toArray(Observation[]::new);
    receipt(gateway.submit(SENDER, "k", batch(rows)));
    long number = marker.send();
    List<CompletableFuture<Boolean>> waiters =
        IntStream.range(0, 4)
            .mapToObj(
                n -> CompletableFuture.supplyAsync(() -> marker.awaitVisible(number, PATIENCE)))
            .toList();
    assertThat(waiters).allSatisfy(waiter -> assertThat(waiter.get()).isTrue());
    assertThat(
            druid.count(
                "SELECT COUNT(*) FROM \"%s\" WHERE \"series\" <> '__marker'".formatted(dataSource)))
        .isEqualTo(1000);
    assertThat(marker.awaitVisible(number + 1, Duration.ofMillis(200)))
        .as("a marker that was never sent")
        .isFalse();
    for (int n = 0; n < 5; n++) {
      long start = System.nanoTime();
      receipt(
          gateway.submit(
              SENDER,
              "more" + n,
              batch(
                  new Observation(
                      IngestServers.SERIES,
                      yesterday.plusSeconds(5000 + n),
                      n,
                      Instant.now(),
                      null))));
      assertThat(marker.awaitVisible(marker.send(), PATIENCE)).isTrue();
      System.out.printf("marker round trip %d ms%n", (System.nanoTime() - start) / 1_000_000);
      assertThat(
              druid.count(
                  "SELECT COUNT(*) FROM \"%s\" WHERE \"series\" <> '__marker'"
                      .formatted(dataSource)))
          .isEqualTo(1001 + n);
    }

    List<Corrections.Interval> told = new CopyOnWriteArrayList<>();
    Corrections corrections =
        servers.closing(
            new Corrections(
                servers.jdbi,
                servers.registry,
                gateway,
                druid,
                servers.clock,
                dataSource,
                Duration.ofSeconds(3),
                told::addAll));
    Observation corrected =
        new Observation(
            IngestServers.SERIES, yesterday.plusSeconds(10), 1234.5, Instant.now(), null);
    Observation withId =
        new Observation(IngestServers.SERIES, yesterday.plusSeconds(11), 77, Instant.now(), "id11");
    Observation wrongId =
        new Observation(IngestServers.SERIES, yesterday.plusSeconds(13), 78, Instant.now(), "none");
    assertThat(corrections.submit(SENDER, "c1", batch(corrected, withId, wrongId)).accepted())
        .isEqualTo(3);
    assertThat(corrections.submit(SENDER, "c1", batch(corrected)).duplicate()).isTrue();
    assertThat(corrections.pendingIntervals())
        .containsExactly(
            new Corrections.Interval(
                "air.pm25",
                "630102",
                yesterday.plusSeconds(10),
                yesterday.plusSeconds(13).plusMillis(1)));
    corrections.start();
    long start = System.nanoTime();
    IngestServers.await(
        "both corrections are visible", PATIENCE.multipliedBy(2), () -> corrected(yesterday) == 2);
    System.out.printf("corrected after %d ms%n", (System.nanoTime() - start) / 1_000_000);
    IngestServers.await("the listener is told", PATIENCE, () -> !told.isEmpty());
    IngestServers.await(
        "the lost one is given up",
        PATIENCE.multipliedBy(2),
        () -> corrections.pendingIntervals().isEmpty());
    assertThat(told)
        .allMatch(
            interval ->
                interval.measure().equals("air.pm25") && interval.region().equals("630102"));
    assertThat(
            druid.count(
                "SELECT COUNT(*) FROM \"%s\" WHERE \"series\" <> '__marker'".formatted(dataSource)))
        .isEqualTo(1005);
    assertThat(
            druid.count(
                "SELECT COUNT(*) FROM \"%s\" WHERE \"value\" = 13 AND \"id\" = 'id13'"
                    .formatted(dataSource)))
        .isEqualTo(1);
    receipt(
        gateway.submit(
            SENDER,
            "after",
            batch(
                new Observation(
                    IngestServers.SERIES, yesterday.plusSeconds(6000), 1, Instant.now(), null))));
    assertThat(marker.awaitVisible(marker.send(), PATIENCE))
        .as("streaming goes on after the overwriting")
        .isTrue();
    assertThat(
            druid.count(
                "SELECT COUNT(*) FROM \"%s\" WHERE \"series\" <> '__marker'".formatted(dataSource)))
        .isEqualTo(1006);
  }

  private long corrected(Instant day) {
    return druid.count(
        "SELECT COUNT(*) FROM \"%s\" WHERE (\"__time\" = MILLIS_TO_TIMESTAMP(%d) AND \"value\" = 1234.5) OR (\"id\" = 'id11' AND \"value\" = 77)"
            .formatted(dataSource, day.plusSeconds(10).toEpochMilli()));
  }
}
