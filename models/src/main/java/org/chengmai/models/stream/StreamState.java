package org.chengmai.models.stream;

import org.chengmai.indicators.SeriesKey;

/**
 * What is remembered of one series, in flat arrays that are changed in place. Numbers that change
 * with every value are hot and are copied before each period; tables of which a period changes few
 * cells are cold, and what those cells held is noted. So the newest period can be taken back. Where
 * what stands says {@link Layout}.
 */
public final class StreamState {
  private static final int MOST_TOUCHED = 64;

  final SeriesKey key;
  final double[] hot;
  final float[] cold;
  private final double[] settled;
  private final short[] touched = new short[MOST_TOUCHED];
  private final float[] old = new float[MOST_TOUCHED];
  private int touches;

  /** As the start of the newest period: there is none yet. */
  static final long NEVER = Long.MIN_VALUE;

  /**
   * The newest period: its start in milliseconds since 1970, its revision and its value, which is
   * NaN when it is missing.
   */
  long last = NEVER;

  int revision;
  double value = Double.NaN;

  StreamState(SeriesKey key, double[] hot, float[] cold) {
    this.key = key;
    this.hot = hot;
    this.cold = cold;
    this.settled = hot.clone();
  }

  /** The heap that the state takes, its key left out: the arrays with their headers, and itself. */
  public int bytes() {
    int numbers =
        Double.BYTES * (hot.length + settled.length) + Float.BYTES * (cold.length + old.length);
    int headers = 5 * 16;
    int itself = 16 + 6 * Long.BYTES + 2 * Integer.BYTES + 24;
    return numbers + Short.BYTES * touched.length + headers + itself;
  }

  void set(int cell, double number) {
    touched[touches] = (short) cell;
    old[touches++] = cold[cell];
    cold[cell] = (float) number;
  }

  /** Makes the newest period part of the past: it can no longer be taken back. */
  void settle() {
    System.arraycopy(hot, 0, settled, 0, hot.length);
    touches = 0;
  }

  /** Takes back what happened since {@link #settle}. */
  void revert() {
    while (touches > 0) {
      touches--;
      cold[touched[touches]] = old[touches];
    }
    System.arraycopy(settled, 0, hot, 0, hot.length);
  }

  /** The hot numbers before the newest period. */
  double[] settledHot() {
    return settled;
  }

  /** Tells the cells of the cold tables that the newest period changed, and what they were. */
  void unsettled(Earlier listener) {
    for (int i = touches - 1; i >= 0; i--) {
      listener.cell(touched[i], old[i]);
    }
  }

  /** Hears of a cell; of several values the last one told is the oldest. */
  interface Earlier {
    void cell(int cell, float before);
  }
}
