package org.chengmai.models.stream;

import java.util.Arrays;
import org.chengmai.indicators.SeriesKey;

/** Where what stands in a {@link StreamState}. A change of it is a new layout of snapshots. */
final class Layout {
  /** Values kept one by one: two windows of {@link #WINDOW} and some. */
  static final int VALUES = 64;

  static final int WINDOW = 24;

  // Hot.
  static final int COUNT = 0;
  static final int ANCHOR = 1;
  static final int MEDIAN = 2;
  static final int SCALE = 3;
  static final int LEAST = 4;
  static final int GREATEST = 5;
  static final int SINCE_GAP = 6;
  static final int SLOT = 7;
  static final int IN_SLOT = 8;
  static final int GAIN = 9;
  static final int LOG_SPREAD = 10;
  static final int RADIUS = 11;
  static final int SHAPES_USED = 12;
  static final int NOISE = 13;
  static final int JUDGED = 14;
  static final int SEASON_LONG = 15;
  static final int SEASON_BEFORE = 16;
  static final int SAMPLED = 17;
  static final int FAR = 18;
  static final int GAP = 19;
  static final int LOW = 20;
  static final int EXPECTED = 21;
  static final int HIGH = 22;
  static final int STARTED = 23;

  /** The smallest change from one value to the next that was seen. */
  static final int RESOLUTION = 24;

  /** Range of the windows' means. */
  static final int LEAST_MEAN = 25;

  static final int GREATEST_MEAN = 26;

  /** How far the last value lay outside its slot's levels, with its sign. */
  static final int OUTSIDE = 27;

  static final int DRIFT_UP = 28;
  static final int DRIFT_DOWN = 29;
  static final int STILL = 30;
  static final int SPIKE = STILL + Still.SIZE;

  /** Late ranges of the values and of the windows' means. */
  static final int RANGE = SPIKE + Spike.SIZE;

  static final int MEANS = RANGE + LateRange.SIZE;
  static final int COURSE = MEANS + LateRange.SIZE;
  static final int TOTALS = COURSE + Course.SIZE;
  static final int LIKELIHOODS = TOTALS + TailSketch.COUNT;
  static final int SCORES = LIKELIHOODS + Likelihood.COUNT * Likelihood.HOT;
  static final int INCIDENT = SCORES + Channel.COUNT;
  static final int HOT = INCIDENT + Incident.SIZE;

  // Cold.
  static final int RECENT = 0;
  static final int SURPRISES = RECENT + VALUES;
  static final int SAMPLE = SURPRISES + WINDOW;
  static final int RINGS = SAMPLE + Spread.SAMPLE;
  static final int TAILS = RINGS + Likelihood.COUNT * Likelihood.COLD;
  static final int LATE = TAILS + TailSketch.COUNT * TailSketch.BINS;
  static final int SHAPES = LATE + LateTails.SIZE;
  static final int SEASON = SHAPES + Shapes.COUNT * Shapes.SIZE;

  /** Slots of a day, and of a day of the week, which is told less finely. */
  final int slots;

  final int weekSlots;
  final int week;
  final int days;
  final int cold;

  Layout(int slots) {
    this.slots = slots;
    this.weekSlots = Math.min(slots, Season.MOST_WEEK_SLOTS);
    this.week = SEASON + 2 * Season.CELL * slots;
    this.days = week + 7 * weekSlots;
    this.cold = days + Season.DAYS * slots;
  }

  StreamState fresh(SeriesKey key) {
    StreamState state = new StreamState(key, new double[HOT], new float[cold]);
    clear(state);
    Incident.clear(state.hot);
    state.settle();
    return state;
  }

  /** Forgets the series, but not its alarms. */
  void clear(StreamState state) {
    Arrays.fill(state.hot, 0, INCIDENT, 0);
    Arrays.fill(state.cold, 0, days, 0);
    Arrays.fill(state.cold, days, cold, Float.NaN);
    state.hot[LEAST_MEAN] = Double.NaN;
    state.hot[GREATEST_MEAN] = Double.NaN;
    Spike.clear(state.hot);
    LateRange.clear(state.hot, RANGE);
    LateRange.clear(state.hot, MEANS);
    state.hot[GAIN] = 1;
    state.hot[SLOT] = Double.NaN;
    state.hot[LOW] = Double.NaN;
    state.hot[STARTED] = Double.NaN;
    Course.reset(state.hot);
  }
}
