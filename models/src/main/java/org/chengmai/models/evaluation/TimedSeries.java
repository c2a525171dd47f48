package org.chengmai.models.evaluation;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import org.chengmai.indicators.Grain;
import org.chengmai.models.DayClass;

/**
 * A series to be judged.
 *
 * @param set whose series it is, such as {@code air}
 * @param name within the set
 * @param times one per row, ascending
 * @param values one per row; not a number where a period has no value
 */
public record TimedSeries(
    String set,
    String name,
    Grain grain,
    Function<LocalDate, DayClass> dayClass,
    List<Instant> times,
    double[] values) {

  public TimedSeries {
    times = List.copyOf(times);
  }

  /** The same times with other values. */
  public TimedSeries with(double[] others) {
    return new TimedSeries(set, name, grain, dayClass, times, others);
  }

  /** What each row's alarm is worth, 0 where none begins, from the first row up to {@code end}. */
  public double[] alarms(RowScorer.Kind kind, int end) {
    Supplier<RowScorer> scorers = kind.of(grain, dayClass);
    return alarms(scorers.get(), end);
  }

  /** The same by a scorer that has seen nothing yet. */
  double[] alarms(RowScorer scorer, int end) {
    double[] alarms = new double[end];
    for (int row = 0; row < end; row++) {
      alarms[row] = judge(scorer, row);
    }
    return alarms;
  }

  /** How strange each row is to a scorer, alarm or not. */
  public double[] strangeness(RowScorer.Kind kind) {
    RowScorer scorer = kind.of(grain, dayClass).get();
    double[] strangeness = new double[values.length];
    for (int row = 0; row < strangeness.length; row++) {
      judge(scorer, row);
      strangeness[row] = scorer.strangeness();
    }
    return strangeness;
  }

  private double judge(RowScorer scorer, int row) {
    return Double.isNaN(values[row])
        ? scorer.missing(times.get(row))
        : scorer.next(times.get(row), values[row]);
  }

  /** The weeks from one row to another. */
  double weeks(int from, int to) {
    return to <= from
        ? 0
        : grain.typical().multipliedBy(to - (long) from).toSeconds()
            / (double) Duration.ofDays(7).toSeconds();
  }

  /** Rows with a value. */
  public int rows() {
    return (int) Arrays.stream(values).filter(value -> !Double.isNaN(value)).count();
  }
}
