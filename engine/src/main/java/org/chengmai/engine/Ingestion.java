package org.chengmai.engine;

import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import javax.sql.DataSource;
import org.chengmai.connectors.druid.DruidClient;
import org.chengmai.connectors.druid.DruidIngestion;
import org.chengmai.connectors.druid.DruidIngestionConfig;
import org.chengmai.connectors.feed.Feed;
import org.chengmai.connectors.feed.FeedLimits;
import org.chengmai.connectors.feed.MqttConfig;
import org.chengmai.connectors.feed.MqttFeed;
import org.chengmai.connectors.feed.ObservationParser;
import org.chengmai.connectors.kafka.CommittedRecords;
import org.chengmai.connectors.kafka.KafkaFeed;
import org.chengmai.connectors.kafka.KafkaFeedConfig;
import org.chengmai.connectors.kafka.Topics;
import org.chengmai.engine.config.EngineConfig;
import org.chengmai.engine.config.FeedConfig;
import org.chengmai.engine.ingest.CloseMarker;
import org.chengmai.engine.ingest.Corrections;
import org.chengmai.engine.ingest.DeadLetters;
import org.chengmai.engine.ingest.IngestConfig;
import org.chengmai.engine.ingest.ObservationGateway;
import org.chengmai.engine.ingest.SeriesRegistry;
import org.chengmai.engine.server.HealthRoutes;
import org.chengmai.engine.server.Users;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;
import org.jdbi.v3.core.Jdbi;

/**
 * Observations on their way in: registry, gateway, dead letters, corrections, feeds and what Druid
 * reads.
 */
public final class Ingestion implements AutoCloseable {
  private static final String DATA_SOURCE = "observations";
  private static final Duration VISIBLE_WITHIN = Duration.ofSeconds(90);

  private final EngineConfig config;
  private final String kafka;
  private final DruidClient druid;
  private final SeriesRegistry registry;
  private final ObservationGateway gateway;
  private final ObservationParser parser;
  private final DeadLetters deadLetters;
  private final Corrections corrections;
  private final CloseMarker marker;
  private final DruidIngestion supervisors;
  private final List<Feed> feeds = new ArrayList<>();
  private volatile List<DruidIngestion.Health> streams = List.of();
  private volatile BiConsumer<Instant, Instant> corrected = (from, to) -> {};

  Ingestion(
      EngineConfig config,
      EngineOptions options,
      ServerSet servers,
      DataSource database,
      MeterRegistry metrics) {
    this.config = config;
    this.kafka = servers.kafka();
    this.druid = new DruidClient(servers.druidBroker(), servers.druidCoordinator());
    Jdbi jdbi = Jdbi.create(database);
    this.registry = new SeriesRegistry(jdbi);
    registry.load();
    FeedLimits usual = FeedLimits.defaults();
    FeedLimits limits =
        new FeedLimits(
            Math.min(usual.maxRowBytes(), config.limits().requestBytes()),
            config.limits().requestBytes(),
            usual.maxOriginalBytes(),
            usual.maxBadRows(),
            options.mostBack(),
            usual.ahead());
    IngestConfig defaults = IngestConfig.defaults();
    IngestConfig ingest =
        new IngestConfig(
            defaults.engineId(),
            defaults.linger(),
            defaults.groupRecords(),
            defaults.queueRecords(),
            defaults.queueBytes(),
            defaults.keyLife(),
            defaults.maxKeys(),
            limits,
            defaults.topics());
    this.gateway = ObservationGateway.of(ingest, registry, InstantSource.system(), metrics, kafka);
    gateway.start();
    this.parser = new ObservationParser(limits, registry, options.clock());
    this.deadLetters =
        new DeadLetters(
            new CommittedRecords(kafka, Topics.DEAD_LETTERS, Map.of()), gateway, parser);
    this.supervisors =
        new DruidIngestion(druid, DruidIngestionConfig.of(kafka, options.observationSegments()));
    supervisors.apply();
    this.marker = new CloseMarker(gateway, druid, DATA_SOURCE);
    this.corrections =
        new Corrections(
            jdbi,
            registry,
            gateway,
            druid,
            InstantSource.system(),
            DATA_SOURCE,
            Duration.ofSeconds(15),
            intervals ->
                intervals.forEach(interval -> corrected.accept(interval.from(), interval.to())));
    corrections.start();
  }

  /** Starts the MQTT endpoint and the configured Kafka feeds; what it answers closes them. */
  AutoCloseable feeds(Vertx vertx, Users users) {
    WorkerExecutor executor =
        vertx.createSharedWorkerExecutor("chengmai-feeds", 2, 5, TimeUnit.MINUTES);
    if (config.server().mqttPort() >= 0) {
      feeds.add(
          new MqttFeed(
              vertx,
              executor,
              new MqttConfig(config.server().host(), config.server().mqttPort()),
              parser,
              (name, token) ->
                  users.byToken(token).filter(user -> user.name().equals(name)).orElse(null),
              gateway));
    }
    for (FeedConfig feed : config.feeds()) {
      feeds.add(
          new KafkaFeed(
              new KafkaFeedConfig(
                  feed.bootstrapServers(),
                  List.of(feed.topic()),
                  "chengmai-" + feed.name(),
                  "feed-" + feed.name(),
                  Map.of()),
              parser,
              gateway));
    }
    feeds.forEach(Feed::start);
    return () -> {
      feeds.forEach(Feed::close);
      executor.close();
    };
  }

  /** Returns when queries see everything that was acknowledged before the call. */
  public void awaitVisible() {
    long number = marker.send();
    if (!marker.awaitVisible(number, VISIBLE_WITHIN)) {
      throw new ChengmaiException(
          ErrorCode.EXTERNAL,
          "Druid has not read what was acknowledged %s ago; see its supervisors"
              .formatted(VISIBLE_WITHIN));
    }
  }

  /** Who is told of intervals whose observations were corrected. */
  void onCorrected(BiConsumer<Instant, Instant> listener) {
    corrected = listener;
  }

  List<HealthRoutes.Part> health() {
    List<HealthRoutes.Part> parts = new ArrayList<>();
    parts.add(part("ingest", gateway.problem()));
    streams.forEach(
        stream ->
            parts.add(
                new HealthRoutes.Part(
                    "druid stream " + stream.dataSource(),
                    stream.isRunning(),
                    stream.isRunning()
                        ? stream.state()
                        : stream.state() + " " + stream.lastError())));
    feeds.forEach(feed -> parts.add(part("feed " + feed.name(), feed.problem())));
    return parts;
  }

  private static HealthRoutes.Part part(String name, String problem) {
    return new HealthRoutes.Part(name, problem.isEmpty(), problem.isEmpty() ? "working" : problem);
  }

  public SeriesRegistry registry() {
    return registry;
  }

  public ObservationGateway gateway() {
    return gateway;
  }

  ObservationParser parser() {
    return parser;
  }

  DeadLetters deadLetters() {
    return deadLetters;
  }

  Corrections corrections() {
    return corrections;
  }

  public DruidClient druid() {
    return druid;
  }

  /** Asks Druid how its supervisors are, for health. */
  void refreshHealth() {
    streams = supervisors.health();
  }

  @Override
  public void close() {
    corrections.close();
    gateway.close();
  }
}
