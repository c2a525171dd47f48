package org.chengmai.models;

import java.time.Duration;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;

/**
 * When the learning detectors (seasonal, forecast) speak and when they are silent.
 *
 * @param threshold least score that is an alarm, about −log10 of a probability
 * @param budgetStep how much the threshold rises for each recent alarm of the series
 * @param secondWeight how much the second strangest view adds to the strangest
 * @param silencePeriods greatest number of periods without a further alarm after one began
 * @param silence greatest length of that time
 * @param calmPeriods periods in a row inside the band that end an episode
 * @param longest after this long an episode ends as the new normal
 */
public record AlarmConfig(
    double threshold,
    double budgetStep,
    double secondWeight,
    int silencePeriods,
    Duration silence,
    int calmPeriods,
    Duration longest) {
  public AlarmConfig {
    if (!(threshold > 0) || budgetStep < 0 || secondWeight < 0 || silencePeriods < 0 || calmPeriods < 1) {
      throw new ChengmaiException(
          ErrorCode.INVALID_DEFINITION,
          "alarms: threshold %s, budgetStep %s, secondWeight %s, silencePeriods %d, calmPeriods %d"
              .formatted(threshold, budgetStep, secondWeight, silencePeriods, calmPeriods));
    }
  }

  public static AlarmConfig defaults() {
    return new AlarmConfig(4, 0.1, 0.1, 100, Duration.ofDays(3), 3, Duration.ofDays(7));
  }

  AlarmRule rule(double periodsPerDay) {
    int quiet = (int) Math.min(silencePeriods, Math.max(3, silence.toDays() * periodsPerDay));
    int most = (int) Math.max(10, longest.toDays() * periodsPerDay);
    return new AlarmRule(threshold, budgetStep, quiet, calmPeriods, most);
  }
}
