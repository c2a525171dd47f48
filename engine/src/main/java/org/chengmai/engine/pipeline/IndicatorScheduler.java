package org.chengmai.engine.pipeline;

import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import javax.sql.DataSource;
import org.chengmai.engine.pipeline.ClosePlan.Span;
import org.chengmai.engine.pipeline.ComputationGroup.Computed;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.IndicatorStore;
import org.chengmai.indicators.SeriesKey;
import org.chengmai.indicators.Trust;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Computes each group's periods when they close, looks at them again later, and publishes what
 * changed. Groups that are due at the same moment share one close marker and run on the given
 * executor; a group that still runs is left out of a tick, one that fails keeps its place, pauses
 * for longer each time, and holds up nobody else. Safe for use by several threads.
 */
public final class IndicatorScheduler implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(IndicatorScheduler.class);
  private static final Duration PRUNE_EVERY = Duration.ofHours(1);

  private final Config config;
  private final Map<String, Group> groups = new LinkedHashMap<>();
  private final CloseGate gate;
  private final Revisions revisions;
  private final ProgressBook book;
  private final PointPublisher publisher;
  private final Executor executor;
  private final InstantSource clock;
  private final MeterRegistry meters;
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          work -> {
            Thread thread = new Thread(work, "indicator-scheduler");
            thread.setDaemon(true);
            return thread;
          });
  private Instant prunedAt = Instant.MIN;

  /**
   * How the scheduler runs.
   *
   * @param poll wall time between two looks at the clock
   * @param historyAge points of periods that ended longer ago are for learning only and raise no
   *     alerts
   */
  public record Config(Duration poll, Duration historyAge) {
    public static Config defaults() {
      return new Config(Duration.ofMillis(100), Duration.ofHours(2));
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
      Collection<? extends ComputationGroup> groups,
      CloseGate gate,
      DataSource database,
      PointWriter writer,
      IndicatorStore store,
      Executor executor,
      InstantSource clock,
      MeterRegistry meters) {
    this(
        config,
        groups,
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
      Collection<? extends ComputationGroup> groups,
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
    this.revisions = revisions;
    this.book = book;
    this.publisher = new PointPublisher(revisions, writer, store, clock);
    this.executor = executor;
    this.clock = clock;
    this.meters = meters;
    Map<String, ClosePlan.Progress> saved = book.progress();
    Instant now = clock.instant();
    for (ComputationGroup group : groups) {
      ClosePlan.Progress progress = saved.get(group.name());
      this.groups.put(
          group.name(),
          new Group(
              group, progress == null ? ClosePlan.begin(group, now) : progress, progress == null));
    }
    for (ProgressBook.Recomputation waiting : book.recomputations()) {
      Group group = this.groups.get(waiting.group());
      if (group != null) {
        group.waiting.add(waiting);
      }
    }
  }

  /** Begins to watch the clock. */
  public void start() {
    timer.scheduleWithFixedDelay(
        this::tickSafely, 0, config.poll().toMillis(), TimeUnit.MILLISECONDS);
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
    for (Group group : groups.values()) {
      ProgressBook.Recomputation waiting = book.add(group.group.name(), from, to);
      synchronized (group) {
        group.waiting.add(waiting);
      }
    }
  }

  public List<Status> status() {
    return groups.values().stream().map(Group::status).toList();
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
    List<Group> due = groups.values().stream().filter(group -> group.take(now)).toList();
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
    List<CompletableFuture<Void>> running = new ArrayList<>();
    for (Group group : due) {
      try {
        running.add(CompletableFuture.runAsync(() -> group.run(now), executor));
      } catch (RejectedExecutionException e) {
        group.failed(now, e);
      }
    }
    return CompletableFuture.allOf(running.toArray(CompletableFuture[]::new));
  }

  /**
   * Computes a whole window by one SQL for each group, two groups at a time, and publishes it as
   * history; afterwards the groups go on from its end. Blocks; a group that fails is told of in
   * {@link #status()} and does not stop the others.
   */
  public void backfill(Instant from, Instant to, BackfillListener listener) {
    backfill(List.copyOf(groups.values()), from, to, listener);
  }

  /** As {@link #backfill}, only for the groups that this engine has never computed. */
  public void backfillNew(Instant from, Instant to, BackfillListener listener) {
    backfill(groups.values().stream().filter(group -> group.isNew).toList(), from, to, listener);
  }

  private void backfill(List<Group> chosen, Instant from, Instant to, BackfillListener listener) {
    // Threads of its own: periods that close meanwhile do not wait behind the past.
    ExecutorService workers =
        Executors.newFixedThreadPool(2, task -> new Thread(task, "indicator-backfill"));
    try {
      AtomicInteger done = new AtomicInteger();
      AtomicLong points = new AtomicLong();
      CompletableFuture.allOf(
              chosen.stream()
                  .map(
                      group ->
                          CompletableFuture.runAsync(
                              () -> {
                                long all = points.addAndGet(group.backfill(from, to));
                                listener.progressed(done.incrementAndGet(), chosen.size(), all);
                              },
                              workers))
                  .toArray(CompletableFuture[]::new))
          .join();
    } finally {
      workers.shutdown();
    }
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
    Instant first =
        windows.values().stream().map(Window::from).min(Instant::compareTo).orElse(Instant.EPOCH);
    Instant last =
        windows.values().stream().map(Window::to).max(Instant::compareTo).orElse(Instant.EPOCH);
    int slices =
        (int) Math.ceil((double) Duration.between(first, last).toMillis() / slice.toMillis());
    groups.values().forEach(Group::acquire);
    try {
      long points = 0;
      List<PointPublisher.Closed> open = new ArrayList<>();
      for (int i = 0; i < slices; i++) {
        Window times =
            new Window(first.plus(slice.multipliedBy(i)), first.plus(slice.multipliedBy(i + 1L)));
        groups.values().forEach(group -> open.addAll(group.closed(windows, times)));
        // a period that closes after the slice waits for those that close before it
        boolean isLast = i == slices - 1;
        points +=
            publisher.publish(
                open.stream().filter(one -> isLast || !one.at().isAfter(times.to())).toList());
        open.removeIf(one -> !one.at().isAfter(times.to()));
        listener.progressed(i + 1, slices, points);
      }
      for (Group group : groups.values()) {
        ClosePlan.Progress after = ClosePlan.begin(group.group, clock.instant());
        book.save(group.group.name(), after, List.of());
        group.succeeded(clock.instant(), after, List.of(), 0, null);
      }
      return points;
    } catch (RuntimeException | Error e) {
      groups.values().forEach(group -> group.failed(clock.instant(), e));
      throw e;
    }
  }

  private void prune(Instant now) {
    if (Duration.between(prunedAt.equals(Instant.MIN) ? now.minus(PRUNE_EVERY) : prunedAt, now)
            .compareTo(PRUNE_EVERY)
        >= 0) {
      prunedAt = now;
      revisions.prune(now);
    }
  }

  /** One group's place, and whether it runs. */
  private final class Group {
    private final ComputationGroup group;
    private final List<ProgressBook.Recomputation> waiting = new ArrayList<>();
    private final Map<SeriesKey, Instant> firstValues = new HashMap<>();
    private ClosePlan.Progress progress;
    private boolean isNew;
    private boolean isLoaded;
    private boolean isRunning;
    private int failures;
    private int pause;
    private Status status;

    Group(ComputationGroup group, ClosePlan.Progress progress, boolean isNew) {
      this.group = group;
      this.progress = progress;
      this.isNew = isNew;
      this.status = new Status(group.name(), progress.closed(), null, 0, null, null);
    }

    synchronized Status status() {
      return status;
    }

    /** Takes the group for a run if something is due and it neither runs nor pauses. */
    synchronized boolean take(Instant now) {
      if (isRunning || pause-- > 0) {
        return false;
      }
      pause = 0;
      isRunning = !due(now, waiting).spans().isEmpty() || !waiting.isEmpty();
      return isRunning;
    }

    private ClosePlan.Due due(Instant now, List<ProgressBook.Recomputation> corrections) {
      List<Span> corrected =
          corrections.stream().map(one -> new Span(one.from(), one.to())).toList();
      return ClosePlan.due(group, progress, corrected, now);
    }

    void run(Instant now) {
      try {
        List<ProgressBook.Recomputation> corrections;
        synchronized (this) {
          corrections = List.copyOf(waiting);
        }
        ClosePlan.Due due = due(now, corrections);
        int points = 0;
        for (Span span : due.spans()) {
          points += compute(span, dueSince(), now.minus(config.historyAge()));
        }
        Gap gap = null;
        if (Duration.between(progress.closed(), due.after().closed())
                .compareTo(config.historyAge().plus(group.grain().typical()))
            > 0) {
          gap = new Gap(progress.closed(), due.after().closed());
          LOG.atInfo()
              .addKeyValue("group", group.name())
              .addKeyValue("from", gap.from())
              .addKeyValue("to", gap.to())
              .log("caught up after a gap");
        }
        book.save(group.name(), due.after(), corrections);
        succeeded(now, due.after(), corrections, points, gap);
      } catch (RuntimeException | Error e) {
        failed(now, e);
      }
    }

    /**
     * Waits for a run that is under way and keeps the scheduler from beginning another; false when
     * interrupted.
     */
    private synchronized boolean acquire() {
      while (isRunning) {
        try {
          wait();
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          return false;
        }
      }
      isRunning = true;
      return true;
    }

    /**
     * Values and missing values of the periods that start within {@code times}, each with the time
     * at which it would have been computed.
     */
    List<PointPublisher.Closed> closed(Map<String, Window> windows, Window times) {
      List<Window> own =
          group.versions().keySet().stream().map(windows::get).filter(Objects::nonNull).toList();
      Instant from = own.stream().map(Window::from).min(Instant::compareTo).orElse(Instant.MAX);
      Instant to = own.stream().map(Window::to).max(Instant::compareTo).orElse(Instant.MIN);
      if (!from.isBefore(times.to()) || !to.isAfter(times.from())) {
        return List.of();
      }
      // a slice begins with the first period that starts in it, a window with the one that holds
      // its beginning
      Span span =
          new Span(
              from.isBefore(times.from())
                  ? start(times.from())
                  : group.grain().floor(from, group.zone()),
              start(to.isBefore(times.to()) ? to : times.to()));
      return values(span, dueSince(), Instant.MIN).stream()
          .filter(
              value ->
                  value.value() != null
                      || isWithin(windows.get(value.key().code()), value.periodStart()))
          .map(
              value ->
                  new PointPublisher.Closed(
                      group,
                      value,
                      group.grain().end(value.periodStart(), group.zone()).plus(group.watermark())))
          .toList();
    }

    private static boolean isWithin(@Nullable Window window, Instant periodStart) {
      return window != null && window.holds(periodStart);
    }

    /** The first boundary of periods that is not before a time. */
    private Instant start(Instant time) {
      Instant floor = group.grain().floor(time, group.zone());
      return floor.equals(time) ? floor : group.grain().end(floor, group.zone());
    }

    long backfill(Instant from, Instant to) {
      if (!acquire()) {
        return 0;
      }
      Instant now = clock.instant();
      try {
        Span span =
            new Span(
                group.grain().floor(from, group.zone()), group.grain().floor(to, group.zone()));
        int points = span.from().isBefore(span.to()) ? compute(span, Map.of(), span.to()) : 0;
        ClosePlan.Progress after =
            isNew ? ClosePlan.Progress.at(span.to()) : progress.past(span.from(), span.to());
        book.save(group.name(), after, List.of());
        succeeded(now, after, List.of(), points, null);
        return points;
      } catch (RuntimeException | Error e) {
        failed(now, e);
        return 0;
      }
    }

    private int compute(Span span, Map<SeriesKey, Instant> dueSince, Instant recentEnd) {
      return meters
          .timer("chengmai.group.compute", "group", group.name())
          .record(
              () -> {
                // a period is recent when its end is: the first recent one is that which holds the
                // instant
                Instant recentFrom = group.grain().floor(recentEnd, group.zone());
                int published =
                    publisher.publish(group, values(span, dueSince, recentFrom), recentFrom);
                meters
                    .counter("chengmai.points.publish", "group", group.name())
                    .increment(published);
                return published;
              });
    }

    /**
     * The group may name absent values itself; what is due and what of a gap is marked is decided
     * here.
     */
    private List<Computed> values(Span span, Map<SeriesKey, Instant> dueSince, Instant recentFrom) {
      List<Computed> values =
          new ArrayList<>(
              group.compute(span.from(), span.to()).stream()
                  .filter(one -> one.trust() != Trust.MISSING)
                  .toList());
      values.addAll(MissingPeriods.of(group, span, values, dueSince, recentFrom));
      values.stream()
          .filter(value -> value.value() != null)
          .forEach(value -> learn(value.key(), value.periodStart()));
      return values;
    }

    private void learn(SeriesKey key, Instant period) {
      firstValues.merge(key, period, (one, other) -> one.isBefore(other) ? one : other);
    }

    /**
     * What was expected is due always; what was seen is due since then, so that looking again finds
     * no gap before it.
     */
    private Map<SeriesKey, Instant> dueSince() {
      if (!isLoaded) {
        revisions.firstValues(group.versions().keySet(), MissingPeriods.HASH).forEach(this::learn);
        isLoaded = true;
      }
      Map<SeriesKey, Instant> due = new HashMap<>(firstValues);
      group.expected().forEach(key -> due.put(key, Instant.MIN));
      return due;
    }

    private synchronized void succeeded(
        Instant now,
        ClosePlan.Progress after,
        List<ProgressBook.Recomputation> done,
        int points,
        @Nullable Gap gap) {
      progress = after;
      waiting.removeAll(done);
      isNew = false;
      failures = 0;
      pause = 0;
      status =
          new Status(
              group.name(), after.closed(), now, points, null, gap == null ? status.gap() : gap);
      isRunning = false;
      notifyAll();
    }

    private synchronized void failed(Instant now, Throwable failure) {
      failures = Math.min(failures + 1, 8);
      pause = 1 << failures;
      status =
          new Status(
              group.name(),
              progress.closed(),
              now,
              0,
              String.valueOf(failure.getMessage()),
              status.gap());
      isRunning = false;
      notifyAll();
      meters.counter("chengmai.group.fail", "group", group.name()).increment();
      LOG.atWarn()
          .setCause(failure instanceof ChengmaiException ? null : failure)
          .addKeyValue("group", group.name())
          .addKeyValue("failures", failures)
          .log("indicators were not computed: {}", failure.getMessage());
    }
  }
}
