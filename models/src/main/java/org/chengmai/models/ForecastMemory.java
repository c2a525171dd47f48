package org.chengmai.models;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;

/**
 * What a forecast rests on for one series, and how its errors were; made anew for each period,
 * never changed afterwards.
 */
final class ForecastMemory implements Cloneable {
  static final int LAGS = 8;
  static final int VIEWS = 2;
  private static final int MOST_CARRIED = 3;
  private static final double SLOW = 1000;
  private static final double MOST = 6;

  SlotProfile profile;

  /** The last values, newest first. */
  double[] lags = new double[LAGS];

  /** Values among the lags that were measured or carried over a short gap. */
  int known;

  /** Periods in a row without a value. */
  int missing;

  int count;
  double mean;
  double spread;

  /** Mean size and recent mean of the forecast's errors, in units of scale. */
  double noise;

  double drift;

  Tail[] tails = {Tail.EMPTY, Tail.EMPTY};
  Episode episode = Episode.NONE;
  double low = Double.NaN;
  double expected = Double.NaN;
  double high = Double.NaN;

  ForecastMemory(SlotProfile profile) {
    this.profile = profile;
  }

  ForecastMemory copy() {
    try {
      ForecastMemory copy = (ForecastMemory) clone();
      copy.tails = tails.clone();
      copy.lags = lags.clone();
      return copy;
    } catch (CloneNotSupportedException e) {
      throw new AssertionError(e);
    }
  }

  /**
   * The length by which values of this series are measured, so that one model fits all of an
   * indicator's series.
   */
  double scale() {
    return Math.max(1.2533 * spread, 1e-6 + 1e-3 * Math.abs(mean));
  }

  double normal(double value) {
    return Math.max(-MOST, Math.min(MOST, (value - mean) / scale()));
  }

  boolean isReady() {
    return known == LAGS;
  }

  /**
   * A short gap carries the last value on; a long one leaves nothing to forecast from. Never a
   * zero.
   */
  void skip() {
    missing++;
    if (missing > MOST_CARRIED) {
      known = 0;
    } else if (known > 0) {
      push(lags[0]);
    }
  }

  void learn(Slots slots, Slots.Place place, double value) {
    count++;
    double rate = 1 / Math.min(SLOW, count);
    mean +=
        count == 1
            ? value
            : rate * clip(value - mean, count > 50 ? 6 * spread + 1e-9 : Double.MAX_VALUE);
    spread +=
        rate
            * (Math.min(Math.abs(value - mean), count > 50 ? 6 * spread + 1e-9 : Double.MAX_VALUE)
                - spread);
    double most = count > 50 ? 5 * spread + 1e-9 : Double.MAX_VALUE;
    profile = profile.learn(place, value, slots.share(), most);
    missing = 0;
    push(value);
  }

  private void push(double value) {
    System.arraycopy(lags, 0, lags, 1, LAGS - 1);
    lags[0] = value;
    known = Math.min(LAGS, known + 1);
  }

  static double clip(double x, double most) {
    return Math.max(-most, Math.min(most, x));
  }

  void write(DataOutputStream out) throws IOException {
    profile.write(out);
    for (Tail tail : tails) {
      tail.write(out);
    }
    episode.write(out);
    for (double lag : lags) {
      out.writeDouble(lag);
    }
    out.writeInt(known);
    out.writeInt(missing);
    out.writeInt(count);
    for (double number : new double[] {mean, spread, noise, drift, low, expected, high}) {
      out.writeDouble(number);
    }
  }

  static ForecastMemory read(DataInputStream in, int slots) throws IOException {
    ForecastMemory memory = new ForecastMemory(SlotProfile.read(in, slots));
    for (int i = 0; i < VIEWS; i++) {
      memory.tails[i] = Tail.read(in);
    }
    memory.episode = Episode.read(in);
    for (int i = 0; i < LAGS; i++) {
      memory.lags[i] = in.readDouble();
    }
    memory.known = in.readInt();
    memory.missing = in.readInt();
    memory.count = in.readInt();
    memory.mean = in.readDouble();
    memory.spread = in.readDouble();
    memory.noise = in.readDouble();
    memory.drift = in.readDouble();
    memory.low = in.readDouble();
    memory.expected = in.readDouble();
    memory.high = in.readDouble();
    return memory;
  }
}
