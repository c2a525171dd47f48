package org.chengmai.models.stream;

/**
 * Lets the tails of pairs of channels, upwards and downwards, learn what they see {@value #PERIODS}
 * periods later: a leak that was learnt while it grows would never be beyond what was learnt. The
 * bins of a period wait packed into few numbers.
 */
final class LateTails {
  static final int PERIODS = 96;
  private static final int PAIRS = Channel.LATE / 2;

  /** Bins of either direction, and nothing seen. */
  private static final int DIGITS = 2 * TailSketch.BINS + 1;

  /** Pairs whose digits fit into the 24 bits that a float holds exactly. */
  private static final int PACKED = 3;

  private static final int CELLS = (PAIRS + PACKED - 1) / PACKED;
  static final int SIZE = CELLS * PERIODS;

  private LateTails() {}

  /**
   * Takes in what the pairs see now, and teaches their tails what they saw then.
   *
   * @param pairs in their order: 1 + the bin, negative downwards; 0 for nothing seen
   */
  static void learn(StreamState state, int[] pairs) {
    int row = Layout.LATE + CELLS * (int) ((long) state.hot[Layout.COUNT] % PERIODS);
    for (int cell = 0; cell < CELLS; cell++) {
      int then = (int) state.cold[row + cell];
      int now = 0;
      int end = Math.min(PAIRS, (cell + 1) * PACKED);
      for (int pair = end - 1; pair >= cell * PACKED; pair--) {
        now = now * DIGITS + (pairs[pair] < 0 ? TailSketch.BINS - pairs[pair] : pairs[pair]);
      }
      state.set(row + cell, now);
      for (int pair = cell * PACKED; pair < end; pair++) {
        teach(state, pair, then % DIGITS);
        then /= DIGITS;
      }
    }
  }

  /** The direction that saw nothing learns that. */
  private static void teach(StreamState state, int pair, int digit) {
    if (digit == 0) {
      return;
    }
    boolean isDown = digit > TailSketch.BINS;
    int bin = (isDown ? digit - TailSketch.BINS : digit) - 1;
    int up = Channel.TAILS - Channel.LATE + 2 * pair;
    TailSketch.learn(state, up, isDown ? 0 : bin);
    TailSketch.learn(state, up + 1, isDown ? bin : 0);
  }
}
