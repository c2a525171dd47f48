package org.chengmai.engine.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.chengmai.connectors.druid.DruidClient;
import org.chengmai.connectors.kafka.PointTopic;
import org.chengmai.engine.RealServers;
import org.chengmai.engine.alerts.AlertBook;
import org.chengmai.engine.alerts.TestDatabase;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.Grain;
import org.chengmai.indicators.IndicatorPoint;
import org.chengmai.indicators.IndicatorStore;
import org.chengmai.indicators.SeriesKey;
import org.chengmai.indicators.Trust;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(RealServers.class)
final class KafkaDruidIndicatorStoreIT extends IndicatorStoreContract {
  private static final String NAME =
      "alerts_points_" + UUID.randomUUID().toString().substring(0, 8);
  private static final List<String> NUMBERS = List.of("version", "n", "revision", "computed_at");

  // the topic also carries the points of the other tests
  private static final DetectorSource DETECTORS =
      (code, version, models) ->
          code.equals("CVS-RUN") ? List.of(new CountingDetector("counting@1", 7)) : List.of();

  private static PointTopic topic;
  private static PointTopic.Writer writer;
  private static DruidClient druid;
  private static KafkaDruidIndicatorStore store;

  @BeforeAll
  static void open() throws Exception {
    String kafka = System.getProperty("chengmai.test.kafka", "");
    String broker = System.getProperty("chengmai.test.druid.broker", "");
    Assumptions.assumeFalse(
        kafka.isEmpty() || broker.isEmpty(),
        "no Kafka and Druid to test with: set -Dchengmai.test.kafka and .druid.broker");
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka))) {
      admin.createTopics(List.of(new NewTopic(NAME, 1, (short) 1))).all().get();
    }
    topic = new PointTopic(kafka, NAME);
    writer = topic.writer();
    druid =
        new DruidClient(
            URI.create(broker), URI.create(System.getProperty("chengmai.test.druid.coordinator")));
    store = new KafkaDruidIndicatorStore(writer::append, druid, NAME);
    druid.post("/druid/indexer/v1/supervisor", supervisor(kafka));
    awaitFirstRow();
  }

  @AfterAll
  static void close() throws Exception {
    if (writer != null) {
      writer.close();
      druid.post("/druid/indexer/v1/supervisor/" + NAME + "/terminate", Map.of());
      try (Admin admin =
          Admin.create(Map.of("bootstrap.servers", System.getProperty("chengmai.test.kafka")))) {
        admin.deleteTopics(List.of(NAME)).all().get();
      }
    }
  }

  private static Map<String, Object> supervisor(String kafka) {
    List<Object> dimensions =
        new ArrayList<>(
            List.of(
                "code",
                "region",
                "dimensions",
                "grain",
                "trust",
                "parts",
                "readings",
                "input_hash"));
    List.of("value", "numerator", "denominator")
        .forEach(name -> dimensions.add(Map.of("type", "double", "name", name)));
    NUMBERS.forEach(name -> dimensions.add(Map.of("type", "long", "name", name)));
    return Map.of(
        "type",
        "kafka",
        "spec",
        Map.of(
            "dataSchema",
                Map.of(
                    "dataSource", NAME,
                    "timestampSpec", Map.of("column", "time", "format", "millis"),
                    "dimensionsSpec", Map.of("dimensions", dimensions),
                    "granularitySpec",
                        Map.of(
                            "segmentGranularity",
                            "MONTH",
                            "queryGranularity",
                            "NONE",
                            "rollup",
                            false)),
            "ioConfig",
                Map.of(
                    "topic",
                    NAME,
                    "inputFormat",
                    Map.of("type", "json"),
                    "consumerProperties",
                    Map.of("bootstrap.servers", kafka),
                    "useEarliestOffset",
                    true,
                    "taskCount",
                    1,
                    "taskDuration",
                    "PT1H"),
            "tuningConfig", Map.of("type", "kafka")));
  }

  /** Druid knows the data source only once its first row is there. */
  private static void awaitFirstRow() {
    SeriesKey key = SeriesKey.of("CVS-FIRST", "0");
    IndicatorPoint point =
        new IndicatorPoint(
            key,
            1,
            Instant.parse("2026-03-01T00:00:00Z"),
            Grain.of("PT1M"),
            1.0,
            null,
            null,
            1,
            Trust.COMPLETE,
            1,
            Instant.parse("2026-03-01T00:00:00Z"),
            "x");
    writer.append(List.of(point), true);
    Instant from = point.periodStart();
    poll(
        () -> store.history(key, from, from.plusSeconds(1)), List.of(point), Duration.ofMinutes(3));
  }

  private static <T> T poll(Supplier<T> question, T answer, Duration limit) {
    long end = System.nanoTime() + limit.toNanos();
    T got = null;
    while (System.nanoTime() < end) {
      try {
        got = question.get();
        if (answer.equals(got)) {
          return got;
        }
      } catch (ChengmaiException e) {
        // the data source does not exist yet
      }
      LockSupport.parkNanos(Duration.ofMillis(100).toNanos());
    }
    assertThat(got).isEqualTo(answer);
    throw new AssertionError();
  }

  @Override
  IndicatorStore store() {
    return store;
  }

  @Override
  <T> T await(Supplier<T> question, T answer) {
    return poll(question, answer, Duration.ofMinutes(1));
  }

  private DetectorRunner runner(TestDatabase database, AlertBook book) {
    return new DetectorRunner(
        DetectorRunner.Config.defaults(),
        topic,
        DETECTORS,
        new ModelRegistry(database.dataSource()),
        book,
        database.dataSource(),
        InstantSource.system(),
        new SimpleMeterRegistry());
  }

  @Test
  void theDetectorRunnerReadsTheSameRecords() {
    try (TestDatabase database = new TestDatabase()) {
      AlertBook book = AlertBook.open(database.dataSource(), InstantSource.system(), new Random(1));
      Instant start = Instant.parse("2026-03-05T00:00:00Z");
      List<IndicatorPoint> points = new ArrayList<>();
      for (int i = 0; i < 40; i++) {
        points.add(
            new IndicatorPoint(
                SeriesKey.of("CVS-RUN", "630102"),
                1,
                start.plusSeconds(60L * i),
                Grain.of("PT1M"),
                i / 10 % 2 == 0 ? 0.0 : 20.0,
                null,
                null,
                1,
                Trust.COMPLETE,
                1,
                start.plusSeconds(60L * i + 65),
                "h" + i));
      }
      try (DetectorRunner runner = runner(database, book)) {
        runner.start();
        writer.append(points, false);
        assertThat(poll(book::head, 3L, Duration.ofSeconds(30))).isEqualTo(3);
        assertThat(runner.failure()).isNull();
      }
      try (DetectorRunner again = runner(database, book)) {
        again.start();
        writer.append(
            List.of(
                new IndicatorPoint(
                    SeriesKey.of("CVS-RUN", "630102"),
                    1,
                    start.plusSeconds(6000),
                    Grain.of("PT1M"),
                    -30.0,
                    null,
                    null,
                    1,
                    Trust.COMPLETE,
                    1,
                    start.plusSeconds(6065),
                    "h")),
            false);
        assertThat(poll(book::head, 4L, Duration.ofSeconds(30))).isEqualTo(4);
      }
    }
  }

  @Test
  void aHundredThousandPointsAreAppendedInSeconds() {
    List<IndicatorPoint> points = new ArrayList<>();
    Instant start = Instant.parse("2026-02-01T00:00:00Z");
    for (int i = 0; i < 100_000; i++) {
      points.add(
          new IndicatorPoint(
              SeriesKey.of("CVS-BULK", "63010" + i % 7),
              1,
              start.plusSeconds(60L * (i / 7)),
              Grain.of("PT1M"),
              (double) i,
              null,
              null,
              1,
              Trust.COMPLETE,
              1,
              start,
              "h" + i));
    }
    long begin = System.nanoTime();
    writer.append(points, true);
    assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(60));
  }
}
