package org.chengmai.engine.pipeline;

import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.chengmai.indicators.IndicatorStore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Computes each group's periods when they close, looks at them again later, and publishes what
 * changed. Groups that are due at the same moment share one close marker and run on the given
 * executor; a group that still runs is left out of a tick, one that fails keeps its place, pauses
 * for longer each time, and holds up nobody else. At the local midnight at which another version of
 * a definition comes into force the groups change. Safe for use by several threads.
 */
public final class IndicatorScheduler implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(IndicatorScheduler.class);
  private static final Duration PRUNE_EVERY = Duration.ofHours(1);

  private final Config config;
  private final GroupBook groups;
  private final CloseGate gate;
  private final Revisions revisions;
  private final ProgressBook book;
  private final PointPublisher publisher;
  private final CatchUp catchUp;
  private final IndicatorStore store;
  private final Executor executor;
  private final InstantSource clock;
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          work -> {
            Thread thread = new Thread(work, "indicator-scheduler");
            thread.setDaemon(true);
            return thread;
          });
  private final AtomicBoolean isLooking = new AtomicBoolean();
  private Instant prunedAt = Instant.MIN;

  /**
   * How the scheduler runs.
   *
   * @param poll wall time between two looks at the clock
   * @param historyAge points of periods that ended longer ago are for learning only and raise no
   *     alerts
   * @param look wall time between two looks at whether sources changed rows
   */
  public record Config(Duration poll, Duration historyAge, Duration look) {
    public static Config defaults() {
      return new Config(Duration.ofMillis(100), Duration.ofHours(2), Duration.ofMinutes(1));
    }
  }

  /**
   * A group's state for health, metrics and people.
   *
   * @param failure why the last run failed, null when it did not
   * @param gap the newest stretch longer than the history age that was caught up in one go, such as
   *     after downtime
   */
  public record Status(
      String name,
      Instant closedTo,
      @Nullable Instant ranAt,
      int points,
      @Nullable String failure,
      @Nullable Gap gap) {}

  /** A stretch of time in which nothing ran. */
  public record Gap(Instant from, Instant to) {}

  /** Told of a backfill as it goes. */
  @FunctionalInterface
  public interface BackfillListener {
    void progressed(int groupsDone, int groups, long points);
  }

  public IndicatorScheduler(
      Config config,
      GroupSchedule schedule,
      CloseGate gate,
      DataSource database,
      PointWriter writer,
      IndicatorStore store,
      Executor executor,
      InstantSource clock,
      MeterRegistry meters) {
    this(
        config,
        schedule,
        gate,
        new RevisionBook(database),
        new PostgresProgress(database),
        writer,
        store,
        executor,
        clock,
        meters);
  }

  IndicatorScheduler(
      Config config,
      GroupSchedule schedule,
      CloseGate gate,
      Revisions revisions,
      ProgressBook book,
      PointWriter writer,
      IndicatorStore store,
      Executor executor,
      InstantSource clock,
      MeterRegistry meters) {
    this.config = config;
    this.gate = gate;
    this.store = store;
    this.revisions = revisions;
    this.book = book;
    this.publisher = new PointPublisher(revisions, writer, store, clock);
    this.catchUp = new CatchUp(publisher, store, clock);
    this.executor = executor;
    this.clock = clock;
    this.groups =
        new GroupBook(
            schedule,
            book,
            clock.instant(),
            (group, since, progress, updatedAt) ->
                new ScheduledGroup(
                    group,
                    since,
                    schedule,
                    revisions,
                    progress,
                    updatedAt,
                    config.historyAge(),
                    book,
                    publisher,
                    clock,
                    meters));
  }

  /**
   * Tells someone of each day on which other versions of definitions have come into force, once the
   * groups are theirs. To be called before {@link #start}.
   */
  public void onChange(Consumer<LocalDate> listener) {
    groups.onChange(listener);
  }

  /** Begins to watch the clock. */
  public void start() {
    timer.scheduleWithFixedDelay(
        this::tickSafely, 0, config.poll().toMillis(), TimeUnit.MILLISECONDS);
    long look = config.look().toMillis();
    timer.scheduleWithFixedDelay(this::lookAtSources, look, look, TimeUnit.MILLISECONDS);
  }

  /**
   * Waits for a tick that is under way; groups that still compute are left to the executor's owner.
   */
  @Override
  public void close() {
    timer.shutdownNow();
    try {
      timer.awaitTermination(5, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * Inputs between two times were corrected and are visible: what was computed from them is
   * computed again, for every group.
   */
  public void corrected(Instant from, Instant to) {
    for (ScheduledGroup group : groups.all()) {
      group.add(book.add(group.group().name(), from, to));
    }
  }

  public List<Status> status() {
    return groups.all().stream().map(ScheduledGroup::status).toList();
  }

  /** Computes stretches of the past beside the groups, which go on meanwhile. */
  public PastValues past() {
    return new PastValues(publisher, store);
  }

  /**
   * Up to when the periods of some indicators are closed, which of those that are not scheduled is
   * what has become history.
   */
  public Instant closedTo(Set<String> codes) {
    return groups.all().stream()
        .filter(group -> group.computes(codes))
        .map(group -> group.status().closedTo())
        .min(Comparator.naturalOrder())
        .orElseGet(() -> clock.instant().minus(config.historyAge()));
  }

  private void tickSafely() {
    try {
      tick();
    } catch (RuntimeException e) {
      LOG.error("the scheduler's tick failed", e);
    }
  }

  /**
   * Computes what is due; the answer is complete when every group that was started has ended, well
   * or not.
   */
  CompletableFuture<Void> tick() {
    Instant now = clock.instant();
    groups.keep(now);
    List<ScheduledGroup> due = groups.all().stream().filter(group -> group.take(now)).toList();
    if (due.isEmpty()) {
      prune(now);
      return CompletableFuture.completedFuture(null);
    }
    try {
      gate.awaitVisible(now);
    } catch (RuntimeException e) {
      due.forEach(group -> group.failed(now, e));
      return CompletableFuture.completedFuture(null);
    }
    CompletableFuture<Void> running = CompletableFuture.completedFuture(null);
    for (List<ScheduledGroup> stage : CatchUp.byStage(due)) {
      running = running.thenCompose(before -> run(stage, now));
    }
    return running;
  }

  /** Asks all groups' sources for changed rows, one group after the other, beside what computes. */
  void lookAtSources() {
    if (isLooking.compareAndSet(false, true)) {
      try {
        executor.execute(this::look);
      } catch (RejectedExecutionException e) {
        isLooking.set(false);
      }
    }
  }

  private void look() {
    try {
      for (ScheduledGroup group : groups.all()) {
        try {
          group.look(clock.instant());
        } catch (RuntimeException e) {
          LOG.atWarn()
              .addKeyValue("group", group.status().name())
              .log("its sources do not tell what changed: {}", e.getMessage());
        }
      }
    } finally {
      isLooking.set(false);
    }
  }

  private CompletableFuture<Void> run(List<ScheduledGroup> stage, Instant now) {
    List<CompletableFuture<Void>> running = new ArrayList<>();
    for (ScheduledGroup group : stage) {
      try {
        running.add(
            CompletableFuture.runAsync(
                () -> {
                  if (isReadable(group, now)) {
                    group.run(now);
                  }
                },
                executor));
      } catch (RejectedExecutionException e) {
        group.failed(now, e);
      }
    }
    return CompletableFuture.allOf(running.toArray(CompletableFuture[]::new));
  }

  /** Whether a group finds the points that it reads; else it has failed. */
  private boolean isReadable(ScheduledGroup group, Instant now) {
    try {
      if (group.stage() > 0) {
        store.awaitReadable();
      }
      return true;
    } catch (RuntimeException e) {
      group.failed(now, e);
      return false;
    }
  }

  /**
   * Computes a whole window by one SQL for each group, two groups at a time, and publishes it as
   * history, that of groups whose sources reach further back from there; afterwards the groups go
   * on from its end. Blocks; a group that fails is told of in {@link #status()} and does not stop
   * the others.
   */
  public void backfill(Instant from, Instant to, BackfillListener listener) {
    catchUp.backfill(groups.all(), from, to, listener);
  }

  /** As {@link #backfill}, only for the groups that this engine has never computed. */
  public void backfillNew(Instant from, Instant to, BackfillListener listener) {
    catchUp.backfill(
        groups.all().stream().filter(ScheduledGroup::isNew).toList(), from, to, listener);
  }

  /** A stretch of past event time. */
  public record Window(Instant from, Instant to) {
    boolean holds(Instant time) {
      return !time.isBefore(from) && time.isBefore(to);
    }
  }

  /**
   * Computes what has long passed as if each period had closed in its turn: the points of all
   * groups come in the order in which they would have been computed, which {@code computedAt}
   * tells, and detectors take them as recent, alerts included. Afterwards the groups go on from the
   * clock's time. Blocks; answers how many points were published. A group that fails ends the
   * replay.
   *
   * @param windows by indicator code; an indicator without one is left out, and none is missing
   *     outside its window
   * @param slice so much event time is held in memory at once
   */
  public long replay(Map<String, Window> windows, Duration slice, BackfillListener listener) {
    return catchUp.replay(groups, windows, slice, listener);
  }

  private void prune(Instant now) {
    if (Duration.between(prunedAt.equals(Instant.MIN) ? now.minus(PRUNE_EVERY) : prunedAt, now)
            .compareTo(PRUNE_EVERY)
        >= 0) {
      prunedAt = now;
      revisions.prune(now);
    }
  }
}
