package org.chengmai.models;

import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;
import org.chengmai.indicators.Grade;

/**
 * When a score becomes an alarm: the layer that fights false alarms.
 *
 * @param threshold least score that opens an episode
 * @param budgetStep how much the threshold rises for each recent alarm of the series
 * @param silence periods after an alarm's start in which only a clearly stranger one is told
 * @param calm periods in a row inside the band that close an episode
 * @param longest periods after which an episode is closed as the new normal
 */
public record AlarmRule(double threshold, double budgetStep, int silence, int calm, int longest) {
  /**
   * A series forgets an alarm with this half-life in mind: 0.9995 a period, about 1,400 periods.
   */
  static final double BUDGET_DECAY = 0.9995;

  /** How much stranger than the last alarm a score must be to break the silence. */
  static final double BREAKS_SILENCE = 6;

  public AlarmRule {
    if (!(threshold > 0) || budgetStep < 0 || silence < 0 || calm < 1 || longest < calm) {
      throw new ChengmaiException(
          ErrorCode.INVALID_DEFINITION,
          "alarm rule: threshold %s, budgetStep %s, silence %d, calm %d, longest %d"
              .formatted(threshold, budgetStep, silence, calm, longest));
    }
  }

  /** The table of docs/models.md: below 5 blue, from 5 yellow, from 8 orange, from 12 red. */
  public static Grade grade(double score) {
    Grade found = Grade.BLUE;
    for (Grade grade : Grade.values()) {
      found = score >= least(grade) ? grade : found;
    }
    return found;
  }

  /** The least score of a grade: what detectors state that know no probability. */
  public static double least(Grade grade) {
    return switch (grade) {
      case BLUE -> 3;
      case YELLOW -> 5;
      case ORANGE -> 8;
      case RED -> 12;
    };
  }
}
