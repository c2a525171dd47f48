package org.chengmai.engine.pipeline;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Which periods of a group are to be computed now: pure. A period is computed at its end +
 * watermark, again an hour and six hours after its end, and again at its end + lateness. Each of
 * these passes has a cursor, so after downtime each has its whole gap due, and what overlaps or
 * touches becomes one span: one SQL.
 */
final class ClosePlan {
  private static final Duration SECOND_LOOK = Duration.ofHours(1);
  private static final Duration THIRD_LOOK = Duration.ofHours(6);

  private ClosePlan() {}

  /** How far each pass has come: the end (exclusive) of its last period. */
  record Progress(Instant closed, Instant hour, Instant sixHours, Instant lateness) {
    static Progress at(Instant time) {
      return new Progress(time, time, time, time);
    }

    /**
     * Every pass at least at {@code to} if it stood at or after {@code from}: what lies between was
     * computed.
     */
    Progress past(Instant from, Instant to) {
      return new Progress(
          past(closed, from, to),
          past(hour, from, to),
          past(sixHours, from, to),
          past(lateness, from, to));
    }

    private static Instant past(Instant cursor, Instant from, Instant to) {
      return cursor.isBefore(from) || cursor.isAfter(to) ? cursor : to;
    }
  }

  /** Periods with {@code from <= start < to}; both are boundaries of periods. */
  record Span(Instant from, Instant to) {}

  /** What to compute, oldest first and disjoint, and where the passes stand afterwards. */
  record Due(List<Span> spans, Progress after) {}

  /**
   * Where a group begins that was never computed: with the period that is running. The past is for
   * the backfill.
   */
  static Progress begin(ComputationGroup group, Instant now) {
    return Progress.at(boundary(group, now));
  }

  /**
   * @param corrected times whose inputs have changed since they were computed
   */
  static Due due(ComputationGroup group, Progress progress, List<Span> corrected, Instant now) {
    Progress after =
        new Progress(
            reach(group, progress.closed(), group.watermark(), now),
            reach(group, progress.hour(), withinLateness(group, SECOND_LOOK), now),
            reach(group, progress.sixHours(), withinLateness(group, THIRD_LOOK), now),
            reach(group, progress.lateness(), group.lateness(), now));
    List<Span> spans = new ArrayList<>();
    spans.add(new Span(progress.closed(), after.closed()));
    spans.add(new Span(progress.hour(), after.hour()));
    spans.add(new Span(progress.sixHours(), after.sixHours()));
    spans.add(new Span(progress.lateness(), after.lateness()));
    for (Span times : corrected) {
      Instant end = boundary(group, times.to());
      end = end.isBefore(times.to()) ? group.grain().end(end, group.zone()) : end;
      // a period that has not closed yet sees the correction when it closes
      spans.add(
          new Span(
              boundary(group, times.from()), end.isBefore(after.closed()) ? end : after.closed()));
    }
    return new Due(merged(spans), after);
  }

  private static Duration withinLateness(ComputationGroup group, Duration look) {
    return look.compareTo(group.lateness()) < 0 ? look : group.lateness();
  }

  private static Instant reach(
      ComputationGroup group, Instant cursor, Duration delay, Instant now) {
    Duration least = delay.compareTo(group.watermark()) < 0 ? group.watermark() : delay;
    Instant boundary = boundary(group, now.minus(least));
    return boundary.isAfter(cursor) ? boundary : cursor;
  }

  private static Instant boundary(ComputationGroup group, Instant time) {
    return group.grain().floor(time, group.zone());
  }

  /** Some times, oldest first; what overlaps or touches becomes one. */
  static List<Span> merged(List<Span> spans) {
    List<Span> merged = new ArrayList<>();
    spans.stream()
        .filter(span -> span.from().isBefore(span.to()))
        .sorted(Comparator.comparing(Span::from))
        .forEach(
            span -> {
              Span last = merged.isEmpty() ? null : merged.get(merged.size() - 1);
              if (last == null || span.from().isAfter(last.to())) {
                merged.add(span);
              } else if (span.to().isAfter(last.to())) {
                merged.set(merged.size() - 1, new Span(last.from(), span.to()));
              }
            });
    return merged;
  }
}
