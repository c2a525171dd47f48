package org.chengmai.engine.pipeline;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.chengmai.engine.pipeline.ComputationGroup.Computed;
import org.chengmai.indicators.IndicatorPoint;
import org.chengmai.indicators.IndicatorStore;
import org.chengmai.indicators.SeriesKey;
import org.chengmai.indicators.Trust;

/**
 * Gives computed values their revisions and publishes those that are new. Safe for use by several
 * threads.
 */
final class PointPublisher {
  private static final int CHUNK = 20_000;
  private static final Duration MEMORY = Duration.ofDays(2);

  private final Revisions revisions;
  private final PointWriter writer;
  private final IndicatorStore store;
  private final InstantSource clock;
  private final Set<Stretch> stretches = ConcurrentHashMap.newKeySet();

  PointPublisher(
      Revisions revisions, PointWriter writer, IndicatorStore store, InstantSource clock) {
    this.revisions = revisions;
    this.writer = writer;
    this.store = store;
    this.clock = clock;
  }

  /** A value and when it counts as computed. */
  record Closed(ComputationGroup group, Computed value, Instant at) {}

  /** A stretch of some indicators' time that is computed beside the scheduler. */
  static final class Stretch implements AutoCloseable {
    private final Set<String> codes;
    private final ClosePlan.Span span;
    private final Set<Stretch> all;
    private volatile boolean isOvertaken;

    private Stretch(Set<String> codes, ClosePlan.Span span, Set<Stretch> all) {
      this.codes = codes;
      this.span = span;
      this.all = all;
    }

    private void note(ComputationGroup group, Instant first, Instant last) {
      if (!last.isBefore(span.from())
          && first.isBefore(span.to())
          && !Collections.disjoint(codes, group.versions().keySet())) {
        isOvertaken = true;
      }
    }

    /** What is read from now on holds what others have published so far. */
    void begin() {
      isOvertaken = false;
    }

    /** Whether others may have published newer values of the stretch since it began. */
    boolean isOvertaken() {
      return isOvertaken;
    }

    @Override
    public void close() {
      all.remove(this);
    }
  }

  /** Watches for what {@link #publish(ComputationGroup, List, Instant)} brings in a stretch. */
  Stretch watch(Set<String> codes, ClosePlan.Span span) {
    Stretch stretch = new Stretch(codes, span, stretches);
    stretches.add(stretch);
    return stretch;
  }

  /**
   * Publishes what changed, in the order of time; answers how many points that were.
   *
   * @param recentFrom periods that start before are history
   */
  int publish(ComputationGroup group, List<Computed> values, Instant recentFrom) {
    List<Computed> ordered = ordered(values);
    if (!ordered.isEmpty()) {
      Instant first = ordered.get(0).periodStart();
      Instant last = ordered.get(ordered.size() - 1).periodStart();
      // before they are numbered: who is told too early computes again for nothing, who is told too
      // late would let an older value stand
      stretches.forEach(stretch -> stretch.note(group, first, last));
    }
    return publishOrdered(group, ordered, recentFrom);
  }

  /** Publishes what changed of a stretch that is watched, as history. */
  int publishHistory(ComputationGroup group, List<Computed> values) {
    return publishOrdered(group, ordered(values), Instant.MAX);
  }

  private static List<Computed> ordered(List<Computed> values) {
    List<Computed> ordered = new ArrayList<>(values);
    ordered.sort(
        Comparator.comparing(Computed::periodStart).thenComparing(value -> value.key().toString()));
    return ordered;
  }

  private int publishOrdered(ComputationGroup group, List<Computed> ordered, Instant recentFrom) {
    recall(group, ordered);
    Instant now = clock.instant();
    return publish(
        ordered.stream().map(value -> new Closed(group, value, now)).toList(), recentFrom);
  }

  /**
   * Publishes what changed, none of it as history, in the order in which it counts as computed;
   * answers how many points that were.
   */
  int publish(List<Closed> values) {
    List<Closed> ordered = new ArrayList<>(values);
    ordered.sort(
        Comparator.comparing(Closed::at).thenComparing(closed -> closed.value().key().toString()));
    return publish(ordered, Instant.MIN);
  }

  private int publish(List<Closed> values, Instant recentFrom) {
    int published = 0;
    for (int from = 0; from < values.size(); from += CHUNK) {
      published +=
          publishChunk(values.subList(from, Math.min(values.size(), from + CHUNK)), recentFrom);
    }
    return published;
  }

  private int publishChunk(List<Closed> values, Instant recentFrom) {
    Instant now = clock.instant();
    Revisions.Batch batch =
        revisions.number(
            values.stream()
                .map(
                    closed ->
                        entry(
                            closed.group(),
                            closed.value().key(),
                            closed.value().periodStart(),
                            closed.value().inputHash(),
                            now))
                .toList());
    List<IndicatorPoint> history = new ArrayList<>();
    List<IndicatorPoint> recent = new ArrayList<>();
    for (int i = 0; i < values.size(); i++) {
      if (batch.revisions()[i] > 0) {
        Closed closed = values.get(i);
        IndicatorPoint point =
            point(
                closed.group(),
                closed.value(),
                batch.revisions()[i],
                closed.at().truncatedTo(ChronoUnit.MILLIS));
        (point.periodStart().isBefore(recentFrom) ? history : recent).add(point);
      }
    }
    if (!history.isEmpty()) {
      writer.append(history, true);
    }
    if (!recent.isEmpty()) {
      writer.append(recent, false);
    }
    revisions.confirm(batch);
    return history.size() + recent.size();
  }

  /**
   * Where the book has forgotten periods as old as these, the indicator store knows their
   * revisions.
   */
  private void recall(ComputationGroup group, List<Computed> ordered) {
    Optional<Instant> prunedTo = revisions.prunedTo();
    if (prunedTo.isEmpty()
        || ordered.isEmpty()
        || ordered.get(0).periodStart().isAfter(prunedTo.get())) {
      return;
    }
    Instant newest = ordered.get(ordered.size() - 1).periodStart();
    List<IndicatorPoint> known =
        store.between(
            group.versions().keySet(),
            ordered.get(0).periodStart(),
            (newest.isBefore(prunedTo.get()) ? newest : prunedTo.get()).plusMillis(1));
    Instant now = clock.instant();
    revisions.remember(
        known.stream()
            .map(point -> entry(group, point.key(), point.periodStart(), point.inputHash(), now))
            .toList(),
        known.stream().mapToInt(IndicatorPoint::revision).toArray());
  }

  private static Revisions.Entry entry(
      ComputationGroup group, SeriesKey key, Instant periodStart, String inputHash, Instant now) {
    // long enough for the last look at the period, and for the next period to know the series
    Instant needed =
        group
            .grain()
            .end(periodStart, group.zone())
            .plus(group.lateness())
            .plus(group.grain().typical().multipliedBy(2));
    return new Revisions.Entry(
        key, periodStart, inputHash, (needed.isAfter(now) ? needed : now).plus(MEMORY));
  }

  private static IndicatorPoint point(
      ComputationGroup group, Computed value, int revision, Instant now) {
    int version = group.versions().getOrDefault(value.key().code(), 0);
    Trust trust = revision > 1 && value.trust() == Trust.COMPLETE ? Trust.LATE : value.trust();
    return value.point(version, group.grain(), trust, revision, now);
  }
}
