package org.chengmai.models.stream;

import org.chengmai.indicators.Grade;
import org.chengmai.models.AlarmRule;

/** When alarms begin, and the incident that they merge into: its start, its peak and its end. */
final class Incident {
  private static final int BUDGET = Layout.INCIDENT;
  private static final int SINCE = BUDGET + 1;
  private static final int OPEN = BUDGET + 2;
  private static final int CALM = BUDGET + 3;
  private static final int PEAK = BUDGET + 4;
  private static final int LENGTH = BUDGET + 5;
  private static final int RARITY = BUDGET + 6;
  static final int SIZE = 7;
  private static final double LONG_AGO = 1e6;

  private Incident() {}

  static void clear(double[] hot) {
    hot[SINCE] = LONG_AGO;
  }

  /** Whether an alarm begins here. */
  static boolean alarm(
      double[] hot, Weights weights, double silence, double threshold, double score) {
    hot[BUDGET] *= Weights.BUDGET_DECAY;
    hot[SINCE] = Math.min(hot[SINCE] + 1, LONG_AGO);
    if (score < threshold + weights.budget() * hot[BUDGET]
        || hot[SINCE] <= silence && !Threshold.breaksSilence(threshold, score, hot[SINCE])) {
      return false;
    }
    hot[BUDGET]++;
    hot[SINCE] = 0;
    return true;
  }

  /**
   * Merges what the newest period brings into the incident.
   *
   * @param rarity −log10 of the probability of the score
   * @param isCalm whether the value and all channels are ordinary
   */
  static void merge(
      double[] hot, boolean begins, double rarity, boolean isCalm, int calm, int longest) {
    hot[RARITY] = rarity;
    if (hot[OPEN] == 0) {
      if (begins) {
        hot[OPEN] = 1;
        hot[CALM] = 0;
        hot[PEAK] = rarity;
        hot[LENGTH] = 0;
      }
      return;
    }
    hot[LENGTH]++;
    hot[CALM] = isCalm ? hot[CALM] + 1 : 0;
    hot[PEAK] = Math.max(hot[PEAK], rarity);
    if (hot[CALM] >= calm || hot[LENGTH] >= longest) {
      hot[OPEN] = 0;
    }
  }

  static void close(double[] hot) {
    hot[OPEN] = 0;
  }

  static boolean isOpen(double[] hot) {
    return hot[OPEN] != 0;
  }

  /** The greatest rarity of the incident so far. */
  static double peak(double[] hot) {
    return hot[PEAK];
  }

  /** The rarity of the newest period. */
  static double rarity(double[] hot) {
    return hot[RARITY];
  }

  /** Periods since the incident began. */
  static int length(double[] hot) {
    return (int) hot[LENGTH];
  }

  static Grade grade(double[] hot) {
    return AlarmRule.grade(hot[PEAK]);
  }
}
