package org.chengmai.connectors.kafka;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;
import org.chengmai.indicators.IndicatorPoint;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The topic of indicator points, of one partition: its order is the order in which detectors see
 * them. A record with the header {@code history} is shown to detectors for learning only.
 */
public final class PointTopic {
  private static final Logger LOG = LoggerFactory.getLogger(PointTopic.class);
  private static final String HISTORY = "history";

  private final String bootstrapServers;
  private final String name;

  public PointTopic(String bootstrapServers, String name) {
    this.bootstrapServers = bootstrapServers;
    this.name = name;
  }

  public Writer writer() {
    return new Writer();
  }

  public Reader reader() {
    return new Reader();
  }

  /** The id that Kafka gave the topic: another one when the topic was deleted and made again. */
  public String id() {
    try (Admin admin =
        Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers))) {
      TopicDescription topic =
          Objects.requireNonNull(
              admin.describeTopics(List.of(name)).allTopicNames().get().get(name), name);
      if (topic.partitions().size() != 1) {
        throw new ChengmaiException(
            ErrorCode.INVALID_DEFINITION,
            "topic %s has %d partitions; detectors need the order of one"
                .formatted(name, topic.partitions().size()));
      }
      return topic.topicId().toString();
    } catch (ExecutionException e) {
      throw failed("cannot be described", e.getCause() == null ? e : e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ChengmaiException(
          ErrorCode.CANCELLED, "describing topic %s was interrupted".formatted(name), e);
    }
  }

  private ChengmaiException failed(String what, Throwable cause) {
    return new ChengmaiException(
        ErrorCode.EXTERNAL,
        "Kafka at %s: topic %s %s: %s".formatted(bootstrapServers, name, what, cause.getMessage()),
        cause);
  }

  /** One record of the topic. */
  public record Entry(long offset, IndicatorPoint point, boolean isHistory) {}

  /**
   * What one poll gave.
   *
   * @param next the offset after the last record read, skipped ones included
   * @param end the offset after the newest record that the broker has told of
   */
  public record Batch(List<Entry> entries, long next, long end) {
    public Batch {
      entries = List.copyOf(entries);
    }
  }

  /** Appends points durably. Safe for use by several threads. */
  public final class Writer implements AutoCloseable {
    private final KafkaProducer<String, byte[]> producer =
        new KafkaProducer<>(
            Map.of(
                ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                bootstrapServers,
                ProducerConfig.ACKS_CONFIG,
                "all",
                ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG,
                true,
                ProducerConfig.COMPRESSION_TYPE_CONFIG,
                "lz4",
                ProducerConfig.LINGER_MS_CONFIG,
                2,
                ProducerConfig.BATCH_SIZE_CONFIG,
                256 * 1024,
                ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG,
                60_000,
                ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG,
                15_000,
                ProducerConfig.MAX_BLOCK_MS_CONFIG,
                30_000),
            new StringSerializer(),
            new ByteArraySerializer());

    private Writer() {}

    /**
     * Returns when every point is acknowledged; EXTERNAL when one isn't: some may be there,
     * appending again is safe.
     */
    public void append(List<IndicatorPoint> points, boolean isHistory) {
      List<Header> headers =
          isHistory ? List.of(new RecordHeader(HISTORY, new byte[0])) : List.of();
      List<Future<?>> sent = new ArrayList<>(points.size());
      try {
        for (IndicatorPoint point : points) {
          sent.add(
              producer.send(
                  new ProducerRecord<>(
                      name, 0, null, point.key().toString(), PointCodec.write(point), headers)));
        }
        producer.flush();
        for (Future<?> one : sent) {
          one.get();
        }
      } catch (ExecutionException e) {
        throw failed("did not take points", e.getCause() == null ? e : e.getCause());
      } catch (KafkaException e) {
        throw failed("did not take points", e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new ChengmaiException(ErrorCode.CANCELLED, "appending points was interrupted", e);
      }
    }

    @Override
    public void close() {
      producer.close(Duration.ofSeconds(10));
    }
  }

  /** Reads the topic from an explicit offset, committed records only. For one thread. */
  public final class Reader implements AutoCloseable {
    private final TopicPartition partition = new TopicPartition(name, 0);
    private final KafkaConsumer<String, byte[]> consumer =
        new KafkaConsumer<>(
            Map.of(
                ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                bootstrapServers,
                ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                false,
                ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                "none",
                ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                "read_committed",
                // a few milliseconds' work, so that what is found in the first waits for no more
                ConsumerConfig.MAX_POLL_RECORDS_CONFIG,
                200,
                ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG,
                250),
            new StringDeserializer(),
            new ByteArrayDeserializer());

    private Reader() {
      consumer.assign(List.of(partition));
    }

    /**
     * Reads on from {@code offset}, or from the oldest record that is still there when that one is
     * gone.
     */
    public long seek(long offset) {
      try {
        long beginning = consumer.beginningOffsets(List.of(partition)).getOrDefault(partition, 0L);
        long end = consumer.endOffsets(List.of(partition)).getOrDefault(partition, beginning);
        if (offset < beginning || offset > end) {
          LOG.atWarn()
              .addKeyValue("topic", name)
              .addKeyValue("wanted", offset)
              .addKeyValue("beginning", beginning)
              .addKeyValue("end", end)
              .log("the wanted records are gone; reading from the oldest");
          offset = beginning;
        }
        consumer.seek(partition, offset);
        return offset;
      } catch (KafkaException e) {
        throw failed("cannot be read", e);
      }
    }

    public Batch poll(Duration timeout) {
      try {
        ConsumerRecords<String, byte[]> records = consumer.poll(timeout);
        List<Entry> entries = new ArrayList<>(records.count());
        for (ConsumerRecord<String, byte[]> record : records) {
          try {
            boolean isHistory = record.headers().lastHeader(HISTORY) != null;
            entries.add(new Entry(record.offset(), PointCodec.read(record.value()), isHistory));
          } catch (ChengmaiException e) {
            LOG.atWarn()
                .addKeyValue("topic", name)
                .addKeyValue("offset", record.offset())
                .log("not a point: {}", e.getMessage());
          }
        }
        long next = consumer.position(partition);
        return new Batch(entries, next, next + consumer.currentLag(partition).orElse(0));
      } catch (OffsetOutOfRangeException e) {
        seek(-1);
        return poll(Duration.ZERO);
      } catch (KafkaException e) {
        throw failed("cannot be read", e);
      }
    }

    @Override
    public void close() {
      consumer.close();
    }
  }
}
