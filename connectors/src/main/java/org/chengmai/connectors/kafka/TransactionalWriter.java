package org.chengmai.connectors.kafka;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;
import org.jspecify.annotations.Nullable;

/**
 * Writes to Kafka in transactions: what stands between {@link #begin} and {@link #commit} becomes
 * readable as a whole or never. One owner thread.
 *
 * <p>After any failure (EXTERNAL; CONFLICT when another writer of the same id has taken over)
 * nothing is known about the transaction under way; {@link #open} makes a new producer and settles
 * it, after which the topic itself tells.
 */
public final class TransactionalWriter implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final String transactionalId;
  private final Map<String, Object> settings;
  private final Function<Map<String, Object>, Producer<byte[], byte[]>> producers;
  private @Nullable Producer<byte[], byte[]> producer;

  /**
   * @param transactionalId the same for every life of one writer, so that a new life ends the
   *     transactions of the one before
   * @param settings more settings of the producer, such as security
   */
  public TransactionalWriter(
      String bootstrapServers, String transactionalId, Map<String, Object> settings) {
    this(bootstrapServers, transactionalId, settings, KafkaProducer::new);
  }

  /** With a producer of the caller's making, such as one that breaks off where a test wants it. */
  public TransactionalWriter(
      String bootstrapServers,
      String transactionalId,
      Map<String, Object> settings,
      Function<Map<String, Object>, Producer<byte[], byte[]>> producers) {
    this.transactionalId = transactionalId;
    this.producers = producers;
    Map<String, Object> all = new HashMap<>();
    all.put(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
    all.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, transactionalId);
    all.put(ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
    all.put(ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
    all.put(ProducerConfig.ENABLE_METRICS_PUSH_CONFIG, false);
    all.put(ProducerConfig.ACKS_CONFIG, "all");
    all.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
    all.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4");
    all.put(ProducerConfig.BATCH_SIZE_CONFIG, 256 << 10);
    all.put(ProducerConfig.BUFFER_MEMORY_CONFIG, 64L << 20);
    all.put(ProducerConfig.LINGER_MS_CONFIG, 5);
    all.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, (int) PATIENCE.toMillis());
    all.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, 5_000);
    all.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, (int) PATIENCE.toMillis());
    all.put(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, 20_000);
    all.putAll(settings);
    this.settings = Map.copyOf(all);
  }

  /**
   * Starts over with a new producer; a transaction of an earlier life is committed or aborted when
   * this returns.
   */
  public void open() {
    abandon();
    guarded(
        "is not opened",
        () -> {
          Producer<byte[], byte[]> fresh = producers.apply(settings);
          producer = fresh;
          fresh.initTransactions();
        });
  }

  public void begin() {
    guarded("cannot begin", () -> current().beginTransaction());
  }

  /** Adds a record; {@code partition} null means by the key. */
  public void send(String topic, @Nullable Integer partition, byte[] key, byte[] value) {
    guarded(
        "cannot send to " + topic,
        () -> current().send(new ProducerRecord<>(topic, partition, key, value)));
  }

  /** Returns when the transaction is durable and readable. */
  public void commit() {
    guarded("cannot commit", () -> current().commitTransaction());
  }

  /** How many partitions the topic has. */
  public int partitions(String topic) {
    int[] count = new int[1];
    guarded("cannot see " + topic, () -> count[0] = current().partitionsFor(topic).size());
    return count[0];
  }

  @Override
  public void close() {
    abandon();
  }

  private void abandon() {
    Producer<byte[], byte[]> old = producer;
    producer = null;
    if (old != null) {
      try {
        old.close(Duration.ZERO);
      } catch (KafkaException e) {
        // It had failed before; a new producer settles what it left.
        return;
      }
    }
  }

  private Producer<byte[], byte[]> current() {
    Producer<byte[], byte[]> current = producer;
    if (current == null) {
      throw new ChengmaiException(
          ErrorCode.UNAVAILABLE, "the writer %s is not open".formatted(transactionalId));
    }
    return current;
  }

  private void guarded(String what, Runnable action) {
    try {
      action.run();
    } catch (ProducerFencedException | InvalidProducerEpochException e) {
      throw new ChengmaiException(
          ErrorCode.CONFLICT,
          "writer %s: another writer of the same id has taken over".formatted(transactionalId),
          e);
    } catch (KafkaException | IllegalStateException e) {
      Throwable cause = e.getCause();
      boolean isFenced =
          cause instanceof ProducerFencedException
              || cause instanceof InvalidProducerEpochException;
      throw new ChengmaiException(
          isFenced ? ErrorCode.CONFLICT : ErrorCode.EXTERNAL,
          "Kafka: writer %s %s: %s".formatted(transactionalId, what, e.getMessage()),
          e);
    }
  }
}
