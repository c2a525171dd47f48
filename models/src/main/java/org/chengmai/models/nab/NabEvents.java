package org.chengmai.models.nab;

import java.util.List;

/**
 * Alarms of scored rows as events.
 *
 * @param hits alarms within a window
 * @param passed sum over the windows found of the share that had passed at their first alarm
 */
record NabEvents(int windows, int found, int hits, int falseAlarms, double passed) {
  static final NabEvents NONE = new NabEvents(0, 0, 0, 0, 0);

  /** Every row with a score is an alarm; the first rows do not count. */
  static NabEvents of(NabScorer.Scored series) {
    List<int[]> windows = series.windows();
    int first = NabScorer.probation(series.scores().length);
    boolean[] isFound = new boolean[windows.size()];
    int found = 0;
    int hits = 0;
    int falseAlarms = 0;
    double passed = 0;
    for (int row = first; row < series.scores().length; row++) {
      if (!(series.scores()[row] > 0)) {
        continue;
      }
      int window = NabScorer.window(windows, row);
      if (window < 0 || row > windows.get(window)[1]) {
        falseAlarms++;
        continue;
      }
      hits++;
      if (!isFound[window]) {
        isFound[window] = true;
        found++;
        int[] ends = windows.get(window);
        passed += (double) (row - ends[0]) / (ends[1] - ends[0] + 1);
      }
    }
    int scored = (int) windows.stream().filter(ends -> ends[1] >= first).count();
    return new NabEvents(scored, found, hits, falseAlarms, passed);
  }

  NabEvents plus(NabEvents other) {
    return new NabEvents(
        windows + other.windows,
        found + other.found,
        hits + other.hits,
        falseAlarms + other.falseAlarms,
        passed + other.passed);
  }
}
