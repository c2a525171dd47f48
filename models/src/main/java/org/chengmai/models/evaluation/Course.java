package org.chengmai.models.evaluation;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.chengmai.models.DayClass;

/**
 * A series' usual course: the median of each time of the day on workdays and on days off, over the
 * whole series, and what is left of it. Who puts faults into a series may know all of it; who looks
 * for them may not.
 */
final class Course {
  static final ZoneId CHINA = ZoneId.of("Asia/Shanghai");

  private final double[] usual;
  private final double median;
  private final double deviation;

  Course(TimedSeries series) {
    int perDay = perDay(series);
    List<List<Double>> slots = new ArrayList<>();
    for (int slot = 0; slot < 2 * perDay; slot++) {
      slots.add(new ArrayList<>());
    }
    int rows = series.values().length;
    int[] places = new int[rows];
    for (int row = 0; row < rows; row++) {
      places[row] = place(series, row, perDay);
      if (!Double.isNaN(series.values()[row])) {
        slots.get(places[row]).add(series.values()[row]);
      }
    }
    double[] medians =
        slots.stream()
            .mapToDouble(
                values ->
                    values.isEmpty()
                        ? Double.NaN
                        : SeasonalMedian.median(
                            values.stream().mapToDouble(Double::doubleValue).toArray()))
            .toArray();
    this.usual = Arrays.stream(places).mapToDouble(place -> medians[place]).toArray();
    this.median =
        SeasonalMedian.median(
            Arrays.stream(series.values()).filter(value -> !Double.isNaN(value)).toArray());
    double squares = 0;
    int count = 0;
    for (int row = 0; row < rows; row++) {
      double left = series.values()[row] - usual[row];
      if (!Double.isNaN(left)) {
        squares += left * left;
        count++;
      }
    }
    this.deviation = Math.sqrt(squares / Math.max(1, count));
  }

  /** The usual value at a row. */
  double at(int row) {
    return usual[row];
  }

  /** The middle of all values. */
  double median() {
    return median;
  }

  /** The standard deviation of what is left of the series without its course. */
  double deviation() {
    return deviation;
  }

  static int perDay(TimedSeries series) {
    return (int) Math.max(1, 86_400 / series.grain().typical().toSeconds());
  }

  static DayClass dayClass(TimedSeries series, int row) {
    LocalDate date = series.times().get(row).atZone(CHINA).toLocalDate();
    return series.dayClass().apply(date);
  }

  private static int place(TimedSeries series, int row, int perDay) {
    Instant time = series.times().get(row);
    ZonedDateTime local = time.atZone(CHINA);
    int slot = (int) ((long) local.toLocalTime().toSecondOfDay() * perDay / 86_400);
    return dayClass(series, row) == DayClass.OFF ? slot + perDay : slot;
  }
}
