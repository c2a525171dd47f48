package org.chengmai.engine.ingest;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
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
  private static final long RETRY_MILLIS = 1_000;
  private static final long FENCE_PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(3);

  private enum State {
    NEW,
    RUNNING,
    FENCED,
    CLOSED
  }

  private final IngestConfig config;
  private final SeriesRegistry registry;
  private final InstantSource clock;
  private final TransactionalWriter writer;
  private final CommittedRecords deadLetterRecords;
  private final KeyLog keyLog;
  private final String life = UUID.randomUUID().toString();
  private final Thread thread = new Thread(this::run, "chengmai-ingest");
  private final Counter accepted;
  private final Counter rejected;
  private final Counter duplicates;
  private final Counter recoveries;
  private final Timer commits;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  // Guarded by the lock:
  private final Deque<IngestRequest> queue = new ArrayDeque<>();
  private final Map<String, IngestRequest> inFlight = new HashMap<>();
  private final KeyTable keys;
  private int queuedRecords;
  private long queuedBytes;
  private long lastMarker;
  private String problem = "";
  private State state = State.NEW;
  // Owned by the thread:
  private long groupNumber;
  private long deadLetters;
  private int partitions = 1;

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
    this.writer = writer;
    this.deadLetterRecords = deadLetterRecords;
    this.keyLog = new KeyLog(keyRecords, config.engineId());
    this.keys = new KeyTable(config.keyLife(), config.maxKeys());
    this.accepted = metrics.counter("chengmai.observations.accept");
    this.rejected = metrics.counter("chengmai.observations.reject");
    this.duplicates = metrics.counter("chengmai.batches.repeat");
    this.recoveries = metrics.counter("chengmai.ingest.recover");
    this.commits = metrics.timer("chengmai.ingest.commit");
    Gauge.builder("chengmai.ingest.queue", this, gateway -> gateway.queuedRecords)
        .register(metrics);
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
    keyLog.open(clock.instant().minus(config.keyLife()), keys::put);
    partitions = writer.partitions(config.topics().observations());
    deadLetters = lastDeadLetter();
    // Tells an earlier life that may still run that it was replaced.
    write(List.of());
    lock.lock();
    try {
      state = State.RUNNING;
    } finally {
      lock.unlock();
    }
    thread.start();
    LOG.atInfo()
        .addKeyValue("engine", config.engineId())
        .addKeyValue("keys", keys.size())
        .log("ingestion is ready");
  }

  /** What keeps the gateway from storing, for {@code /health}; empty when nothing does. */
  public String problem() {
    lock.lock();
    try {
      return problem;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public CompletionStage<Receipt> submit(
      Principal sender, @Nullable String idempotencyKey, Batch batch) {
    try {
      String key = scoped(sender, idempotencyKey);
      CompletionStage<Receipt> known = key == null ? null : repeated(key);
      return known == null ? enqueue(encode(sender, key, batch)) : known;
    } catch (ChengmaiException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  /** Whether this sender's key was stored within the life of keys. */
  boolean isStored(Principal sender, String idempotencyKey) {
    lock.lock();
    try {
      return keys.find(String.valueOf(scoped(sender, idempotencyKey))) != KeyTable.UNKNOWN;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Puts a close marker behind everything acknowledged so far, into every partition; completes with
   * its number after the commit.
   */
  CompletionStage<Long> mark() {
    IngestRequest request;
    lock.lock();
    try {
      lastMarker = Math.max(lastMarker + 1, clock.instant().toEpochMilli());
      request = IngestRequest.marker(lastMarker);
    } finally {
      lock.unlock();
    }
    return enqueue(request).thenApply(receipt -> request.marker);
  }

  /** How many partitions carry each marker. */
  int partitions() {
    return partitions;
  }

  String engineId() {
    return config.engineId();
  }

  @Override
  public void close() {
    lock.lock();
    try {
      state = State.CLOSED;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
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

  private @Nullable CompletionStage<Receipt> repeated(String key) {
    lock.lock();
    try {
      return repeatedLocked(key);
    } finally {
      lock.unlock();
    }
  }

  private @Nullable CompletionStage<Receipt> repeatedLocked(String key) {
    long stored = keys.find(key);
    if (stored != KeyTable.UNKNOWN) {
      duplicates.increment();
      return CompletableFuture.completedFuture(
          new Receipt((int) (stored >>> 32), (int) stored, true, List.of()));
    }
    IngestRequest first = inFlight.get(key);
    if (first != null) {
      duplicates.increment();
      return first.answer.thenApply(
          receipt -> new Receipt(receipt.accepted(), receipt.rejected(), true, receipt.errors()));
    }
    return null;
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

  private CompletionStage<Receipt> enqueue(IngestRequest request) {
    lock.lock();
    try {
      if (state != State.RUNNING) {
        throw new ChengmaiException(
            ErrorCode.UNAVAILABLE,
            state == State.FENCED ? problem : "ingestion is not running; try again");
      }
      CompletionStage<Receipt> known = request.key == null ? null : repeatedLocked(request.key);
      if (known != null) {
        return known;
      }
      // A request that is larger than the whole queue passes when nothing else waits.
      boolean isFull =
          queuedRecords > 0
              && (queuedRecords + request.records() > config.queueRecords()
                  || queuedBytes + request.bytes > config.queueBytes());
      if (isFull) {
        throw new ChengmaiException(
            ErrorCode.RESOURCES,
            "ingest queue full: %d records wait; repeat later with the same key"
                .formatted(queuedRecords));
      }
      request.queuedAt = System.nanoTime();
      queue.addLast(request);
      queuedRecords += request.records();
      queuedBytes += request.bytes;
      if (request.key != null) {
        inFlight.put(request.key, request);
      }
      changed.signalAll();
      return request.answer;
    } catch (ChengmaiException e) {
      return CompletableFuture.failedFuture(e);
    } finally {
      lock.unlock();
    }
  }

  private void run() {
    for (List<IngestRequest> group = takeGroup(); !group.isEmpty(); group = takeGroup()) {
      try {
        write(group);
        settle(group, null);
      } catch (ChengmaiException e) {
        recover(group, e);
      } catch (RuntimeException e) {
        recover(group, new ChengmaiException(ErrorCode.INTERNAL, "the writer failed: " + e, e));
      }
    }
    failAll(
        new ChengmaiException(
            ErrorCode.UNAVAILABLE, "the engine is going down; repeat later with the same key"));
  }

  /**
   * Waits for requests and takes those that fit into one group; empty when the gateway closes and
   * nothing waits.
   */
  private List<IngestRequest> takeGroup() {
    lock.lock();
    try {
      while (queue.isEmpty() || state == State.FENCED) {
        if (state != State.RUNNING) {
          return List.of();
        }
        changed.awaitUninterruptibly();
      }
      long deadline = queue.getFirst().queuedAt + config.linger().toNanos();
      long left = deadline - System.nanoTime();
      while (left > 0 && queuedRecords < config.groupRecords() && state == State.RUNNING) {
        left = changed.awaitNanos(left);
      }
      List<IngestRequest> group = new ArrayList<>();
      int records = 0;
      while (!queue.isEmpty()
          && (records == 0 || records + queue.getFirst().records() <= config.groupRecords())) {
        IngestRequest next = queue.removeFirst();
        group.add(next);
        records += next.records();
        queuedRecords -= next.records();
        queuedBytes -= next.bytes;
      }
      return group;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return List.of();
    } finally {
      lock.unlock();
    }
  }

  private void write(List<IngestRequest> group) {
    long start = System.nanoTime();
    IngestConfig.IngestTopics topics = config.topics();
    Instant now = clock.instant();
    long number = groupNumber + 1;
    long deadLetter = deadLetters;
    // Set before anything is sent: recovery asks for this number.
    groupNumber = number;
    writer.begin();
    for (IngestRequest request : group) {
      for (IngestRequest.Line line : request.observations) {
        writer.send(topics.observations(), null, line.key(), line.value());
      }
      for (DeadLetter bad : request.deadLetters) {
        deadLetter++;
        writer.send(
            topics.deadLetters(),
            0,
            String.valueOf(deadLetter).getBytes(StandardCharsets.US_ASCII),
            bad.record());
      }
      if (request.key != null) {
        byte[] value =
            KeyLog.keyValue(request.observations.size(), request.deadLetters.size(), now);
        writer.send(topics.observationKeys(), 0, KeyLog.keyRecord(request.key), value);
      }
      for (int partition = 0; request.marker > 0 && partition < partitions; partition++) {
        byte[] value = CloseMarker.record(request.marker, config.engineId(), partition, now);
        writer.send(topics.observations(), partition, CloseMarker.KEY, value);
      }
    }
    writer.send(
        topics.observationKeys(),
        0,
        keyLog.groupRecord(),
        KeyLog.groupValue(new KeyLog.Group(life, number), now));
    writer.commit();
    deadLetters = deadLetter;
    commits.record(System.nanoTime() - start, TimeUnit.NANOSECONDS);
  }

  /** Answers a group: with receipts, or with the failure. */
  private void settle(List<IngestRequest> group, @Nullable ChengmaiException failure) {
    Instant now = clock.instant();
    boolean hasForgotten = false;
    lock.lock();
    try {
      for (IngestRequest request : group) {
        if (request.key != null) {
          inFlight.remove(request.key);
          if (failure == null) {
            hasForgotten |=
                !keys.put(
                    request.key,
                    KeyLog.stored(request.observations.size(), request.deadLetters.size()),
                    now);
          }
        }
      }
    } finally {
      lock.unlock();
    }
    if (hasForgotten) {
      LOG.atWarn()
          .addKeyValue("max_keys", config.maxKeys())
          .log("more idempotency keys than max_keys: the oldest hour is forgotten early");
    }
    for (IngestRequest request : group) {
      if (failure == null) {
        accepted.increment(request.observations.size());
        rejected.increment(request.deadLetters.size());
        request.answer.complete(request.receipt());
      } else {
        request.answer.completeExceptionally(failure);
      }
    }
  }

  private void recover(List<IngestRequest> group, ChengmaiException failure) {
    LOG.atWarn()
        .setCause(failure)
        .addKeyValue("group", groupNumber)
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
        writer.open();
        catchUp();
        boolean isCommitted = new KeyLog.Group(life, groupNumber).equals(keyLog.lastGroup());
        deadLetters = lastDeadLetter();
        tell("");
        settle(uncertain, isCommitted ? null : unavailable("the batch was not stored", failure));
        LOG.atInfo()
            .addKeyValue("group", groupNumber)
            .addKeyValue("committed", isCommitted)
            .log("ingestion goes on");
        return;
      } catch (ChengmaiException e) {
        last = e;
        tell("Kafka: " + e.getMessage());
        // Nobody waits longer than this; who repeats with the same key gets the right answer once
        // Kafka is back.
        settle(uncertain, unavailable("Kafka does not answer, the batch may not be stored", e));
        uncertain = List.of();
        failAll(unavailable("Kafka does not answer, the batch was not stored", e));
        if (!pause()) {
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
      catchUp();
      KeyLog.Group group = keyLog.lastGroup();
      if (group != null && !group.life().equals(life)) {
        return true;
      }
    } while (System.nanoTime() < deadline && pause());
    return false;
  }

  private void catchUp() {
    // Read first, put in at once: senders wait for the lock.
    List<Runnable> found = new ArrayList<>();
    keyLog.catchUp((key, stored, at) -> found.add(() -> keys.put(key, stored, at)));
    lock.lock();
    try {
      found.forEach(Runnable::run);
    } finally {
      lock.unlock();
    }
  }

  private void fence(List<IngestRequest> group) {
    String message =
        "engine id '%s' is used by another engine that started later; this one takes no more observations"
            .formatted(config.engineId());
    LOG.atError().log(message);
    lock.lock();
    try {
      state = state == State.CLOSED ? state : State.FENCED;
      problem = message;
    } finally {
      lock.unlock();
    }
    settle(group, new ChengmaiException(ErrorCode.UNAVAILABLE, message));
  }

  private void failAll(ChengmaiException failure) {
    List<IngestRequest> waiting;
    lock.lock();
    try {
      waiting = List.copyOf(queue);
      queue.clear();
      queuedRecords = 0;
      queuedBytes = 0;
    } finally {
      lock.unlock();
    }
    settle(waiting, failure);
  }

  private void tell(String what) {
    lock.lock();
    try {
      problem = what;
    } finally {
      lock.unlock();
    }
  }

  /** Waits before the next attempt; false when the gateway closes. */
  private boolean pause() {
    lock.lock();
    try {
      long left = TimeUnit.MILLISECONDS.toNanos(RETRY_MILLIS);
      while (left > 0 && state == State.RUNNING) {
        left = changed.awaitNanos(left);
      }
      return state == State.RUNNING;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    } finally {
      lock.unlock();
    }
  }

  private long lastDeadLetter() {
    long end = deadLetterRecords.end();
    long[] last = new long[1];
    // Behind the last record stand at most a few control records, unless it was the only one: look
    // further back then.
    for (long back = 10; last[0] == 0; back *= 10) {
      long from = Math.max(deadLetterRecords.begin(), end - back);
      deadLetterRecords.read(
          from, end, (offset, key, value) -> last[0] = DeadLetters.sequence(key));
      if (from == deadLetterRecords.begin()) {
        break;
      }
    }
    return last[0];
  }

  private static ChengmaiException unavailable(String what, ChengmaiException cause) {
    return new ChengmaiException(
        ErrorCode.UNAVAILABLE,
        "%s; repeat with the same key (%s)".formatted(what, cause.getMessage()),
        cause);
  }
}
