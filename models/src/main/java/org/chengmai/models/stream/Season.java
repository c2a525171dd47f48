package org.chengmai.models.stream;

import org.chengmai.models.Slots;

/**
 * What is ordinary at each slot of a day: level and deviation for each class of day, how a day of
 * the week differs from its class, and the means of the last days on which the slot was seen.
 */
final class Season {
  static final int CELL = 3;
  static final int DAYS = 4;
  static final int MOST_WEEK_SLOTS = 48;
  private static final double REMEMBERED_DAYS = 12;
  private static final double WEEK_RATE = 0.25;
  private static final double MOST_STEPS = 3;
  private static final double NOISE_MEMORY = 1000;
  private static final int LEAST_SLOTS_WITH_NEIGHBOURS = 4;

  /** Slots on each side whose scatter is taken for this one's. */
  private static final int NEAR = 2;

  /** Days for which the scatter of the whole series counts. */
  private static final double LEAN = 8;

  private final Layout layout;
  private final Slots slots;

  Season(Layout layout, Slots slots) {
    this.layout = layout;
    this.slots = slots;
  }

  /** NaN where the slot was never seen. */
  double level(StreamState state, Slots.Place place, int slot) {
    int cell = cell(place.dayClass().ordinal(), slot);
    if (state.cold[cell + 2] == 0) {
      // The other class of day lends its level.
      int other = cell(1 - place.dayClass().ordinal(), slot);
      return state.cold[other + 2] == 0 ? Double.NaN : state.cold[other];
    }
    return state.cold[cell] + (place.isUsual() ? state.cold[week(place, slot)] : 0);
  }

  /** The levels of the slot and of those beside it: least and greatest. */
  double[] envelope(StreamState state, Slots.Place place, double level) {
    double low = level;
    double high = level;
    if (layout.slots >= LEAST_SLOTS_WITH_NEIGHBOURS) {
      for (int slot = place.slot() - 1; slot <= place.slot() + 1; slot += 2) {
        double beside = slot < 0 || slot >= layout.slots ? level : level(state, place, slot);
        if (!Double.isNaN(beside)) {
          low = Math.min(low, beside);
          high = Math.max(high, beside);
        }
      }
    }
    return new double[] {low, high};
  }

  /** Whether the slot was seen on this class of day, so that the other one lends it no level. */
  boolean isOwn(StreamState state, Slots.Place place) {
    return state.cold[cell(place.dayClass().ordinal(), place.slot()) + 2] > 0;
  }

  /**
   * What one step of scatter is at this time of day: of this slot and those near it, leaning on the
   * series' while days are few.
   */
  double unit(StreamState state, Slots.Place place, double scale) {
    int near = layout.slots < LEAST_SLOTS_WITH_NEIGHBOURS ? 0 : NEAR;
    double noise = state.hot[Layout.NOISE];
    double days = LEAN;
    double sum = LEAN * noise;
    for (int by = -near; by <= near; by++) {
      int cell = cell(place.dayClass().ordinal(), Math.floorMod(place.slot() + by, layout.slots));
      double seen = Math.max(0, state.cold[cell + 2] - 1);
      days += seen;
      sum += seen * state.cold[cell + 1];
    }
    // a level that few days tell is itself uncertain
    double known = Math.max(1, state.cold[cell(place.dayClass().ordinal(), place.slot()) + 2]);
    double unit = Math.max(0.01 * scale, Math.max(0.1 * noise, sum / days));
    // one event more or less is never strange
    return Math.max(state.hot[Layout.RESOLUTION], unit * Math.sqrt(1 + 1 / known));
  }

  /**
   * The distance to the nearest of the last days at this time or a slot beside it; NaN for none.
   */
  double nearestDay(StreamState state, int slot, long visit, double number) {
    double best = Double.MAX_VALUE;
    boolean isEntered = visit == (long) state.hot[Layout.SLOT];
    int beside = layout.slots < LEAST_SLOTS_WITH_NEIGHBOURS ? 0 : 1;
    for (int by = -beside; by <= beside; by++) {
      int at = layout.days + Math.floorMod(slot + by, layout.slots) * DAYS;
      // The slot before was visited today already, the one after was not.
      int first = by < 0 || (by == 0 && isEntered) ? 1 : 0;
      for (int i = first; i < first + DAYS - 1; i++) {
        double distance = Math.abs(number - state.cold[at + i]);
        if (distance < best) {
          best = distance;
        }
      }
    }
    return best == Double.MAX_VALUE ? Double.NaN : best;
  }

  /**
   * @param residual distance from the level that was known, NaN when none was
   */
  void learn(StreamState state, Slots.Place place, long visit, double number, double residual) {
    double[] hot = state.hot;
    float[] cold = state.cold;
    int slot = place.slot();
    learnDay(state, layout.days + slot * DAYS, visit, number);
    double most =
        hot[Layout.JUDGED] > 50
            ? MOST_STEPS * Math.max(hot[Layout.NOISE], 0.01 * hot[Layout.SCALE])
            : Double.MAX_VALUE;
    double share = slots.share();
    int cell = cell(place.dayClass().ordinal(), slot);
    double seen = Math.min(cold[cell + 2] + share, REMEMBERED_DAYS);
    if (cold[cell + 2] == 0) {
      state.set(cell, number);
    } else {
      double step = Evidence.clip(number - cold[cell], most);
      // The first value has no deviation yet, so one value fewer makes up the mean.
      double rate = Math.min(1, share / Math.max(share, seen - 1));
      state.set(cell + 1, cold[cell + 1] + rate * (Math.abs(step) - cold[cell + 1]));
      state.set(cell, cold[cell] + share / seen * step);
      // An unusual day (a holiday on a Tuesday) teaches its class only.
      if (place.isUsual()) {
        int week = week(place, slot);
        double weekRate = WEEK_RATE * share * layout.weekSlots / layout.slots;
        double away = Evidence.clip(number - cold[cell] - cold[week], most);
        state.set(week, cold[week] + weekRate * away);
      }
    }
    state.set(cell + 2, seen);
    if (!Double.isNaN(residual)) {
      hot[Layout.JUDGED]++;
      double rate = 1 / Math.min(NOISE_MEMORY, hot[Layout.JUDGED]);
      hot[Layout.NOISE] += rate * (Math.min(Math.abs(residual), most) - hot[Layout.NOISE]);
    }
  }

  private static void learnDay(StreamState state, int at, long visit, double number) {
    double[] hot = state.hot;
    if (visit == (long) hot[Layout.SLOT] && !Double.isNaN(hot[Layout.SLOT])) {
      hot[Layout.IN_SLOT]++;
      state.set(at, state.cold[at] + (number - state.cold[at]) / hot[Layout.IN_SLOT]);
      return;
    }
    for (int i = DAYS - 1; i > 0; i--) {
      state.set(at + i, state.cold[at + i - 1]);
    }
    state.set(at, number);
    hot[Layout.SLOT] = visit;
    hot[Layout.IN_SLOT] = 1;
  }

  private int cell(int dayClass, int slot) {
    return Layout.SEASON + (dayClass * layout.slots + slot) * CELL;
  }

  private int week(Slots.Place place, int slot) {
    return layout.week
        + place.weekday() * layout.weekSlots
        + slot * layout.weekSlots / layout.slots;
  }
}
