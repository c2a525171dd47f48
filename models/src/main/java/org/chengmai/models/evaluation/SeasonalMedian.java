package org.chengmai.models.evaluation;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.Arrays;
import java.util.function.Function;
import org.chengmai.indicators.Grain;
import org.chengmai.models.DayClass;

/**
 * How far a value lies from the median of the last {@value #DEPTH} values of its slot, in scaled
 * median absolute deviations. A slot is a time of the day on workdays or on days off, at most 96 a
 * day.
 */
final class SeasonalMedian implements Strangeness {
  private static final int DEPTH = 15;
  private static final int LEAST = 5;
  private static final int MOST_SLOTS = 96;
  private static final double TO_SIGMA = 1.4826;
  private static final ZoneId CHINA = ZoneId.of("Asia/Shanghai");

  private final Function<LocalDate, DayClass> dayClass;
  private final double slotSeconds;
  private final double[][] slots;
  private final int[] counts;

  /** A floor for slots that never moved: a share of the spread of all values so far. */
  private double mean;

  private double squares;
  private long rows;

  SeasonalMedian(Grain grain, Function<LocalDate, DayClass> dayClass) {
    this.dayClass = dayClass;
    long perDay = Math.max(1, Math.min(MOST_SLOTS, 86_400 / grain.typical().toSeconds()));
    this.slotSeconds = 86_400.0 / perDay;
    this.slots = new double[(int) (2 * perDay)][DEPTH];
    this.counts = new int[slots.length];
  }

  @Override
  public double next(Instant time, double value) {
    ZonedDateTime local = time.atZone(CHINA);
    int off = dayClass.apply(local.toLocalDate()) == DayClass.OFF ? slots.length / 2 : 0;
    int slot = off + (int) (local.toLocalTime().toSecondOfDay() / slotSeconds);
    int known = Math.min(counts[slot], DEPTH);
    double strangeness = 0;
    if (known >= LEAST) {
      double[] past = Arrays.copyOf(slots[slot], known);
      double median = median(past);
      for (int i = 0; i < known; i++) {
        past[i] = Math.abs(past[i] - median);
      }
      double floor = 0.05 * Math.sqrt(squares / rows) + 1e-9;
      strangeness = Math.abs(value - median) / Math.max(TO_SIGMA * median(past), floor);
    }
    slots[slot][counts[slot]++ % DEPTH] = value;
    rows++;
    double step = value - mean;
    mean += step / rows;
    squares += step * (value - mean);
    return strangeness;
  }

  /** The middle value; sorts what it is given. */
  static double median(double[] values) {
    Arrays.sort(values);
    int middle = values.length / 2;
    return values.length % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
  }
}
