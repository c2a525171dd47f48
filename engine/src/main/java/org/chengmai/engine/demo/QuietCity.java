package org.chengmai.engine.demo;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.chengmai.indicators.Grain;
import org.chengmai.indicators.Observation;
import org.chengmai.models.DayClass;
import org.chengmai.models.evaluation.TimedSeries;

/**
 * The demo city as it would be if nothing ever went wrong, as series to judge: levels as means,
 * events as counts.
 */
public final class QuietCity {
  private static final Instant START = Instant.parse("2026-01-04T16:00:00Z");
  private static final Duration FINEST = Duration.ofMinutes(5);
  private static final Duration EVENTS = Duration.ofMinutes(15);

  private QuietCity() {}

  /** What one series measured in each period, and how often. */
  private record Sums(double[] values, int[] counts) {
    Sums(int rows) {
      this(new double[rows], new int[rows]);
    }
  }

  /**
   * All measures of some districts.
   *
   * @param workday whether a local date is a working day
   */
  public static List<TimedSeries> series(
      long seed, List<String> districts, int weeks, Predicate<LocalDate> workday) {
    DemoCity city = DemoCity.undisturbed(seed, districts, workday);
    Instant end = START.plus(Duration.ofDays(7L * weeks));
    List<TimedSeries> all = new ArrayList<>();
    for (Measure measure : DemoMeasures.ALL) {
      Duration step = measure.event() ? EVENTS : longer(measure.cadence(), FINEST);
      SortedMap<String, Sums> sums = new TreeMap<>();
      int rows = (int) Duration.between(START, end).dividedBy(step);
      for (Observation reading : city.readings(START, end, one -> one == measure)) {
        int row = (int) Duration.between(START, reading.time()).dividedBy(step);
        Sums series = sums.computeIfAbsent(reading.series(), id -> new Sums(rows));
        series.values[row] += reading.value();
        series.counts[row]++;
      }
      sums.forEach(
          (id, series) -> {
            List<Instant> times = new ArrayList<>(rows);
            for (int row = 0; row < rows; row++) {
              times.add(START.plus(step.multipliedBy(row)));
              if (!measure.event()) {
                series.values[row] /= series.counts[row];
              }
            }
            all.add(
                new TimedSeries(
                    "city",
                    id,
                    Grain.of(step.toString()),
                    date -> workday.test(date) ? DayClass.WORKDAY : DayClass.OFF,
                    times,
                    series.values));
          });
    }
    return all;
  }

  private static Duration longer(Duration one, Duration other) {
    return one.compareTo(other) > 0 ? one : other;
  }
}
