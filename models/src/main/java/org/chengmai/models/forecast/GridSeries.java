package org.chengmai.models.forecast;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.chengmai.indicators.Grain;
import org.chengmai.indicators.IndicatorPoint;
import org.chengmai.models.Slots;

/**
 * A series on the even grid of its periods, with what the weather was beside it. A period without a
 * value is NaN, never zero.
 *
 * @param start of the first period
 * @param values one per period
 * @param weather further series over the same periods that help to forecast; may be empty
 */
public record GridSeries(String name, Instant start, double[] values, List<double[]> weather) {
  public GridSeries {
    weather = List.copyOf(weather);
  }

  /** A series without weather. */
  public static GridSeries of(String name, Instant start, double... values) {
    return new GridSeries(name, start, values, List.of());
  }

  /**
   * The measured values of a series' points, in any order; the newest revision of each period
   * counts.
   *
   * @param weather the points of further series, of which those in the periods of this one are
   *     taken; a series without any is NaN throughout
   */
  public static GridSeries of(
      String name, List<IndicatorPoint> points, List<List<IndicatorPoint>> weather, Grain grain) {
    SortedMap<Instant, IndicatorPoint> byStart = byStart(points);
    Instant start = byStart.firstKey();
    List<Instant> starts = new ArrayList<>();
    for (Instant at = start; !at.isAfter(byStart.lastKey()); at = grain.end(at, Slots.CHINA)) {
      starts.add(at);
    }
    return new GridSeries(
        name,
        start,
        values(starts, byStart),
        weather.stream().map(one -> values(starts, byStart(one))).toList());
  }

  private static SortedMap<Instant, IndicatorPoint> byStart(List<IndicatorPoint> points) {
    SortedMap<Instant, IndicatorPoint> byStart = new TreeMap<>();
    for (IndicatorPoint point : points) {
      byStart.merge(point.periodStart(), point, (a, b) -> b.revision() >= a.revision() ? b : a);
    }
    return byStart;
  }

  private static double[] values(List<Instant> starts, Map<Instant, IndicatorPoint> byStart) {
    return starts.stream()
        .map(byStart::get)
        .mapToDouble(
            point ->
                point == null || point.value() == null || !point.isMeasured()
                    ? Double.NaN
                    : point.value())
        .toArray();
  }

  /** The first {@code count} periods alone. */
  public GridSeries first(int count) {
    return new GridSeries(
        name,
        start,
        Arrays.copyOf(values, count),
        weather.stream().map(one -> Arrays.copyOf(one, count)).toList());
  }
}
