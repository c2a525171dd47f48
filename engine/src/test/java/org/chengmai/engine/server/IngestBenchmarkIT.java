package org.chengmai.engine.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.http.HttpServer;
import io.vertx.ext.web.Router;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.chengmai.connectors.druid.DruidClient;
import org.chengmai.connectors.druid.DruidIngestion;
import org.chengmai.connectors.druid.DruidIngestionConfig;
import org.chengmai.connectors.feed.ObservationParser;
import org.chengmai.connectors.kafka.CommittedRecords;
import org.chengmai.connectors.kafka.Topics;
import org.chengmai.engine.RealServers;
import org.chengmai.engine.bench.IngestBenchmark;
import org.chengmai.engine.ingest.Corrections;
import org.chengmai.engine.ingest.DeadLetters;
import org.chengmai.engine.ingest.IngestConfig;
import org.chengmai.engine.ingest.ObservationGateway;
import org.chengmai.engine.ingest.SeriesRegistry;
import org.chengmai.indicators.Principal;
import org.chengmai.indicators.Role;
import org.chengmai.indicators.json.Json;
import org.flywaydb.core.Flyway;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A short run of the benchmark over the whole line; {@code -Dchengmai.bench.observations} makes it
 * longer.
 */
@ExtendWith(RealServers.class)
class IngestBenchmarkIT {
  @Test
  void nothingIsLostFromHttpToDruid() throws Exception {
    String kafka = property("chengmai.test.kafka");
    String url = property("chengmai.test.pg.url");
    String user = property("chengmai.test.pg.user");
    String password = property("chengmai.test.pg.password");
    DruidClient druid =
        new DruidClient(
            URI.create(property("chengmai.test.druid.broker")),
            URI.create(property("chengmai.test.druid.coordinator")));
    String prefix = "ingest_bench_" + UUID.randomUUID().toString().substring(0, 8) + "_";
    String database = prefix + "db";
    Jdbi admin = Jdbi.create(url, user, password);
    admin.useHandle(handle -> handle.execute("CREATE DATABASE " + database));
    String own = url.substring(0, url.lastIndexOf('/') + 1) + database;
    Flyway.configure().dataSource(own, user, password).schemas("chengmai").load().migrate();
    IngestConfig.IngestTopics topics =
        new IngestConfig.IngestTopics(
            prefix + "observations", prefix + "keys", prefix + "dead_letters");
    for (String topic :
        new String[] {topics.observations(), topics.observationKeys(), topics.deadLetters()}) {
      Topics.create(kafka, topic, 1, 1);
    }
    String dataSource = topics.observations();
    new DruidIngestion(
            druid,
            new DruidIngestionConfig(
                kafka, dataSource, "none", dataSource, "none", Duration.ofHours(1), 1, 150_000))
        .applyObservations();
    IngestConfig defaults = IngestConfig.defaults();
    IngestConfig config =
        new IngestConfig(
            prefix,
            defaults.linger(),
            defaults.groupRecords(),
            defaults.queueRecords(),
            defaults.queueBytes(),
            defaults.keyLife(),
            defaults.maxKeys(),
            defaults.limits(),
            topics);
    InstantSource clock = InstantSource.system();
    SeriesRegistry registry = new SeriesRegistry(Jdbi.create(own, user, password));
    Vertx vertx = Vertx.vertx();
    try (ObservationGateway gateway =
        ObservationGateway.of(config, registry, clock, new SimpleMeterRegistry(), kafka)) {
      gateway.start();
      ObservationParser parser = new ObservationParser(config.limits(), registry, clock);
      WorkerExecutor executor = vertx.createSharedWorkerExecutor("ingest", 2);
      Corrections corrections =
          new Corrections(
              Jdbi.create(own, user, password),
              registry,
              gateway,
              druid,
              clock,
              dataSource,
              Duration.ofSeconds(5),
              told -> {});
      Router router = Router.router(vertx);
      router
          .route()
          .handler(
              context -> {
                Requests.setPrincipal(context, new Principal("bench", Role.ADMIN));
                context.next();
              })
          .failureHandler(Requests::fail);
      new ObservationRoutes(
              parser,
              gateway,
              corrections,
              new DeadLetters(
                  new CommittedRecords(kafka, topics.deadLetters(), Map.of()), gateway, parser),
              registry,
              executor)
          .mount(router);
      HttpServer server =
          vertx
              .createHttpServer()
              .requestHandler(router)
              .listen(0, "127.0.0.1")
              .toCompletionStage()
              .toCompletableFuture()
              .get(20, TimeUnit.SECONDS);
      IngestBenchmark.Settings settings =
          new IngestBenchmark.Settings(
              Integer.getInteger("chengmai.bench.observations", 50_000), 1_000, 8, 200);
      IngestBenchmark.Result result =
          new IngestBenchmark(
                  settings,
                  URI.create("http://127.0.0.1:" + server.actualPort()),
                  "token",
                  registry,
                  druid,
                  kafka,
                  dataSource)
              .run();
      System.out.println(Json.write(result));
      assertThat(result.observations()).isEqualTo(settings.observations());
      assertThat(result.lost()).isZero();
    } finally {
      vertx.close().toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
      druid.post("/druid/indexer/v1/supervisor/" + dataSource + "/terminate", Map.of());
      druid.post(
          "/druid/coordinator/v1/datasources/" + dataSource + "/markUnused",
          Map.of("interval", "1000/3000"));
      for (String topic :
          new String[] {topics.observations(), topics.observationKeys(), topics.deadLetters()}) {
        Topics.delete(kafka, topic);
      }
      admin.useHandle(handle -> handle.execute("DROP DATABASE " + database + " WITH (FORCE)"));
    }
  }

  private static String property(String name) {
    String value = System.getProperty(name);
    assumeTrue(
        value != null && !value.isBlank(),
        "needs a real server: system property " + name + " is not set");
    return String.valueOf(value);
  }
}
