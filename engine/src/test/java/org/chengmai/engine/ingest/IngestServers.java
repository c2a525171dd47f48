package org.chengmai.engine.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.Producer;
import org.chengmai.connectors.druid.DruidClient;
import org.chengmai.connectors.feed.Batch;
import org.chengmai.connectors.feed.FeedLimits;
import org.chengmai.connectors.feed.Reading;
import org.chengmai.connectors.feed.Receipt;
import org.chengmai.connectors.feed.RowFormat;
import org.chengmai.connectors.kafka.CommittedRecords;
import org.chengmai.connectors.kafka.TransactionalWriter;
import org.chengmai.indicators.Observation;
import org.chengmai.indicators.Principal;
import org.chengmai.indicators.Role;
import org.chengmai.indicators.Series;
import org.flywaydb.core.Flyway;
import org.jdbi.v3.core.Jdbi;

/** The real PostgreSQL and Kafka of a test run, with a database and topics of this test's own. */
final class IngestServers implements AutoCloseable {
  static final Principal SENDER = new Principal("sensors", Role.OPERATOR);
  static final String SERIES = "air.pm25.630102";

  final String prefix = "ingest_" + UUID.randomUUID().toString().substring(0, 8) + "_";
  final String kafka = property("chengmai.test.kafka");
  final IngestConfig.IngestTopics topics =
      new IngestConfig.IngestTopics(
          prefix + "observations", prefix + "keys", prefix + "dead_letters");
  final InstantSource clock = InstantSource.system();
  final Jdbi jdbi;
  final SeriesRegistry registry;
  private final Jdbi server;
  private final List<AutoCloseable> opened = new ArrayList<>();

  IngestServers() {
    this(1);
  }

  IngestServers(int partitions) {
    String url = property("chengmai.test.pg.url");
    String user = property("chengmai.test.pg.user");
    String password = property("chengmai.test.pg.password");
    server = Jdbi.create(url, user, password);
    server.useHandle(handle -> handle.execute("CREATE DATABASE " + prefix + "test"));
    String own = url.substring(0, url.lastIndexOf('/') + 1) + prefix + "test";
    Flyway.configure().dataSource(own, user, password).schemas("chengmai").load().migrate();
    jdbi = Jdbi.create(own, user, password);
    registry = new SeriesRegistry(jdbi);
    registry.register(List.of(new Series(SERIES, "air.pm25", "630102", "ug/m3", 0, 2000)));
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka))) {
      Map<String, String> logAppendTime = Map.of("message.timestamp.type", "LogAppendTime");
      admin
          .createTopics(
              List.of(
                  new NewTopic(topics.observations(), partitions, (short) 1).configs(logAppendTime),
                  new NewTopic(topics.observationKeys(), 1, (short) 1)
                      .configs(
                          Map.of(
                              "message.timestamp.type",
                              "LogAppendTime",
                              "cleanup.policy",
                              "compact,delete")),
                  new NewTopic(topics.deadLetters(), 1, (short) 1).configs(logAppendTime)))
          .all()
          .get(30, TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new AssertionError("topics", e);
    }
  }

  /** A property that names a server; the test is skipped without it. */
  static String property(String name) {
    String value = System.getProperty(name);
    assumeTrue(
        value != null && !value.isBlank(),
        "needs a real server: system property " + name + " is not set");
    return String.valueOf(value);
  }

  static DruidClient druid() {
    return new DruidClient(
        URI.create(property("chengmai.test.druid.broker")),
        URI.create(property("chengmai.test.druid.coordinator")));
  }

  IngestConfig config(String engineId) {
    IngestConfig defaults = IngestConfig.defaults();
    return new IngestConfig(
        prefix + engineId,
        defaults.linger(),
        5_000,
        20_000,
        4L << 20,
        Duration.ofHours(24),
        100_000,
        FeedLimits.defaults(),
        topics);
  }

  ObservationGateway gateway(String engineId) {
    return started(ObservationGateway.of(config(engineId), registry, clock, metrics(), kafka));
  }

  /** A gateway whose producer is the caller's: where a test has it break off. */
  ObservationGateway gateway(
      String engineId, Function<Map<String, Object>, Producer<byte[], byte[]>> producers) {
    IngestConfig config = config(engineId);
    return started(
        new ObservationGateway(
            config,
            registry,
            clock,
            metrics(),
            new TransactionalWriter(
                kafka, "chengmai-ingest-" + config.engineId(), Map.of(), producers),
            new CommittedRecords(kafka, topics.observationKeys(), Map.of()),
            new CommittedRecords(kafka, topics.deadLetters(), Map.of())));
  }

  private ObservationGateway started(ObservationGateway gateway) {
    opened.add(gateway);
    gateway.start();
    return gateway;
  }

  <T extends AutoCloseable> T closing(T resource) {
    opened.add(resource);
    return resource;
  }

  static MeterRegistry metrics() {
    return new SimpleMeterRegistry();
  }

  CommittedRecords deadLetters() {
    return new CommittedRecords(kafka, topics.deadLetters(), Map.of());
  }

  /** The committed values in the topic of observations. */
  List<String> stored() {
    CommittedRecords records = new CommittedRecords(kafka, topics.observations(), Map.of());
    List<String> values = new ArrayList<>();
    records.read(
        0,
        records.end(),
        (offset, key, value) -> values.add(new String(value, StandardCharsets.UTF_8)));
    return values;
  }

  static Batch batch(Observation... observations) {
    return new Batch("test", Reading.of(RowFormat.JSON), List.of(observations), List.of());
  }

  static Observation observation(double value) {
    Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
    return new Observation(SERIES, now, value, now, null);
  }

  static Receipt receipt(CompletionStage<Receipt> stage) {
    try {
      return stage.toCompletableFuture().get(60, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException known) {
        throw known;
      }
      throw new AssertionError(e);
    } catch (InterruptedException | TimeoutException e) {
      throw new AssertionError("no answer", e);
    }
  }

  /** Waits until a condition holds. */
  static void await(String what, Duration patience, BooleanSupplier condition) {
    long deadline = System.nanoTime() + patience.toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("not within %s: %s", patience, what).isLessThan(deadline);
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
    }
  }

  @Override
  public void close() throws Exception {
    for (int n = opened.size() - 1; n >= 0; n--) {
      opened.get(n).close();
    }
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka))) {
      admin
          .deleteTopics(
              List.of(topics.observations(), topics.observationKeys(), topics.deadLetters()))
          .all()
          .get(30, TimeUnit.SECONDS);
    }
    server.useHandle(handle -> handle.execute("DROP DATABASE " + prefix + "test WITH (FORCE)"));
  }
}
