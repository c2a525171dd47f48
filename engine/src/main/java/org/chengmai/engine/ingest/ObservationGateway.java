package org.chengmai.engine.ingest;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.chengmai.connectors.feed.BadRecord;
import org.chengmai.connectors.feed.Batch;
import org.chengmai.connectors.feed.Intake;
import org.chengmai.connectors.feed.Receipt;
import org.chengmai.connectors.kafka.CommittedRecords;
import org.chengmai.connectors.kafka.TransactionalWriter;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;
import org.chengmai.indicators.Observation;
import org.chengmai.indicators.Principal;
import org.chengmai.indicators.json.Json;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes observations durable exactly once: several requests become one Kafka transaction with their
 * idempotency keys and dead letters, and are answered after its commit. Safe for several threads;
 * one thread of its own writes.
 *
 * <p>A failure in the middle of a commit leaves open whether the group was stored. A new producer
 * settles it, the topic of keys tells (see {@link KeyLog}), and only then the requests are
 * answered: with their receipt, or with UNAVAILABLE and the advice to repeat with the same key.
 */
public final class ObservationGateway implements Intake, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ObservationGateway.class);
  private static final int MAX_KEY = 200;
  private static final long FENCE_PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(3);

  private final IngestConfig config;
  private final SeriesRegistry registry;
  private final InstantSource clock;
  private final IngestQueue queue;
  private final GroupWriter writer;
  private final Counter recoveries;
  private final AtomicLong lastMarker = new AtomicLong();
  private final Thread thread = new Thread(this::run, "chengmai-ingest");

  /**
   * @param writer made with the transactional id {@code "chengmai-ingest-" + engineId}; the gateway
   *     opens and closes it
   */
  public ObservationGateway(
      IngestConfig config,
      SeriesRegistry registry,
      InstantSource clock,
      MeterRegistry metrics,
      TransactionalWriter writer,
      CommittedRecords keyRecords,
      CommittedRecords deadLetterRecords) {
    this.config = config;
    this.registry = registry;
    this.clock = clock;
    this.queue = new IngestQueue(config, clock, metrics);
    this.writer =
        new GroupWriter(
            config, clock, metrics, writer, keyRecords, deadLetterRecords, queue::remember);
    this.recoveries = metrics.counter("chengmai.ingest.recover");
    thread.setDaemon(true);
  }

  /** A gateway to a Kafka. */
  public static ObservationGateway of(
      IngestConfig config,
      SeriesRegistry registry,
      InstantSource clock,
      MeterRegistry metrics,
      String bootstrapServers) {
    return new ObservationGateway(
        config,
        registry,
        clock,
        metrics,
        new TransactionalWriter(bootstrapServers, "chengmai-ingest-" + config.engineId(), Map.of()),
        new CommittedRecords(bootstrapServers, config.topics().observationKeys(), Map.of()),
        new CommittedRecords(bootstrapServers, config.topics().deadLetters(), Map.of()));
  }

  /**
   * Takes over from an earlier life, reads the keys of the last day, and begins. Blocks; EXTERNAL
   * when Kafka cannot be had.
   */
  public void start() {
    writer.open();
    int keys = queue.open();
    thread.start();
    LOG.atInfo()
        .addKeyValue("engine", config.engineId())
        .addKeyValue("keys", keys)
        .log("ingestion is ready");
  }

  /** What keeps the gateway from storing, for {@code /health}; empty when nothing does. */
  public String problem() {
    return queue.problem();
  }

  @Override
  public CompletionStage<Receipt> submit(
      Principal sender, @Nullable String idempotencyKey, Batch batch) {
    try {
      String key = scoped(sender, idempotencyKey);
      CompletionStage<Receipt> known = key == null ? null : queue.repeated(key);
      return known == null ? queue.add(encode(sender, key, batch)) : known;
    } catch (ChengmaiException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  /** Whether this sender's key was stored within the life of keys. */
  boolean isStored(Principal sender, String idempotencyKey) {
    return queue.isStored(String.valueOf(scoped(sender, idempotencyKey)));
  }

  /**
   * Puts a close marker behind everything acknowledged so far, into every partition; completes with
   * its number after the commit.
   */
  CompletionStage<Long> mark() {
    long marker =
        lastMarker.updateAndGet(last -> Math.max(last + 1, clock.instant().toEpochMilli()));
    try {
      return queue.add(IngestRequest.marker(marker)).thenApply(receipt -> marker);
    } catch (ChengmaiException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  /** How many partitions carry each marker. */
  int partitions() {
    return writer.partitions();
  }

  String engineId() {
    return config.engineId();
  }

  @Override
  public void close() {
    queue.close();
    try {
      thread.join(TimeUnit.SECONDS.toMillis(30));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    writer.close();
  }

  private static @Nullable String scoped(Principal sender, @Nullable String key) {
    if (key == null) {
      return null;
    }
    if (key.isBlank() || key.length() > MAX_KEY) {
      throw new ChengmaiException(
          ErrorCode.INVALID_INPUT,
          "idempotency key of %d characters; 1 to %d are possible"
              .formatted(key.length(), MAX_KEY));
    }
    return sender.name() + "\n" + key;
  }

  private IngestRequest encode(Principal sender, @Nullable String key, Batch batch) {
    if (batch.isEmpty()) {
      throw new ChengmaiException(
          ErrorCode.INVALID_INPUT, "%s: the batch holds no observation".formatted(batch.feed()));
    }
    Instant now = clock.instant();
    IngestRequest request = IngestRequest.of(key, batch.observations().size());
    for (BadRecord bad : batch.bad()) {
      request.reject(DeadLetter.of(batch, bad, sender.name(), now));
    }
    for (Observation one : batch.observations()) {
      SeriesRecords records = registry.records(one.series());
      String refused = null;
      if (records == null) {
        refused = "series '%s' is not registered".formatted(one.series());
      } else if (!request.add(
          records.key(), records.value(one.time(), one.value(), one.received(), one.id()))) {
        refused = "the observation is too large";
      }
      if (refused != null) {
        byte[] raw = Json.write(one).getBytes(StandardCharsets.UTF_8);
        int kept = Math.min(raw.length, config.limits().maxOriginalBytes());
        BadRecord bad = new BadRecord(refused, Arrays.copyOf(raw, kept), raw.length, null);
        request.reject(DeadLetter.of(batch, bad, sender.name(), now));
      }
    }
    return request;
  }

  private void run() {
    for (List<IngestRequest> group = queue.take(); !group.isEmpty(); group = queue.take()) {
      try {
        writer.write(group);
        queue.settle(group, null);
      } catch (ChengmaiException e) {
        recover(group, e);
      } catch (RuntimeException e) {
        recover(group, new ChengmaiException(ErrorCode.INTERNAL, "the writer failed: " + e, e));
      }
    }
    queue.failAll(
        new ChengmaiException(
            ErrorCode.UNAVAILABLE, "the engine is going down; repeat later with the same key"));
  }

  private void recover(List<IngestRequest> group, ChengmaiException failure) {
    LOG.atWarn()
        .setCause(failure)
        .addKeyValue("group", writer.groupNumber())
        .log("a group may not be stored; a new producer will tell");
    recoveries.increment();
    List<IngestRequest> uncertain = group;
    ChengmaiException last = failure;
    while (true) {
      try {
        if (last.code() == ErrorCode.CONFLICT && isReplaced()) {
          fence(uncertain);
          return;
        }
        boolean isCommitted = writer.reopen();
        queue.tell("");
        queue.settle(
            uncertain, isCommitted ? null : unavailable("the batch was not stored", failure));
        LOG.atInfo()
            .addKeyValue("group", writer.groupNumber())
            .addKeyValue("committed", isCommitted)
            .log("ingestion goes on");
        return;
      } catch (ChengmaiException e) {
        last = e;
        queue.tell("Kafka: " + e.getMessage());
        // Nobody waits longer than this; who repeats with the same key gets the right answer once
        // Kafka is back.
        queue.settle(
            uncertain, unavailable("Kafka does not answer, the batch may not be stored", e));
        uncertain = List.of();
        queue.failAll(unavailable("Kafka does not answer, the batch was not stored", e));
        if (!queue.pause()) {
          return;
        }
      }
    }
  }

  /**
   * Whether another life of this engine has written since; it may need a moment for its first
   * group.
   */
  private boolean isReplaced() {
    long deadline = System.nanoTime() + FENCE_PATIENCE_NANOS;
    do {
      if (writer.isReplaced()) {
        return true;
      }
    } while (System.nanoTime() < deadline && queue.pause());
    return false;
  }

  private void fence(List<IngestRequest> group) {
    String message =
        "engine id '%s' is used by another engine that started later; this one takes no more observations"
            .formatted(config.engineId());
    LOG.atError().log(message);
    queue.fence(message);
    queue.settle(group, new ChengmaiException(ErrorCode.UNAVAILABLE, message));
  }

  private static ChengmaiException unavailable(String what, ChengmaiException cause) {
    return new ChengmaiException(
        ErrorCode.UNAVAILABLE,
        "%s; repeat with the same key (%s)".formatted(what, cause.getMessage()),
        cause);
  }
}
