package org.chengmai.models.evaluation;

import java.util.Optional;
import java.util.SplittableRandom;

/**
 * A series with one thing wrong in it.
 *
 * @param from first row that is wrong
 * @param to row after the last one
 * @param size in deviations, 0 where the kind has no size
 */
record Fault(FaultKind kind, TimedSeries series, int from, int to, double size) {
  /** Faults come after this share of a series, so that everyone has learnt. */
  static final double LEARNT = 0.6;

  private static final int LEAST_ROWS = 24;
  private static final int TRIES = 40;

  /** Until this row an alarm counts for the fault. */
  int until() {
    return Math.min(series.values().length, to + Math.max(3, (to - from) / 10));
  }

  /**
   * Puts a fault into a series; empty where the kind does not apply: a constant series has no
   * deviations, one without a daily course has no phase to miss.
   */
  static Optional<Fault> into(
      TimedSeries series, Course course, FaultKind kind, SplittableRandom random) {
    int rows = series.values().length;
    for (int attempt = 0; attempt < TRIES && course.deviation() > 0; attempt++) {
      int length =
          switch (kind) {
            case SPIKE -> 1;
            case LEVEL_SHIFT, FROZEN_SENSOR, CORRELATED -> random.nextInt(LEAST_ROWS, 97);
            case SLOW_LEAK -> random.nextInt(48, 145);
            case MISSING_PHASE, CHANGED_WEEKDAY -> Math.max(LEAST_ROWS, Course.perDay(series));
          };
      int first = (int) (LEARNT * rows);
      int last = rows - length - Math.max(3, length / 10);
      if (last <= first) {
        return Optional.empty();
      }
      int from = random.nextInt(first, last);
      double size = kind == FaultKind.SPIKE ? random.nextDouble(8, 12) : random.nextDouble(3, 6);
      double sign = random.nextBoolean() ? 1 : -1;
      if (kind == FaultKind.CHANGED_WEEKDAY) {
        from = midnight(series, from);
      }
      if (from + length + Math.max(3, length / 10) > rows || !isWhole(series, from, length)) {
        continue;
      }
      double[] values = series.values().clone();
      boolean isSized = true;
      switch (kind) {
        case SPIKE, LEVEL_SHIFT, CORRELATED ->
            shift(values, from, length, sign * size * course.deviation(), false);
        case SLOW_LEAK -> shift(values, from, length, sign * size * course.deviation(), true);
        case FROZEN_SENSOR -> {
          isSized = false;
          java.util.Arrays.fill(values, from, from + length, values[from - 1]);
        }
        case MISSING_PHASE -> {
          isSized = false;
          for (int row = from; row < from + length; row++) {
            values[row] += course.median() - course.at(row);
          }
        }
        case CHANGED_WEEKDAY -> {
          isSized = false;
          if (!exchange(series, course, values, from, length)) {
            continue;
          }
        }
      }
      if (isVisible(series, values, from, length, course, kind)) {
        return Optional.of(
            new Fault(kind, series.with(values), from, from + length, isSized ? size : 0));
      }
    }
    return Optional.empty();
  }

  /** A quantity that is never negative stays so: the fault goes upwards instead. */
  private static void shift(double[] values, int from, int length, double by, boolean isRamp) {
    double least = Double.POSITIVE_INFINITY;
    for (double value : values) {
      least = Double.isNaN(value) ? least : Math.min(least, value);
    }
    double lowest = Double.POSITIVE_INFINITY;
    for (int row = from; row < from + length; row++) {
      lowest = Double.isNaN(values[row]) ? lowest : Math.min(lowest, values[row]);
    }
    double signed = least >= 0 && lowest + by < 0 ? Math.abs(by) : by;
    for (int row = from; row < from + length; row++) {
      values[row] += isRamp ? signed * (row - from + 1) / length : signed;
    }
  }

  /**
   * Takes the values of the newest earlier day whose class is not that of the fault's day. Answers
   * whether days of that class usually differ by a deviation on average: two draws of the same day
   * do so by chance.
   */
  private static boolean exchange(
      TimedSeries series, Course course, double[] values, int from, int length) {
    int perDay = Course.perDay(series);
    for (int other = from - perDay; other >= 0; other -= perDay) {
      if (Course.dayClass(series, other) != Course.dayClass(series, from)) {
        System.arraycopy(series.values(), other, values, from, length);
        double sum = 0;
        for (int row = 0; row < length; row++) {
          double apart = Math.abs(course.at(other + row) - course.at(from + row));
          sum += Double.isNaN(apart) ? 0 : apart;
        }
        return sum >= course.deviation() * length;
      }
    }
    return false;
  }

  /**
   * Whether anybody could see it: a frozen value where the true ones move, a missing phase or day
   * that differs from the true one by a deviation on average.
   */
  private static boolean isVisible(
      TimedSeries series, double[] values, int from, int length, Course course, FaultKind kind) {
    if (kind == FaultKind.FROZEN_SENSOR) {
      int moves = 0;
      for (int row = from; row < from + length; row++) {
        moves += series.values()[row] != series.values()[row - 1] ? 1 : 0;
      }
      return moves >= 0.8 * length;
    }
    double sum = 0;
    for (int row = from; row < from + length; row++) {
      if (Double.isNaN(values[row])) {
        values[row] = series.values()[row];
      }
      sum += Double.isNaN(values[row]) ? 0 : Math.abs(values[row] - series.values()[row]);
    }
    return sum >= course.deviation() * length || kind == FaultKind.SLOW_LEAK;
  }

  /**
   * Whether nine in ten rows of a stretch have a value, its first and the one before among them.
   */
  private static boolean isWhole(TimedSeries series, int from, int length) {
    int known = 0;
    for (int row = from; row < from + length; row++) {
      known += Double.isNaN(series.values()[row]) ? 0 : 1;
    }
    // A metro that rests at night is whole on a day all the same.
    double share = length >= Course.perDay(series) ? 0.7 : 0.9;
    return !Double.isNaN(series.values()[from - 1])
        && (length >= Course.perDay(series) || !Double.isNaN(series.values()[from]))
        && known >= share * length;
  }

  private static int midnight(TimedSeries series, int row) {
    int second = series.times().get(row).atZone(Course.CHINA).toLocalTime().toSecondOfDay();
    return row - (int) (second / series.grain().typical().toSeconds());
  }
}
