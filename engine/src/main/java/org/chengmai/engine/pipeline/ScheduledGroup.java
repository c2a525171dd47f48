package org.chengmai.engine.pipeline;

import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.chengmai.engine.pipeline.ClosePlan.Span;
import org.chengmai.engine.pipeline.IndicatorScheduler.Gap;
import org.chengmai.engine.pipeline.IndicatorScheduler.Status;
import org.chengmai.engine.pipeline.IndicatorScheduler.Window;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.SeriesKey;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One group's place in time, and whether it runs. Safe for use by several threads: who has taken or
 * acquired the group runs it alone, until it goes on or has failed.
 */
final class ScheduledGroup {
  private static final Logger LOG = LoggerFactory.getLogger(ScheduledGroup.class);

  private final GroupSchedule schedule;
  private final Revisions revisions;
  private final Duration historyAge;
  private final ProgressBook book;
  private final PointPublisher publisher;
  private final InstantSource clock;
  private final MeterRegistry meters;
  // Guarded by this; the group changes only between two runs, the progress and whether the group is
  // new at the end of a run.
  private ComputationGroup group;
  private GroupValues values;
  private Instant since;
  private Instant until = Instant.MAX;
  private final List<ProgressBook.Recomputation> waiting = new ArrayList<>();
  private ClosePlan.Progress progress;
  private boolean isNew;
  private @Nullable Instant updatedAt;
  private boolean isRunning;
  private int failures;
  private int pause;
  private Status status;

  /**
   * @param since from when on the group is as it is; earlier periods are those of earlier versions
   * @param saved how far the group came in an earlier life, null when it was never computed
   * @param updatedAt when its sources had last changed a row in an earlier life, null when they
   *     were never asked
   */
  ScheduledGroup(
      ComputationGroup group,
      Instant since,
      GroupSchedule schedule,
      Revisions revisions,
      ClosePlan.@Nullable Progress saved,
      @Nullable Instant updatedAt,
      Duration historyAge,
      ProgressBook book,
      PointPublisher publisher,
      InstantSource clock,
      MeterRegistry meters) {
    this.group = group;
    this.since = since;
    this.schedule = schedule;
    this.revisions = revisions;
    this.values = new GroupValues(group, revisions);
    this.historyAge = historyAge;
    this.book = book;
    this.publisher = publisher;
    this.clock = clock;
    this.meters = meters;
    this.progress = saved == null ? ClosePlan.begin(group, clock.instant()) : saved;
    this.isNew = saved == null;
    this.updatedAt = updatedAt;
    this.status = new Status(group.name(), progress.closed(), null, 0, null, null);
  }

  synchronized ComputationGroup group() {
    return group;
  }

  int stage() {
    return group().stage();
  }

  boolean computes(Set<String> codes) {
    return !Collections.disjoint(codes, group().versions().keySet());
  }

  /**
   * From {@code since} on the group is another, of the same name and grain; it goes on where this
   * one stands. False while it runs: try again.
   */
  synchronized boolean become(ComputationGroup other, Instant from) {
    if (isRunning) {
      return false;
    }
    group = other;
    since = from;
    until = Instant.MAX;
    values = new GroupValues(other, revisions);
    return true;
  }

  /** Periods from a time on are others' to compute; earlier ones are still looked at again. */
  synchronized void end(Instant time) {
    until = time;
  }

  /** From when on others compute its indicators; {@link Instant#MAX} if nobody does. */
  synchronized Instant until() {
    return until;
  }

  /** Whether it has ended, and no period of its time is left to look at. */
  synchronized boolean isOver(Instant now) {
    return !until.equals(Instant.MAX)
        && !isRunning
        && waiting.isEmpty()
        && !due(now, List.of()).after().lateness().isBefore(until)
        && due(now, List.of()).spans().isEmpty();
  }

  synchronized Status status() {
    return status;
  }

  synchronized boolean isNew() {
    return isNew;
  }

  /** What was computed in these times is computed again, with the next run. */
  synchronized void add(ProgressBook.Recomputation recomputation) {
    waiting.add(recomputation);
  }

