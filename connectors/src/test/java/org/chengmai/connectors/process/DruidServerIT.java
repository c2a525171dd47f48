package org.chengmai.connectors.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.chengmai.connectors.druid.DruidClient;
import org.chengmai.connectors.kafka.Topics;
import org.chengmai.indicators.ChengmaiException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/**
 * The contract with rows that stream in from Kafka, so that the kill meets a running supervisor and
 * its task.
 */
final class DruidServerIT extends ServerContract<DruidServer> {
  private static final String PLACES =
      "SELECT COUNT(*) FROM \"observations\" WHERE \"region\" = '城东 630102'";

  private @Nullable KafkaServer kafka;

  @Override
  DruidServer create(Path data, Ports ports) {
    if (kafka == null) {
      kafka = new KafkaServer(data, Libraries.kafka(), ports, 256);
      kafka.start(event -> {});
      Topics.create(kafka.address(), 1, 1);
    }
    return new DruidServer(data, Libraries.druid(), ports, 768);
  }

  @AfterAll
  void stopKafka() {
    if (kafka != null) {
      kafka.stop();
    }
  }

  @Override
  void write(DruidServer server, int number) throws Exception {
    if (number == 1) {
      client(server).post("/druid/indexer/v1/supervisor", supervisor(bootstrap()));
    }
    send(number);
  }

  @Override
  int read(DruidServer server) {
    try {
      return (int) client(server).count(PLACES);
    } catch (ChengmaiException e) {
      return -1; // before the first row the table is unknown
    }
  }

  @Test
  @Order(10)
  void rowsAreVisibleAtOnceAndOnceOnly() throws Exception {
    int before = read(server());
    long since = System.nanoTime();
    send(3);
    Await.until(LIMIT, () -> read(server()) > before);
    System.out.printf(
        "druid row visible after %d ms%n", Duration.ofNanos(System.nanoTime() - since).toMillis());
    assertThat(read(server())).isEqualTo(before + 1);
  }

  @Test
  @Order(11)
  void aBatchOverwritesAnIntervalBesideTheRunningSupervisor() {
    DruidClient client = client(server());
    long since = System.nanoTime();
    String task = client.post("/druid/indexer/v1/task", overwrite()).path("task").asText();
    Await.until(LIMIT, () -> status(client, task).equals("SUCCESS"));
    long done = System.nanoTime();
    Await.until(LIMIT, () -> sum(client) == 50);
    System.out.printf(
        "druid overwrite: task %d ms, visible %d ms later%n",
        Duration.ofNanos(done - since).toMillis(),
        Duration.ofNanos(System.nanoTime() - done).toMillis());
  }

  @Test
  @Order(12)
  void compactionRunsBesideTheRunningSupervisor() {
    DruidClient client = client(server());
    String task =
        client
            .post(
                "/druid/indexer/v1/task",
                Map.of(
                    "type",
                    "compact",
                    "dataSource",
                    "observations",
                    "context",
                    Map.of("useConcurrentLocks", true),
                    "ioConfig",
                    Map.of(
                        "type",
                        "compact",
                        "inputSpec",
                        Map.of("type", "interval", "interval", "2020-01-01/2020-02-01"))))
            .path("task")
            .asText();
    Await.until(LIMIT, () -> status(client, task).equals("SUCCESS"));
    assertThat(sum(client)).isEqualTo(50);
  }

  @Test
  @Order(13)
  void aLargeGroupBySpillsInsteadOfFailing() throws IOException {
    String sql =
        "SELECT COUNT(*) FROM (SELECT \"__time\", \"series\", LATEST_BY(\"value\", \"__time\") FROM \"observations\" GROUP BY 1, 2)";
    try (InputStream rows = client(server()).sql(sql, Map.of())) {
      assertThat(new String(rows.readAllBytes(), StandardCharsets.UTF_8)).endsWith("\n\n");
    }
  }

  private String bootstrap() {
    return Objects.requireNonNull(kafka).address();
  }

  private void send(int number) {
    String row =
        "{\"series\":\"s%d\",\"measure\":\"车流\",\"region\":\"城东 630102\",\"time\":%d,\"value\":1.5,\"received\":1}"
            .formatted(number, System.currentTimeMillis());
    try (KafkaProducer<String, String> producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", bootstrap(), "acks", "all"),
            new StringSerializer(),
            new StringSerializer())) {
      producer.send(new ProducerRecord<>(Topics.OBSERVATIONS, "s", row));
    }
  }

  private static DruidClient client(DruidServer server) {
    return new DruidClient(server.broker(), server.coordinator());
  }

  private static String status(DruidClient client, String task) {
    String status =
        client
            .get("/druid/indexer/v1/task/" + task + "/status")
            .path("status")
            .path("statusCode")
            .asText();
    assertThat(status).as(task).isNotEqualTo("FAILED");
    return status;
  }

  private static long sum(DruidClient client) {
    return client.count(
        "SELECT CAST(SUM(\"value\") AS BIGINT) FROM \"observations\" WHERE \"region\" = 'old'");
  }

  private static Map<String, Object> schema(String granularity) {
    return Map.of(
        "dataSource", "observations",
        "timestampSpec", Map.of("column", "time", "format", "auto"),
        "dimensionsSpec",
            Map.of(
                "dimensions",
                List.of(
                    "series",
                    "measure",
                    "region",
                    Map.of("type", "double", "name", "value"),
                    Map.of("type", "long", "name", "received"))),
        "granularitySpec",
            Map.of(
                "type",
                "uniform",
                "segmentGranularity",
                granularity,
                "queryGranularity",
                "NONE",
                "rollup",
                false));
  }

  private static Map<String, Object> supervisor(String kafka) {
    return Map.of(
        "type", "kafka",
        "context", Map.of("useConcurrentLocks", true),
        "spec",
            Map.of(
                "dataSchema", schema("DAY"),
                "ioConfig",
                    Map.of(
                        "topic",
                        Topics.OBSERVATIONS,
                        "inputFormat",
                        Map.of("type", "json"),
                        "consumerProperties",
                        Map.of("bootstrap.servers", kafka),
                        "taskCount",
                        1,
                        "replicas",
                        1,
                        "useEarliestOffset",
                        true,
                        "startDelay",
                        "PT1S",
                        "period",
                        "PT5S"),
                "tuningConfig", Map.of("type", "kafka", "workerThreads", 1, "chatThreads", 1)));
  }

  private static Map<String, Object> overwrite() {
    StringBuilder rows = new StringBuilder();
    for (int i = 0; i < 50; i++) {
      rows.append(
          "{\"series\":\"s%d\",\"measure\":\"m\",\"region\":\"old\",\"time\":\"2020-01-%02dT00:00:00Z\",\"value\":1}%n"
              .formatted(i, i % 2 + 1));
    }
    return Map.of(
        "type", "index_parallel",
        "context", Map.of("useConcurrentLocks", true),
        "spec",
            Map.of(
                "ioConfig",
                    Map.of(
                        "type",
                        "index_parallel",
                        "inputSource",
                        Map.of("type", "inline", "data", rows.toString()),
                        "inputFormat",
                        Map.of("type", "json"),
                        "appendToExisting",
                        false),
                "tuningConfig",
                    Map.of("type", "index_parallel", "partitionsSpec", Map.of("type", "dynamic")),
                "dataSchema", schema("DAY")));
  }
}
