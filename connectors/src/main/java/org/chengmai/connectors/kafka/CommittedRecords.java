package org.chengmai.connectors.kafka;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;

/**
 * Reads the committed records of a topic's first partition between two offsets. Blocking; safe for
 * several threads.
 */
public final class CommittedRecords {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /** Takes one record. */
  @FunctionalInterface
  public interface Visitor {
    void visit(long offset, byte[] key, byte[] value);
  }

  private final Map<String, Object> settings;
  private final String topic;
  private final TopicPartition partition;

  public CommittedRecords(String bootstrapServers, String topic, Map<String, Object> settings) {
    this.topic = topic;
    this.partition = new TopicPartition(topic, 0);
    Map<String, Object> all = new HashMap<>(settings);
    all.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
    all.put(ConsumerConfig.ENABLE_METRICS_PUSH_CONFIG, false);
    this.settings = Map.copyOf(all);
  }

  /** The offset of the oldest record that is still kept. */
  public long begin() {
    return offset(OffsetSpec.earliest());
  }

  /** The offset behind the newest record, committed or not. */
  public long end() {
    return offset(OffsetSpec.latest());
  }

  /** The first offset written at {@code time} or later; the end when there is none. */
  public long at(Instant time) {
    long offset = offset(OffsetSpec.forTimestamp(time.toEpochMilli()));
    return offset < 0 ? end() : offset;
  }

  /**
   * Visits the committed records from one offset to another (exclusive), waiting until each is
   * committed or aborted.
   */
  public void read(long from, long to, Visitor visitor) {
    if (from >= to) {
      return;
    }
    Map<String, Object> consuming = new HashMap<>(settings);
    consuming.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    consuming.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    consuming.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    consuming.put(ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
    consuming.put(ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
    consuming.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 5_000);
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(consuming)) {
      consumer.assign(List.of(partition));
      consumer.seek(partition, from);
      while (consumer.position(partition) < to) {
        boolean isEmpty = true;
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(200))) {
          isEmpty = false;
          if (record.offset() < to && record.key() != null && record.value() != null) {
            visitor.visit(record.offset(), record.key(), record.value());
          }
        }
        if (!isEmpty) {
          deadline = System.nanoTime() + PATIENCE.toNanos();
        } else if (System.nanoTime() > deadline) {
          throw new ChengmaiException(
              ErrorCode.EXTERNAL,
              "Kafka: %s stands still at offset %d before %d"
                  .formatted(topic, consumer.position(partition), to));
        }
      }
    } catch (KafkaException e) {
      throw failed(e);
    }
  }

  private long offset(OffsetSpec which) {
    try (Admin admin = Admin.create(new HashMap<>(settings))) {
      return admin.listOffsets(Map.of(partition, which)).partitionResult(partition).get().offset();
    } catch (ExecutionException e) {
      throw failed(e.getCause() == null ? e : e.getCause());
    } catch (KafkaException e) {
      throw failed(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ChengmaiException(
          ErrorCode.CANCELLED, "reading %s was interrupted".formatted(topic), e);
    }
  }

  private ChengmaiException failed(Throwable cause) {
    return new ChengmaiException(
        ErrorCode.EXTERNAL,
        "Kafka: %s cannot be read: %s".formatted(topic, cause.getMessage()),
        cause);
  }
}
