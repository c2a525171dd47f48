package org.chengmai.models;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;

/**
 * What the seasonal detector remembers of one series; made anew for each period, never changed
 * afterwards.
 */
final class SeasonalMemory implements Cloneable {
  /** Views of a value, each with its own memory of what is ordinary for it. */
  static final int POINT = 0;

  static final int JUMP = 1;
  static final int DRIFT = 2;
  static final int RESTLESS = 3;
  static final int LASTING = 4;
  static final int VIEWS = 5;

  /**
   * Least magnitude of each view that can count: what plain Gaussian noise passes once in about
   * 100,000 periods.
   */
  static final double[] FLOORS = {6.2, 6.2, 1.6, 2, 0.7};

  SlotProfile profile;
  Tail[] tails;
  Episode episode = Episode.NONE;

  /** Values seen, and those of them whose slot was known. */
  int count;

  int judged;

  /** Least and greatest value seen, slowly forgetting. */
  double least;

  double greatest;

  /** Running mean of the values and of their distance from it. */
  double mean;

  double spread;

  /** Running mean of the distance from the expectation. */
  double noise;

  /** The residual before, NaN after a gap. */
  double residual = Double.NaN;

  /** Running products of neighbouring residuals: their quotient is the share that carries over. */
  double carried;

  double power;

  /** Mean of the residuals over a short and a longer while, in units of noise. */
  double drift;

  double lasting;

  /** Mean size of the recent steps. */
  double restless;

  /** The newest band and what was strangest. */
  double low = Double.NaN;

  double expected = Double.NaN;
  double high = Double.NaN;
  int strangest;

  SeasonalMemory(SlotProfile profile) {
    this.profile = profile;
    this.tails = new Tail[VIEWS];
    java.util.Arrays.fill(tails, Tail.EMPTY);
  }

  SeasonalMemory copy() {
    try {
      SeasonalMemory copy = (SeasonalMemory) clone();
      copy.tails = tails.clone();
      return copy;
    } catch (CloneNotSupportedException e) {
      throw new AssertionError(e);
    }
  }

  void write(DataOutputStream out) throws IOException {
    profile.write(out);
    for (Tail tail : tails) {
      tail.write(out);
    }
    episode.write(out);
    out.writeInt(count);
    out.writeInt(judged);
    out.writeByte(strangest);
    for (double number :
        new double[] {
          least, greatest, mean, spread, noise, residual, carried, power, drift, lasting, restless,
          low, expected, high
        }) {
      out.writeDouble(number);
    }
  }

  static SeasonalMemory read(DataInputStream in, int slots) throws IOException {
    SeasonalMemory memory = new SeasonalMemory(SlotProfile.read(in, slots));
    for (int i = 0; i < VIEWS; i++) {
      memory.tails[i] = Tail.read(in);
    }
    memory.episode = Episode.read(in);
    memory.count = in.readInt();
    memory.judged = in.readInt();
    memory.strangest = in.readByte();
    memory.least = in.readDouble();
    memory.greatest = in.readDouble();
    memory.mean = in.readDouble();
    memory.spread = in.readDouble();
    memory.noise = in.readDouble();
    memory.residual = in.readDouble();
    memory.carried = in.readDouble();
    memory.power = in.readDouble();
    memory.drift = in.readDouble();
    memory.lasting = in.readDouble();
    memory.restless = in.readDouble();
    memory.low = in.readDouble();
    memory.expected = in.readDouble();
    memory.high = in.readDouble();
    return memory;
  }
}
