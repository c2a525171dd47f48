package org.chengmai.models;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;

/**
 * How rare a magnitude is among those seen before, as −log10 of its probability, from a histogram
 * of {@value #BINS} logarithmic bins that slowly forgets. Beyond its upper two per cent the tail is
 * taken as exponential with the mean excess seen there. Never changes.
 */
final class Tail {
  private static final int BINS = 64;
  private static final double BINS_PER_DOUBLING = 4;
  private static final double LEAST = 0.05;
  private static final double UPPER = 0.02;
  private static final double LEAST_SEEN = 50;

  /** What is this rare is learnt with less weight, so that one bad day does not hide the next. */
  private static final double RARE = 3;

  private static final double RARE_WEIGHT = 0.3;
  private static final double MEMORY = 4000;
  private static final double GROWTH = 1 / (1 - 1 / MEMORY);
  private static final double[] MIDDLES = new double[BINS];

  static {
    for (int i = 0; i < BINS; i++) {
      MIDDLES[i] = LEAST * Math.pow(2, (i + 0.5) / BINS_PER_DOUBLING);
    }
  }

  static final Tail EMPTY = new Tail(new float[BINS], 0, 1);

  private final float[] weights;
  private final double total;
  private final double increment;
  private final double edge;
  private final double rarity;
  private final double slope;

  private Tail(float[] weights, double total, double increment) {
    this.weights = weights;
    this.total = total;
    this.increment = increment;
    // At least eight values make up the tail, as long as the series is young.
    double wanted = Math.max(UPPER * total, 8 * increment);
    double above = 0;
    double sum = 0;
    int bin = BINS - 1;
    for (; bin > 0 && above < wanted; bin--) {
      above += weights[bin];
      sum += weights[bin] * MIDDLES[bin];
    }
    this.edge = MIDDLES[bin];
    this.rarity = total == 0 ? 0 : -Math.log10(Math.min(1, above / total));
    double excess = Math.max(above == 0 ? 0 : sum / above - edge, 0.1 * edge);
    this.slope = 1 / (excess * Math.log(10));
  }

  boolean isYoung() {
    return total < LEAST_SEEN * increment;
  }

  /** The magnitude that about 98 % of those seen stay below. */
  double edge() {
    return edge;
  }

  /**
   * 0 for the ordinary, 1.7 at the edge of the upper two per cent, one more for each tenth of the
   * probability.
   */
  double score(double magnitude) {
    if (isYoung() || magnitude <= edge) {
      return 0;
    }
    return rarity + (magnitude - edge) * slope;
  }

  Tail learn(double magnitude, double weight) {
    float[] changed = weights.clone();
    double grown = increment * GROWTH;
    double added = grown * weight * (score(magnitude) > RARE ? RARE_WEIGHT : 1);
    changed[bin(magnitude)] += (float) added;
    double newTotal = total + added;
    if (grown > 1e4) {
      for (int i = 0; i < BINS; i++) {
        changed[i] /= (float) grown;
      }
      newTotal /= grown;
      grown = 1;
    }
    return new Tail(changed, newTotal, grown);
  }

  private static int bin(double magnitude) {
    if (!(magnitude > LEAST)) {
      return 0;
    }
    return (int) Math.min(BINS - 1, Math.log(magnitude / LEAST) / Math.log(2) * BINS_PER_DOUBLING);
  }

  void write(DataOutputStream out) throws IOException {
    for (float weight : weights) {
      out.writeFloat(weight);
    }
    out.writeDouble(total);
    out.writeDouble(increment);
  }

  static Tail read(DataInputStream in) throws IOException {
    float[] weights = new float[BINS];
    for (int i = 0; i < BINS; i++) {
      weights[i] = in.readFloat();
    }
    return new Tail(weights, in.readDouble(), in.readDouble());
  }
}
