package org.chengmai.models.forecast;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.function.Function;
import org.chengmai.indicators.Grain;
import org.chengmai.models.DayClass;
import org.chengmai.models.Slots;

/**
 * How far ahead forecasts of a grain look, and what a day and a week are in its periods.
 *
 * @param dayClass working day or off, by the calendar of the place
 */
public record HorizonPlan(Grain grain, Function<LocalDate, DayClass> dayClass) {

  /** Periods of a day; 1 at grains of a day and longer. */
  public int day() {
    return periods(Duration.ofDays(1));
  }

  /** Periods of a week; 1 at grains longer than a day. */
  public int week() {
    return periods(Duration.ofDays(7));
  }

  /** Periods of an hour; 1 at coarser grains. */
  public int hour() {
    return periods(Duration.ofHours(1));
  }

  private int periods(Duration time) {
    return (int) Math.max(1, time.toSeconds() / grain.typical().toSeconds());
  }

  /** One period, an hour, a quarter of a day, a day and a week ahead, without doubles. */
  public List<Integer> horizons() {
    return List.copyOf(new TreeSet<>(List.of(1, hour(), Math.max(1, day() / 4), day(), week())));
  }

  /** The start of a series' newest period. */
  public Instant lastStart(GridSeries series) {
    int count = series.values().length;
    return starts(series.start(), count).get(count - 1);
  }

  /** The starts of the periods from one on. */
  List<Instant> starts(Instant first, int count) {
    List<Instant> starts = new ArrayList<>(count);
    Instant start = first;
    for (int i = 0; i < count; i++) {
      starts.add(start);
      start = grain.end(start, Slots.CHINA);
    }
    return starts;
  }
}
