package org.chengmai.models;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import org.chengmai.indicators.Anomaly;
import org.chengmai.indicators.Grade;
import org.jspecify.annotations.Nullable;

/**
 * Where a series stands between alarms.
 *
 * @param budget recent alarms, each fading by {@link AlarmRule#BUDGET_DECAY} a period
 * @param since periods since the last alarm began
 * @param isOpen whether an episode is going on
 * @param grade of the episode, the severest so far
 * @param calm periods in a row inside the band
 * @param score of the episode, the greatest so far
 */
record Episode(double budget, int since, boolean isOpen, Grade grade, int calm, double score) {
  private static final int LONG_AGO = 1_000_000;

  static final Episode NONE = new Episode(0, LONG_AGO, false, Grade.BLUE, 0, 0);

  Episode next(AlarmRule rule, double newScore, boolean isInBand) {
    double left = budget * AlarmRule.BUDGET_DECAY;
    int rows = Math.min(since + 1, LONG_AGO);
    if (isOpen) {
      int calmNow = isInBand ? calm + 1 : 0;
      double most = Math.max(score, newScore);
      Grade severest = AlarmRule.grade(most);
      boolean stays = calmNow < rule.calm() && rows < rule.longest();
      return new Episode(
          left, rows, stays, stays ? severest : grade, calmNow, stays ? most : score);
    }
    boolean isLoud = newScore >= rule.threshold() + rule.budgetStep() * left;
    boolean maySpeak = rows > rule.silence() || newScore >= score + AlarmRule.BREAKS_SILENCE;
    return isLoud && maySpeak
        ? new Episode(left + 1, 0, true, AlarmRule.grade(newScore), 0, newScore)
        : new Episode(left, rows, false, grade, 0, score);
  }

  /** Whether the silence after the last alarm is still on. */
  boolean isSilent(AlarmRule rule) {
    return since <= rule.silence();
  }

  @Nullable Standing standing() {
    return isOpen ? new Standing(Anomaly.Status.FIRING, grade, 0) : null;
  }

  void write(DataOutputStream out) throws IOException {
    out.writeDouble(budget);
    out.writeInt(since);
    out.writeBoolean(isOpen);
    out.writeByte(grade.ordinal());
    out.writeInt(calm);
    out.writeDouble(score);
  }

  static Episode read(DataInputStream in) throws IOException {
    return new Episode(
        in.readDouble(),
        in.readInt(),
        in.readBoolean(),
        Grade.values()[in.readByte()],
        in.readInt(),
        in.readDouble());
  }
}
