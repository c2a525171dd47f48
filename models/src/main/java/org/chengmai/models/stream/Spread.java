package org.chengmai.models.stream;

import java.util.Arrays;

/**
 * Median and scale (from the fifth to the ninety-fifth percentile) of about the last 4,000 values,
 * from a sample of {@value #SAMPLE} of them that are {@value #STRIDE} apart once there are enough.
 */
final class Spread {
  static final int SAMPLE = 128;

  /** Odd, so that it does not keep step with the slots of a day. */
  private static final int STRIDE = 31;

  private Spread() {}

  static void learn(StreamState state, double number) {
    double[] hot = state.hot;
    long count = (long) hot[Layout.COUNT];
    if (count % Math.max(1, Math.min(STRIDE, count / SAMPLE)) != 0) {
      return;
    }
    state.set(Layout.SAMPLE + (int) ((long) hot[Layout.SAMPLED] % SAMPLE), number);
    hot[Layout.SAMPLED]++;
    int size = (int) Math.min(SAMPLE, hot[Layout.SAMPLED]);
    float[] sorted = Arrays.copyOfRange(state.cold, Layout.SAMPLE, Layout.SAMPLE + size);
    Arrays.sort(sorted);
    hot[Layout.MEDIAN] = at(sorted, 0.5);
    hot[Layout.SCALE] =
        size < 20 ? sorted[size - 1] - sorted[0] : at(sorted, 0.95) - at(sorted, 0.05);
  }

  private static double at(float[] sorted, double share) {
    double at = share * (sorted.length - 1);
    int low = (int) at;
    int high = Math.min(sorted.length - 1, low + 1);
    return sorted[low] + (at - low) * (sorted[high] - sorted[low]);
  }
}
