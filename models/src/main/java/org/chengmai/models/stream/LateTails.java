package org.chengmai.models.stream;

/**
 * Lets the tails of slow channels learn what they see {@value #PERIODS} periods later: a leak that
 * was learnt while it grows would never be beyond what was learnt. The bins of a period wait packed
 * into one number.
 */
final class LateTails {
  static final int PERIODS = 96;

  /** Bins, and nothing seen. Three of these fit into the 24 bits that a float holds exactly. */
  private static final int DIGITS = TailSketch.BINS + 1;

  private LateTails() {}

  /**
   * Takes in what the slow channels see now, and teaches their tails what they saw then.
   *
   * @param bins of the slow channels, in their order; negative for nothing seen
   */
  static void learn(StreamState state, int[] bins) {
    int at = Layout.LATE + (int) ((long) state.hot[Layout.COUNT] % PERIODS);
    int then = (int) state.cold[at];
    int now = 0;
    for (int i = bins.length - 1; i >= 0; i--) {
      now = now * DIGITS + bins[i] + 1;
    }
    state.set(at, now);
    for (int i = 0; i < bins.length; i++) {
      int bin = then % DIGITS - 1;
      if (bin >= 0) {
        TailSketch.learn(state, Channel.TAILS - Channel.SLOW + i, bin);
      }
      then /= DIGITS;
    }
  }
}
