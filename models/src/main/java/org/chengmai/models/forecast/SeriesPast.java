package org.chengmai.models.forecast;

import org.chengmai.models.SlotProfile;
import org.chengmai.models.Slots;

/**
 * What is known of a series while walking through it: its values, what their slots were used to
 * when they came, and running sums. Where a value is missing, its slot's level stands in for it.
 */
final class SeriesPast {
  private static final int MOST_STALE = 3;

  private final Slots slots;
  private final double[] values;
  private final double[] filled;
  private final double[] levels;
  private final double[] sums;
  private final double[] surprises;
  private final double slow;
  private SlotProfile profile;
  private int count;
  private int known;
  private int missing;
  private double mean;
  private double spread;
  private double deviation;

  /** Mean distance from the slots' levels. */
  private double unrest;

  SeriesPast(Slots slots, int length, HorizonPlan plan) {
    this.slots = slots;
    this.values = new double[length];
    this.filled = new double[length];
    this.levels = new double[length];
    this.sums = new double[length + 1];
    this.surprises = new double[length + 1];
    this.slow = Math.max(500, 4.0 * plan.week());
    this.profile = SlotProfile.empty(slots.perDay());
  }

  void add(Slots.Place place, double value) {
    double level = level(place);
    values[count] = value;
    levels[count] = level;
    filled[count] = Double.isNaN(value) ? level : value;
    sums[count + 1] = sums[count] + filled[count];
    surprises[count + 1] = surprises[count] + filled[count] - level;
    count++;
    if (Double.isNaN(value)) {
      missing++;
      return;
    }
    missing = 0;
    known++;
    double rate = 1 / Math.min(slow, known);
    double most = known > 50 ? 8 * spread + 1e-9 : Double.MAX_VALUE;
    mean += known == 1 ? value : rate * Math.max(-most, Math.min(most, value - mean));
    spread += rate * (Math.min(most, Math.abs(value - mean)) - spread);
    unrest += rate * (Math.min(most, Math.abs(value - level)) - unrest);
    profile = profile.learn(place, value, slots.share(), most);
    deviation += rate * (profile.deviation(place) - deviation);
  }

  /** Whether the newest values are there, but for a short gap. */
  boolean isFresh() {
    return known > 0 && missing <= MOST_STALE;
  }

  int newest() {
    return count - 1;
  }

  /** The value of a period, its slot's level when missing, the mean before the first. */
  double filled(int index) {
    return index < 0 ? mean : filled[index];
  }

  /** The value of a period, NaN when missing. */
  double measured(int index) {
    return index < 0 ? Double.NaN : values[index];
  }

  /** How far a value lay from what its slot was used to. */
  double surprise(int index) {
    return index < 0 ? 0 : filled[index] - levels[index];
  }

  /** How far the surprise has moved over some periods; not at all where either end is missing. */
  double turn(int periods) {
    int before = newest() - periods;
    return Double.isNaN(measured(newest())) || Double.isNaN(measured(before))
        ? 0
        : surprise(newest()) - surprise(before);
  }

  double levelNow() {
    return levels[count - 1];
  }

  double level(Slots.Place place) {
    return profile.isKnown(place) ? profile.level(place) : mean;
  }

  /** What the slot is used to over all days of the class. */
  double classLevel(Slots.Place place) {
    return profile.isKnown(place) ? profile.classLevel(place) : mean;
  }

  /** The usual deviation of a slot over that of all slots. */
  double relativeDeviation(Slots.Place place) {
    return profile.isKnown(place)
        ? Math.min(4, profile.deviation(place) / (deviation + 1e-3 * scale()))
        : 1;
  }

  double mean(int periods) {
    int from = Math.max(0, count - periods);
    return (sums[count] - sums[from]) / (count - from);
  }

  double meanSurprise(int periods) {
    int from = Math.max(0, count - periods);
    return (surprises[count] - surprises[from]) / (count - from);
  }

  double mean() {
    return mean;
  }

  /**
   * The length by which values are measured, so that one model fits all regions: how far values
   * usually lie from what their slots are used to.
   */
  double scale() {
    return Math.max(Math.max(unrest, 0.1 * spread), 1e-6 + 1e-4 * Math.abs(mean));
  }
}
