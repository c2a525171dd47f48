package org.chengmai.models;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import org.chengmai.indicators.Grain;
import org.jspecify.annotations.Nullable;

/**
 * The course of one local day without its level and size: means of 24 to 48 equal parts of the day,
 * brought to mean 0 and variance 1. Two days of the same shape lie close whatever their totals.
 */
public final class DayShape {
  private static final int MOST = 48;
  private static final double LEAST_FILLED = 2.0 / 3;

  private DayShape() {}

  /** Whether an indicator's days have a shape: an hour or finer. */
  public static boolean has(Grain grain) {
    return grain.typical().compareTo(Duration.ofHours(1)) <= 0;
  }

  /** Parts of a day at a grain. */
  public static int parts(Grain grain) {
    return (int) Math.max(1, Math.min(MOST, 86_400 / grain.typical().toSeconds()));
  }

  /** The day in China, counted from 1970. */
  public static long day(Instant at) {
    return LocalDateTime.ofInstant(at, Slots.CHINA).toLocalDate().toEpochDay();
  }

  /** Which part of its day an instant lies in. */
  public static int part(Instant at, int parts) {
    return LocalDateTime.ofInstant(at, Slots.CHINA).toLocalTime().toSecondOfDay() * parts / 86_400;
  }

  /**
   * The shape of a day's sums and counts by part; null when more than a third of the parts has no
   * value, or all values are the same. A part without a value lies on the line between its
   * neighbours.
   */
  public static double @Nullable [] of(double[] sums, int[] counts) {
    int parts = sums.length;
    double[] shape = new double[parts];
    int filled = 0;
    for (int i = 0; i < parts; i++) {
      shape[i] = counts[i] == 0 ? Double.NaN : sums[i] / counts[i];
      filled += counts[i] == 0 ? 0 : 1;
    }
    if (filled < LEAST_FILLED * parts) {
      return null;
    }
    fill(shape);
    double mean = 0;
    for (double value : shape) {
      mean += value / parts;
    }
    double power = 0;
    for (double value : shape) {
      power += (value - mean) * (value - mean) / parts;
    }
    double spread = Math.sqrt(power);
    if (!(spread > 1e-9 * Math.max(1, Math.abs(mean)))) {
      return null;
    }
    for (int i = 0; i < parts; i++) {
      shape[i] = (shape[i] - mean) / spread;
    }
    return shape;
  }

  private static void fill(double[] shape) {
    int parts = shape.length;
    double[] known = shape.clone();
    for (int i = 0; i < parts; i++) {
      if (Double.isNaN(known[i])) {
        int before = 1;
        int after = 1;
        while (Double.isNaN(known[Math.floorMod(i - before, parts)])) {
          before++;
        }
        while (Double.isNaN(known[Math.floorMod(i + after, parts)])) {
          after++;
        }
        double from = known[Math.floorMod(i - before, parts)];
        double to = known[Math.floorMod(i + after, parts)];
        shape[i] = from + (to - from) * before / (before + after);
      }
    }
  }

  /** Root mean square difference of two shapes: 0 for the same, about 1.4 for unrelated ones. */
  public static double distance(double[] one, double[] other) {
    double sum = 0;
    for (int i = 0; i < one.length; i++) {
      sum += (one[i] - other[i]) * (one[i] - other[i]);
    }
    return Math.sqrt(sum / one.length);
  }
}
