package org.chengmai.engine.pipeline;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.chengmai.engine.pipeline.IndicatorScheduler.BackfillListener;
import org.chengmai.engine.pipeline.IndicatorScheduler.Window;
import org.chengmai.indicators.IndicatorStore;

/**
 * Has scheduled groups compute what has long passed, after which they go on by the clock. Safe for
 * use by several threads.
 */
final class CatchUp {
  private final PointPublisher publisher;
  private final IndicatorStore store;
  private final InstantSource clock;

  CatchUp(PointPublisher publisher, IndicatorStore store, InstantSource clock) {
    this.publisher = publisher;
    this.store = store;
    this.clock = clock;
  }

  /** Those that read sources first, then stage by stage those that read others' points. */
  static Collection<List<ScheduledGroup>> byStage(List<ScheduledGroup> groups) {
    return groups.stream()
        .collect(Collectors.groupingBy(ScheduledGroup::stage, TreeMap::new, Collectors.toList()))
        .values();
  }

  /** See {@link IndicatorScheduler#backfill}. */
  void backfill(List<ScheduledGroup> chosen, Instant from, Instant to, BackfillListener listener) {
    // Threads of its own: periods that close meanwhile do not wait behind the past.
    ExecutorService workers =
        Executors.newFixedThreadPool(2, task -> new Thread(task, "indicator-backfill"));
    try {
      AtomicInteger done = new AtomicInteger();
      AtomicLong points = new AtomicLong();
      for (List<ScheduledGroup> stage : byStage(chosen)) {
        if (stage.get(0).stage() > 0) {
          store.awaitReadable();
        }
        CompletableFuture.allOf(
                stage.stream()
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
      }
    } finally {
      workers.shutdown();
    }
  }

  /** See {@link IndicatorScheduler#replay}. */
  long replay(
      GroupBook groups, Map<String, Window> windows, Duration slice, BackfillListener listener) {
    Instant first =
        windows.values().stream().map(Window::from).min(Instant::compareTo).orElse(Instant.EPOCH);
    Instant last =
        windows.values().stream().map(Window::to).max(Instant::compareTo).orElse(Instant.EPOCH);
    int slices =
        (int) Math.ceil((double) Duration.between(first, last).toMillis() / slice.toMillis());
    groups.all().forEach(ScheduledGroup::acquire);
    try {
      long points = 0;
      List<PointPublisher.Closed> open = new ArrayList<>();
      for (int i = 0; i < slices; i++) {
        Window times =
            new Window(first.plus(slice.multipliedBy(i)), first.plus(slice.multipliedBy(i + 1L)));
        groups.all().forEach(group -> open.addAll(group.closed(windows, times)));
        // a period that closes after the slice waits for those that close before it
        boolean isLast = i == slices - 1;
        points +=
            publisher.publish(
                open.stream().filter(one -> isLast || !one.at().isAfter(times.to())).toList());
        open.removeIf(one -> !one.at().isAfter(times.to()));
        listener.progressed(i + 1, slices, points);
      }
      for (ScheduledGroup group : groups.all()) {
        group.goOn(clock.instant());
      }
      return points;
    } catch (RuntimeException | Error e) {
      groups.all().forEach(group -> group.failed(clock.instant(), e));
      throw e;
    }
  }
}
