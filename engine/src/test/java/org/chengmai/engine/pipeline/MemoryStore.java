package org.chengmai.engine.pipeline;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.chengmai.connectors.kafka.PointTopic;
import org.chengmai.indicators.IndicatorPoint;
import org.chengmai.indicators.IndicatorStore;
import org.chengmai.indicators.SeriesKey;

/** Points in memory, in the order in which they were appended. */
public final class MemoryStore implements IndicatorStore, PointWriter {
  public final List<PointTopic.Entry> entries = new ArrayList<>();
  int failuresAhead;

  /** How often {@link #at} was asked. */
  int asked;

  @Override
  public void append(List<IndicatorPoint> points) {
    append(points, false);
  }

  @Override
  public void append(List<IndicatorPoint> points, boolean isHistory) {
    points.forEach(point -> entries.add(new PointTopic.Entry(entries.size(), point, isHistory)));
    if (failuresAhead > 0) {
      failuresAhead--;
      throw new IllegalStateException("the acknowledgement was lost");
    }
  }

  @Override
  public List<IndicatorPoint> history(SeriesKey key, Instant from, Instant to) {
    Map<Instant, IndicatorPoint> newest = new TreeMap<>();
    for (PointTopic.Entry entry : entries) {
      IndicatorPoint point = entry.point();
      if (point.key().equals(key)
          && !point.periodStart().isBefore(from)
          && point.periodStart().isBefore(to)) {
        newest.merge(point.periodStart(), point, (a, b) -> a.revision() > b.revision() ? a : b);
      }
    }
    return List.copyOf(newest.values());
  }

  @Override
  public List<IndicatorPoint> asOf(SeriesKey key, Instant from, Instant to, Instant known) {
    return newest(
            p ->
                p.key().equals(key)
                    && !p.periodStart().isBefore(from)
                    && p.periodStart().isBefore(to)
                    && !p.computedAt().isAfter(known))
        .stream()
        .sorted(Comparator.comparing(IndicatorPoint::periodStart))
        .toList();
  }

  @Override
  public void awaitReadable() {}

  @Override
  public List<IndicatorPoint> at(Collection<String> codes, Collection<Instant> periodStarts) {
    asked++;
    return newest(p -> codes.contains(p.key().code()) && periodStarts.contains(p.periodStart()));
  }

  @Override
  public List<IndicatorPoint> between(Collection<String> codes, Instant from, Instant to) {
    return newest(
        p ->
            codes.contains(p.key().code())
                && !p.periodStart().isBefore(from)
                && p.periodStart().isBefore(to));
  }

  private List<IndicatorPoint> newest(Predicate<IndicatorPoint> wanted) {
    return entries.stream()
        .map(PointTopic.Entry::point)
        .filter(wanted)
        .collect(Collectors.groupingBy(p -> p.key() + " " + p.periodStart()))
        .values()
        .stream()
        .map(all -> Collections.max(all, Comparator.comparing(IndicatorPoint::revision)))
        .toList();
  }

  @Override
  public List<IndicatorPoint> newest(List<String> codes, Instant from) {
    Map<SeriesKey, List<IndicatorPoint>> series =
        entries.stream()
            .map(PointTopic.Entry::point)
            .filter(
                point -> codes.contains(point.key().code()) && !point.periodStart().isBefore(from))
            .collect(Collectors.groupingBy(IndicatorPoint::key));
    return series.values().stream()
        .map(
            points ->
                points.stream()
                    .max(
                        Comparator.comparing(IndicatorPoint::periodStart)
                            .thenComparing(IndicatorPoint::revision))
                    .orElseThrow())
        .sorted(Comparator.comparing(point -> point.key().toString()))
        .toList();
  }
}
