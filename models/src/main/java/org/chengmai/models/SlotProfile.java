package org.chengmai.models;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.Arrays;

/**
 * What is ordinary at each slot of a day, learnt for each day of the week and, as a fallback and
 * for holidays, for each class of day. Never changes: learning answers a new profile that shares
 * all rows but two with the old one.
 *
 * <p>Each cell holds a level, a mean absolute deviation and the number of days it was seen on. A
 * cell forgets slowly: a day of the week remembers about {@value #WEEKS} weeks, a class of day
 * {@value #DAYS} days.
 */
public final class SlotProfile {
  static final int WEEKS = 6;
  static final int DAYS = 12;
  private static final double LEAN = 0.5;
  private static final int CLASS_ROW = 7;
  private static final int ROWS = CLASS_ROW + DayClass.values().length;

  private final int slots;
  private final float[][] rows;

  private SlotProfile(int slots, float[][] rows) {
    this.slots = slots;
    this.rows = rows;
  }

  public static SlotProfile empty(int slots) {
    float[][] rows = new float[ROWS][];
    Arrays.fill(rows, new float[3 * slots]);
    return new SlotProfile(slots, rows);
  }

  /**
   * Days of this class on which the slot was seen; 0 means that the other class of day lends its
   * level.
   */
  double days(Slots.Place place) {
    return count(classRow(place), place.slot());
  }

  /** Whether the slot was ever seen. */
  public boolean isKnown(Slots.Place place) {
    return count(CLASS_ROW, place.slot()) > 0 || count(CLASS_ROW + 1, place.slot()) > 0;
  }

  /** The expected level of a slot that is known. */
  public double level(Slots.Place place) {
    return blend(place, 0);
  }

  /** The level of a known slot over all days of the class: fewer differences, less noise. */
  public double classLevel(Slots.Place place) {
    int row = classRow(place);
    return rows[count(row, place.slot()) > 0 ? row : 2 * CLASS_ROW + 1 - row][3 * place.slot()];
  }

  /** The mean absolute deviation from the level. */
  public double deviation(Slots.Place place) {
    return blend(place, 1);
  }

  /** Weeks in which this very slot of the week was seen. */
  double weeks(Slots.Place place) {
    return count(place.weekday(), place.slot());
  }

  double weekLevel(Slots.Place place) {
    return rows[place.weekday()][3 * place.slot()];
  }

  /**
   * The mean absolute deviation of a slot of the week; few weeks lean on what the class of day has
   * seen.
   */
  double weekDeviation(Slots.Place place) {
    double weeks = weeks(place);
    double ofClass = rows[classRow(place)][3 * place.slot() + 1];
    return (weeks * rows[place.weekday()][3 * place.slot() + 1] + 3 * ofClass) / (weeks + 3);
  }

  /**
   * A young day of the week leans on its class, which has seen more days; a holiday is its class
   * alone.
   */
  private double blend(Slots.Place place, int part) {
    int slot = place.slot();
    int classRow =
        count(classRow(place), slot) > 0 ? classRow(place) : 2 * CLASS_ROW + 1 - classRow(place);
    double ofClass = rows[classRow][3 * slot + part];
    if (!place.isUsual()) {
      return ofClass;
    }
    double seen = count(place.weekday(), slot);
    return (seen * rows[place.weekday()][3 * slot + part] + LEAN * ofClass) / (seen + LEAN);
  }

  /**
   * Learns a value.
   *
   * @param share which part of a day's knowledge of the slot this value is: 1 when the slot holds
   *     one period
   * @param clip greatest step away from the level that is believed
   */
  public SlotProfile learn(Slots.Place place, double value, double share, double clip) {
    float[][] changed = rows.clone();
    // An unusual day (a holiday on a Tuesday) teaches its class only.
    if (place.isUsual()) {
      changed[place.weekday()] =
          learnRow(rows[place.weekday()], place.slot(), value, share, clip, WEEKS);
    }
    changed[classRow(place)] =
        learnRow(rows[classRow(place)], place.slot(), value, share, clip, DAYS);
    return new SlotProfile(slots, changed);
  }

  /**
   * Keeps a value within what a cell can hold: beyond it, infinities would spoil all that is learnt
   * later.
   */
  public static double bounded(double value) {
    return Math.max(-1e30, Math.min(1e30, value));
  }

  private static float[] learnRow(
      float[] row, int slot, double value, double share, double clip, int memory) {
    float[] changed = row.clone();
    int at = 3 * slot;
    double seen = Math.min(row[at + 2] + share, memory);
    double rate = share / seen;
    if (row[at + 2] == 0) {
      changed[at] = (float) bounded(value);
    } else {
      double step = Math.max(-clip, Math.min(clip, bounded(value) - row[at]));
      changed[at] += (float) (rate * step);
      // The first value has no deviation yet, so one value fewer makes up the mean.
      double deviationRate = Math.min(1, share / Math.max(share, seen - 1));
      changed[at + 1] += (float) (deviationRate * (Math.abs(step) - row[at + 1]));
    }
    changed[at + 2] = (float) seen;
    return changed;
  }

  private float count(int row, int slot) {
    return rows[row][3 * slot + 2];
  }

  private static int classRow(Slots.Place place) {
    return CLASS_ROW + place.dayClass().ordinal();
  }

  void write(DataOutputStream out) throws IOException {
    out.writeShort(slots);
    for (float[] row : rows) {
      for (float cell : row) {
        out.writeFloat(cell);
      }
    }
  }

  static SlotProfile read(DataInputStream in, int slots) throws IOException {
    if (in.readUnsignedShort() != slots) {
      throw new IOException("the number of slots has changed");
    }
    float[][] rows = new float[ROWS][3 * slots];
    for (float[] row : rows) {
      for (int i = 0; i < row.length; i++) {
        row[i] = in.readFloat();
      }
    }
    return new SlotProfile(slots, rows);
  }
}
