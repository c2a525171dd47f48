package org.chengmai.models;

import java.time.Duration;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;

/**
 * When the learning detectors (seasonal, forecast) speak and when they are silent.
 *
 * @param threshold least score that is an alarm, about −log10 of a probability, at a grain of five
 *     minutes; coarser grains have fewer periods in which to be wrong and take less, down to
 *     {@value #LEAST_THRESHOLD}
 * @param budgetStep how much the threshold rises for each recent alarm of the series
 * @param othersWeight how much the other views add to the strangest
 * @param silencePeriods greatest number of periods without a further alarm after one began
 * @param silence greatest length of that time
 * @param calmPeriods periods in a row inside the band that end an episode
 * @param longest after this long an episode ends as the new normal
 */
public record AlarmConfig(
    double threshold,
    double budgetStep,
    double othersWeight,
    int silencePeriods,
    Duration silence,
    int calmPeriods,
    Duration longest) {
  private static final double LEAST_THRESHOLD = 2.4;
  private static final double FIVE_MINUTES_PER_DAY = 288;

  public AlarmConfig {
    if (!(threshold > 0)
        || budgetStep < 0
        || othersWeight < 0
        || silencePeriods < 0
        || calmPeriods < 1) {
      throw new ChengmaiException(
          ErrorCode.INVALID_DEFINITION,
          "alarms: threshold %s, budgetStep %s, othersWeight %s, silencePeriods %d, calmPeriods %d"
              .formatted(threshold, budgetStep, othersWeight, silencePeriods, calmPeriods));
    }
  }

  public static AlarmConfig defaults() {
    return new AlarmConfig(3.5, 0.3, 0.15, 100, Duration.ofDays(3), 3, Duration.ofDays(7));
  }

  AlarmRule rule(double periodsPerDay) {
    int quiet = (int) Math.min(silencePeriods, Math.max(3, silence.toDays() * periodsPerDay));
    int most = (int) Math.max(10, longest.toDays() * periodsPerDay);
    // The same number of false alarms a day at every grain: a tenth of the periods, ten times the
    // probability.
    double least = threshold + Math.log10(periodsPerDay / FIVE_MINUTES_PER_DAY);
    return new AlarmRule(
        Math.max(least, Math.min(threshold, LEAST_THRESHOLD)),
        budgetStep,
        quiet,
        calmPeriods,
        most);
  }
}
