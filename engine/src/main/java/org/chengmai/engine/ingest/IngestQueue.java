package org.chengmai.engine.ingest;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.chengmai.connectors.feed.Receipt;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The requests that wait for the writing thread or are being written, and the keys of those that
 * were stored: no key is taken twice. Safe for several threads; one of them takes and settles.
 */
final class IngestQueue {
  private static final Logger LOG = LoggerFactory.getLogger(IngestQueue.class);
  private static final long RETRY_MILLIS = 1_000;

  private enum State {
    NEW,
    RUNNING,
    FENCED,
    CLOSED
  }

  private final IngestConfig config;
  private final InstantSource clock;
  private final Counter accepted;
  private final Counter rejected;
  private final Counter duplicates;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  // Guarded by the lock:
  private final Deque<IngestRequest> queue = new ArrayDeque<>();
  private final Map<String, IngestRequest> inFlight = new HashMap<>();
  private final KeyTable keys;
  private int queuedRecords;
  private long queuedBytes;
  private String problem = "";
  private State state = State.NEW;

  IngestQueue(IngestConfig config, InstantSource clock, MeterRegistry metrics) {
    this.config = config;
    this.clock = clock;
    this.keys = new KeyTable(config.keyLife(), config.maxKeys());
    this.accepted = metrics.counter("chengmai.observations.accept");
    this.rejected = metrics.counter("chengmai.observations.reject");
    this.duplicates = metrics.counter("chengmai.batches.repeat");
    Gauge.builder("chengmai.ingest.queue", this, queue -> queue.queuedRecords).register(metrics);
  }

  /** Begins to take requests; answers how many keys are known. */
  int open() {
    lock.lock();
    try {
      state = State.RUNNING;
      return keys.size();
    } finally {
      lock.unlock();
    }
  }

  /** Takes no more requests, for another engine has taken over. */
  void fence(String why) {
    lock.lock();
    try {
      state = state == State.CLOSED ? state : State.FENCED;
      problem = why;
    } finally {
      lock.unlock();
    }
  }

  /** Takes no more requests; what waits can still be taken from it. */
  void close() {
    lock.lock();
    try {
      state = State.CLOSED;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  String problem() {
    lock.lock();
    try {
      return problem;
    } finally {
      lock.unlock();
    }
  }

  void tell(String what) {
    lock.lock();
    try {
      problem = what;
    } finally {
      lock.unlock();
    }
  }

  /** Remembers a key that was stored. */
  void remember(String key, long stored, Instant at) {
    lock.lock();
    try {
      keys.put(key, stored, at);
    } finally {
      lock.unlock();
    }
  }

  boolean isStored(String key) {
    lock.lock();
    try {
      return keys.find(key) != KeyTable.UNKNOWN;
    } finally {
      lock.unlock();
    }
  }

  /** The answer to a key that was taken before, null for a new one. */
  @Nullable CompletionStage<Receipt> repeated(String key) {
    lock.lock();
    try {
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
    } finally {
      lock.unlock();
    }
  }

  /** Adds a request; refused with UNAVAILABLE or, when the queue is full, RESOURCES. */
  CompletionStage<Receipt> add(IngestRequest request) {
    lock.lock();
    try {
      if (state != State.RUNNING) {
        throw new ChengmaiException(
            ErrorCode.UNAVAILABLE,
            state == State.FENCED ? problem : "ingestion is not running; try again");
      }
      CompletionStage<Receipt> known = request.key == null ? null : repeated(request.key);
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
    } finally {
      lock.unlock();
    }
  }

  /**
   * Waits for requests and takes those that fit into one group; empty when the queue is closed and
   * nothing waits.
   */
  List<IngestRequest> take() {
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

  /** Answers a group that was taken: with receipts, or with the failure. */
  void settle(List<IngestRequest> group, @Nullable ChengmaiException failure) {
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

  /** Answers all that waits with a failure. */
  void failAll(ChengmaiException failure) {
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

  /** Waits before the next attempt to write; false when the queue closes. */
  boolean pause() {
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
}
