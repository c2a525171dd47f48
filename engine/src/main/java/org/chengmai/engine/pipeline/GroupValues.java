package org.chengmai.engine.pipeline;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.chengmai.engine.pipeline.ClosePlan.Span;
import org.chengmai.engine.pipeline.ComputationGroup.Computed;
import org.chengmai.engine.pipeline.IndicatorScheduler.Window;
import org.chengmai.indicators.SeriesKey;
import org.chengmai.indicators.Trust;
import org.jspecify.annotations.Nullable;

/**
 * What a group computes, with the periods in which a value was due and is missing. Remembers when
 * each series was first seen. Not thread-safe: belongs to who runs the group.
 */
final class GroupValues {
  private final ComputationGroup group;
  private final Revisions revisions;
  private final Map<SeriesKey, Instant> firstValues = new HashMap<>();
  private boolean isLoaded;

  GroupValues(ComputationGroup group, Revisions revisions) {
    this.group = group;
    this.revisions = revisions;
  }

  /**
   * What a span holds; the group may name absent values itself, but what is due and what of a gap
   * is marked is decided here.
   *
   * @param group the group, or an earlier version of it
   * @param recentFrom periods that start before are marked only where a gap begins
   */
  List<Computed> of(
      ComputationGroup group, Span span, Map<SeriesKey, Instant> dueSince, Instant recentFrom) {
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

  /**
   * What was expected is due always; what was seen is due since then, so that looking again finds
   * no gap before it.
   */
  Map<SeriesKey, Instant> dueSince() {
    if (!isLoaded) {
      revisions.firstValues(group.versions().keySet(), MissingPeriods.HASH).forEach(this::learn);
      isLoaded = true;
    }
    Map<SeriesKey, Instant> due = new HashMap<>(firstValues);
    group.expected().forEach(key -> due.put(key, Instant.MIN));
    return due;
  }

  private void learn(SeriesKey key, Instant period) {
    firstValues.merge(key, period, (one, other) -> one.isBefore(other) ? one : other);
  }

  /**
   * Values and missing values of the periods that start within {@code times}, each with the time at
   * which it would have been computed.
   *
   * @param windows by indicator code; none is missing outside its indicator's window
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
    return of(group, span, dueSince(), Instant.MIN).stream()
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
}
