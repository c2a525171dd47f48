package org.chengmai.connectors.kafka;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.chengmai.connectors.feed.BadRecord;
import org.chengmai.connectors.feed.Batch;
import org.chengmai.connectors.feed.Feed;
import org.chengmai.connectors.feed.Intake;
import org.chengmai.connectors.feed.ObservationParser;
import org.chengmai.connectors.feed.Reading;
import org.chengmai.connectors.feed.Receipt;
import org.chengmai.connectors.feed.RowFormat;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;
import org.chengmai.indicators.Observation;
import org.chengmai.indicators.Principal;
import org.chengmai.indicators.Role;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads observations in JSON from topics of someone's Kafka. One thread of its own.
 *
 * <p>A batch is the messages of one partition from one poll; its key is topic, partition and first
 * offset. Our offset is committed after the intake has stored the batch. After a crash in between
 * the same offset comes again, perhaps with more messages behind it: the intake knows the key and
 * answers how many rows were stored, and what goes beyond is sent under the key of its own first
 * offset. So every message is stored once.
 */
public final class KafkaFeed implements Feed {
  private static final Logger LOG = LoggerFactory.getLogger(KafkaFeed.class);
  private static final Duration POLL = Duration.ofMillis(500);
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final KafkaFeedConfig config;
  private final ObservationParser parser;
  private final Intake intake;
  private final Principal principal;
  private final Thread thread;
  private final Map<String, String> problems = new ConcurrentHashMap<>();
  private volatile @Nullable KafkaConsumer<byte[], byte[]> consumer;
  private volatile boolean isClosed;

  public KafkaFeed(KafkaFeedConfig config, ObservationParser parser, Intake intake) {
    this.config = config;
    this.parser = parser;
    this.intake = intake;
    this.principal = new Principal(config.principal(), Role.OPERATOR);
    this.thread = new Thread(this::run, "chengmai-feed-" + config.group());
    thread.setDaemon(true);
  }

  @Override
  public String name() {
    return "kafka";
  }

  @Override
  public String problem() {
    return String.join("; ", problems.values());
  }

  @Override
  public void start() {
    Map<String, Object> settings = new HashMap<>(config.settings());
    settings.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, config.bootstrapServers());
    settings.put(ConsumerConfig.GROUP_ID_CONFIG, config.group());
    settings.put(ConsumerConfig.ENABLE_METRICS_PUSH_CONFIG, false);
    settings.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    settings.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 5_000);
    settings.put(ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
    settings.put(ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
    try {
      KafkaConsumer<byte[], byte[]> fresh = new KafkaConsumer<>(settings);
      fresh.subscribe(config.topics());
      consumer = fresh;
    } catch (KafkaException e) {
      throw new ChengmaiException(
          ErrorCode.EXTERNAL,
          "Kafka at %s cannot be read: %s".formatted(config.bootstrapServers(), e.getMessage()),
          e);
    }
    thread.start();
  }

  @Override
  public void close() {
    isClosed = true;
    KafkaConsumer<byte[], byte[]> current = consumer;
    if (current != null) {
      current.wakeup();
      try {
        thread.join(TimeUnit.SECONDS.toMillis(10));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private void run() {
    try (KafkaConsumer<byte[], byte[]> reading = Objects.requireNonNull(consumer)) {
      while (!isClosed) {
        poll(reading);
      }
    } catch (WakeupException e) {
      LOG.atDebug().log("the Kafka feed closes");
    } catch (KafkaException e) {
      problems.put("", "stopped: " + e.getMessage());
      LOG.atError()
          .setCause(e)
          .addKeyValue("topics", config.topics())
          .log("the Kafka feed stopped");
    }
  }

  private void poll(KafkaConsumer<byte[], byte[]> reading) {
    ConsumerRecords<byte[], byte[]> records = reading.poll(POLL);
    // What was refused before is asked for again from now on.
    reading.resume(reading.paused());
    for (TopicPartition partition : records.partitions()) {
      List<ConsumerRecord<byte[], byte[]>> messages = records.records(partition);
      int stored = 0;
      try {
        while (stored < messages.size()) {
          stored += store(partition, messages.subList(stored, messages.size()));
        }
        problems.remove(partition.toString());
      } catch (ChengmaiException e) {
        problems.put(partition.toString(), partition + ": " + e.getMessage());
        LOG.atWarn()
            .addKeyValue("partition", partition)
            .addKeyValue("cause", e.getMessage())
            .log("the Kafka feed will try again");
        reading.seek(partition, messages.get(stored).offset());
        // For the length of one poll, so that a full intake is not asked in a tight loop.
        reading.pause(List.of(partition));
      }
      if (stored > 0) {
        reading.commitSync(
            Map.of(partition, new OffsetAndMetadata(messages.get(stored - 1).offset() + 1)));
      }
    }
  }

  /**
   * Stores a batch that begins with the first message; answers how many messages are stored now.
   */
  private int store(TopicPartition partition, List<ConsumerRecord<byte[], byte[]>> messages) {
    List<Observation> observations = new ArrayList<>();
    List<BadRecord> bad = new ArrayList<>();
    int[] rows = new int[messages.size()];
    Reading how = Reading.of(RowFormat.JSON);
    for (int n = 0; n < rows.length; n++) {
      byte[] payload = messages.get(n).value();
      Batch one =
          payload == null ? new Batch(name(), how, List.of(), List.of()) : parse(how, payload);
      observations.addAll(one.observations());
      bad.addAll(one.bad());
      rows[n] = one.rows();
    }
    Batch batch = new Batch(name(), how, observations, bad);
    if (batch.isEmpty()) {
      return messages.size();
    }
    Receipt receipt =
        await(
            "%s-%d-%d"
                .formatted(partition.topic(), partition.partition(), messages.get(0).offset()),
            batch);
    if (!receipt.duplicate()) {
      return messages.size();
    }
    int before = receipt.accepted() + receipt.rejected();
    int covered = 0;
    while (covered < rows.length && before > 0) {
      before -= rows[covered++];
    }
    return Math.max(1, covered);
  }

  private Batch parse(Reading how, byte[] payload) {
    try {
      return parser.parse(name(), how, payload);
    } catch (ChengmaiException e) {
      // Too large; the topic cannot go on without it.
      return new Batch(
          name(),
          how,
          List.of(),
          List.of(BadRecord.of(String.valueOf(e.getMessage()), payload, parser.limits())));
    }
  }

  private Receipt await(String key, Batch batch) {
    try {
      return intake
          .submit(principal, key, batch)
          .toCompletableFuture()
          .get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    } catch (ExecutionException | CompletionException e) {
      throw e.getCause() instanceof ChengmaiException known
          ? known
          : new ChengmaiException(ErrorCode.INTERNAL, "the intake failed: " + e.getMessage(), e);
    } catch (TimeoutException e) {
      throw new ChengmaiException(
          ErrorCode.UNAVAILABLE, "the intake did not answer within " + PATIENCE, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ChengmaiException(ErrorCode.CANCELLED, "the Kafka feed was interrupted", e);
    }
  }
}