  /**
   * Asks the sources whether rows changed since they were last asked; the periods of such rows,
   * within the lateness, are computed again with the next run. For one thread at a time.
   */
  void look(Instant now) {
    ComputationGroup group = group();
    SourceChanges changes = group.changes().orElse(null);
    Instant newest = changes == null ? null : changes.newest().orElse(null);
    Instant seen;
    Instant to;
    synchronized (this) {
      seen = updatedAt;
      to = progress.closed();
    }
    if (changes == null || newest == null || (seen != null && !newest.isAfter(seen))) {
      return;
    }
    // what was never looked at is as it was when its periods closed
    Instant from = group.grain().floor(now.minus(group.lateness()), group.zone());
    List<Span> changed =
        seen == null || !from.isBefore(to)
            ? List.of()
            : ClosePlan.merged(
                changes.since(seen, from, to).stream()
                    .map(window -> new Span(window.from(), window.to()))
                    .toList());
    List<ProgressBook.Recomputation> added = book.updated(group.name(), newest, changed);
    synchronized (this) {
      updatedAt = newest;
      waiting.addAll(added);
    }
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

  /**
   * Waits for a run that is under way and keeps the scheduler from beginning another; false when
   * interrupted.
   */
  synchronized boolean acquire() {
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

  /** Computes what is due, for who has taken the group. */
  void run(Instant now) {
    try {
      List<ProgressBook.Recomputation> corrections;
      synchronized (this) {
        corrections = List.copyOf(waiting);
      }
      ClosePlan.Due due = due(now, corrections);
      int points = 0;
      for (Span span : due.spans()) {
        points += compute(span, values.dueSince(), now.minus(historyAge));
      }
      succeeded(now, due.after(), corrections, points, gap(due.after()));
    } catch (RuntimeException | Error e) {
      failed(now, e);
    }
  }

  /**
   * Computes a window of the past as history, or as much as its sources reach back to if that is
   * more; answers how many points were published.
   */
  long backfill(Instant from, Instant to) {
    if (!acquire()) {
      return 0;
    }
    Instant now = clock.instant();
    Instant reached = to.minus(group.past());
    Instant first = reached.isBefore(from) ? reached : from;
    try {
      Span span =
          new Span(group.grain().floor(first, group.zone()), group.grain().floor(to, group.zone()));
      int points = span.from().isBefore(span.to()) ? compute(span, Map.of(), span.to()) : 0;
      ClosePlan.Progress after =
          isNew ? ClosePlan.Progress.at(span.to()) : progress.past(span.from(), span.to());
      succeeded(now, after, List.of(), points, null);
      return points;
    } catch (RuntimeException | Error e) {
      failed(now, e);
      return 0;
    }
  }

  /** See {@link GroupValues#closed}; for who has acquired the group. */
  List<PointPublisher.Closed> closed(Map<String, Window> windows, Window times) {
    return values.closed(windows, times);
  }

  /** Ends a run as if all before now were computed. */
  void goOn(Instant now) {
    succeeded(now, ClosePlan.begin(group, now), List.of(), 0, null);
  }

  private ClosePlan.Due due(Instant now, List<ProgressBook.Recomputation> corrections) {
    List<Span> corrected = corrections.stream().map(one -> new Span(one.from(), one.to())).toList();
    ClosePlan.Due due = ClosePlan.due(group, progress, corrected, now);
    return new ClosePlan.Due(
        due.spans().stream()
            .filter(span -> span.from().isBefore(until))
            .map(span -> new Span(span.from(), span.to().isBefore(until) ? span.to() : until))
            .toList(),
        due.after());
  }

  private int compute(Span span, Map<SeriesKey, Instant> dueSince, Instant recentEnd) {
    return meters
        .timer("chengmai.group.compute", "group", group.name())
        .record(
            () -> {
              // a period is recent when its end is: the first recent one is that which holds the
              // instant
              Instant recentFrom = group.grain().floor(recentEnd, group.zone());
              int published = 0;
              for (GroupSchedule.Stretch part : parts(span)) {
                List<ComputationGroup.Computed> computed =
                    values.of(part.group(), new Span(part.from(), part.to()), dueSince, recentFrom);
                published += publisher.publish(part.group(), computed, recentFrom);
              }
              meters.counter("chengmai.points.publish", "group", group.name()).increment(published);
              return published;
            });
  }

  /** A span by the versions that compute it, oldest first. */
  private List<GroupSchedule.Stretch> parts(Span span) {
    List<GroupSchedule.Stretch> parts = new ArrayList<>();
    if (span.from().isBefore(since)) {
      Instant end = span.to().isBefore(since) ? span.to() : since;
      schedule.over(group.versions().keySet(), span.from(), end).stream()
          .filter(part -> part.group().grain().equals(group.grain()))
          .filter(part -> part.group().zone().equals(group.zone()))
          .forEach(parts::add);
    }
    if (since.isBefore(span.to())) {
      parts.add(
          new GroupSchedule.Stretch(
              group, span.from().isBefore(since) ? since : span.from(), span.to()));
    }
    return parts;
  }

  private @Nullable Gap gap(ClosePlan.Progress after) {
    Gap gap = new Gap(progress.closed(), after.closed());
    if (Duration.between(gap.from(), gap.to()).compareTo(historyAge.plus(group.grain().typical()))
        <= 0) {
      return null;
    }
    LOG.atInfo()
        .addKeyValue("group", group.name())
        .addKeyValue("from", gap.from())
        .addKeyValue("to", gap.to())
        .log("caught up after a gap");
    return gap;
  }

  private void succeeded(
      Instant now,
      ClosePlan.Progress after,
      List<ProgressBook.Recomputation> done,
      int points,
      @Nullable Gap gap) {
    // outside the lock: nobody who asks for the status waits for the database
    book.save(group.name(), after, done);
    synchronized (this) {
      progress = after;
      waiting.removeAll(done);
      isNew = false;
      failures = 0;
      pause = 0;
      ended(
          new Status(
              group.name(), after.closed(), now, points, null, gap == null ? status.gap() : gap));
    }
  }

  synchronized void failed(Instant now, Throwable failure) {
    failures = Math.min(failures + 1, 8);
    pause = 1 << failures;
    ended(
        new Status(
            group.name(),
            progress.closed(),
            now,
            0,
            String.valueOf(failure.getMessage()),
            status.gap()));
    meters.counter("chengmai.group.fail", "group", group.name()).increment();
    LOG.atWarn()
        .setCause(failure instanceof ChengmaiException ? null : failure)
        .addKeyValue("group", group.name())
        .addKeyValue("failures", failures)
        .log("indicators were not computed: {}", failure.getMessage());
  }

  private synchronized void ended(Status how) {
    status = how;
    isRunning = false;
    notifyAll();
  }
}
