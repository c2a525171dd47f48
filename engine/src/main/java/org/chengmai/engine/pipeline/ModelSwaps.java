package org.chengmai.engine.pipeline;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which models come into force at which offset: those of the record first, then new ones, which are
 * looked for once a second on another thread so that no detection waits. For one thread.
 */
final class ModelSwaps {
  private static final Logger LOG = LoggerFactory.getLogger(ModelSwaps.class);
  private static final Duration ASK_EVERY = Duration.ofSeconds(1);

  private final ModelRegistry models;
  private final Executor others;
  private final LongSupplier nanos;
  private final Deque<StoredModel> waiting = new ArrayDeque<>();
  private volatile boolean isOneNew;
  private long askedAt;

  ModelSwaps(ModelRegistry models, Executor others, LongSupplier nanos) {
    this.models = models;
    this.others = others;
    this.nanos = nanos;
  }

  /** Begins anew with the record of what has come into force. */
  void begin() {
    waiting.clear();
    waiting.addAll(models.activated());
    askedAt = nanos.getAsLong() - ASK_EVERY.toNanos();
  }

  /** The topic was made anew: every model in force is so from its beginning. */
  void restart() {
    models.restart();
  }

  /** Lets new models come into force at {@code offset}; not to be called during a replay. */
  void look(long offset) {
    if (nanos.getAsLong() - askedAt >= ASK_EVERY.toNanos()) {
      others.execute(this::ask);
      askedAt = nanos.getAsLong();
    }
    if (isOneNew) {
      isOneNew = false;
      waiting.addAll(models.activate(offset));
    }
  }

  private void ask() {
    try {
      isOneNew = models.isOneWaiting();
    } catch (RuntimeException e) {
      LOG.atWarn().log("new models cannot be looked for: {}", e.getMessage());
    }
  }

  /** Takes out those that are in force from {@code offset} or an earlier one. */
  List<StoredModel> due(long offset) {
    if (waiting.isEmpty()) {
      return List.of();
    }
    List<StoredModel> due = new ArrayList<>();
    while (!waiting.isEmpty()
        && Objects.requireNonNull(waiting.peek().activeFromOffset()) <= offset) {
      due.add(waiting.poll());
    }
    due.forEach(
        model ->
            LOG.atInfo()
                .addKeyValue("model", model.name() + "@" + model.version())
                .addKeyValue("code", model.code())
                .addKeyValue("offset", offset)
                .log("model in force"));
    return due;
  }
}
