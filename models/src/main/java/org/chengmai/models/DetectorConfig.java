package org.chengmai.models;

import java.time.Duration;
import java.util.List;
import org.chengmai.indicators.Grain;
import org.jspecify.annotations.Nullable;

/**
 * Which detectors watch an indicator.
 *
 * @param grain of the indicator's periods
 * @param version of the indicator's definition
 * @param thresholds mild to severe, may be empty
 * @param seasonal whether the seasonal detector watches
 * @param alarms when the learning detectors speak
 * @param missingPeriods periods without a value that make an outage, 0 for never
 * @param watermark how long after its end a period's value comes at the latest, null where nothing
 *     need come
 * @param flatLine how long a value may stay the same, null for as long as it likes
 * @param zeroMayRest whether a value of zero may stay
 * @param forecast the trained model in use, null before the first training
 */
public record DetectorConfig(
    Grain grain,
    int version,
    List<ThresholdRule> thresholds,
    boolean seasonal,
    AlarmConfig alarms,
    int missingPeriods,
    @Nullable Duration watermark,
    @Nullable Duration flatLine,
    boolean zeroMayRest,
    @Nullable LinearForecast forecast) {
  public DetectorConfig {
    thresholds = List.copyOf(thresholds);
  }

  /**
   * The seasonal detector and an outage after three periods; no thresholds, no flat line, no model.
   */
  public static DetectorConfig defaults(Grain grain) {
    return new DetectorConfig(
        grain, 1, List.of(), true, AlarmConfig.defaults(), 3, null, null, false, null);
  }

  /** The same with another model in use. */
  public DetectorConfig withForecast(LinearForecast model) {
    return new DetectorConfig(
        grain,
        version,
        thresholds,
        seasonal,
        alarms,
        missingPeriods,
        watermark,
        flatLine,
        zeroMayRest,
        model);
  }
}
