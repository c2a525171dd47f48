package org.chengmai.models;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.chengmai.indicators.Detector;
import org.chengmai.models.stream.StreamDetector;

/** The detectors that there are: one line each. */
public final class Detectors {
  private Detectors() {}

  /** The detectors that watch an indicator. */
  public static List<Detector<?>> of(
      DetectorConfig config, Function<LocalDate, DayClass> dayClass) {
    List<Detector<?>> detectors = new ArrayList<>();
    if (!config.thresholds().isEmpty()) {
      detectors.add(
          new ThresholdDetector(config.grain(), config.thresholds(), config.version(), dayClass));
    }
    if (config.seasonal()) {
      detectors.add(new StreamDetector(config.grain(), dayClass));
    }
    if (config.missingPeriods() > 0 || config.flatLine() != null) {
      int periods = config.missingPeriods() > 0 ? config.missingPeriods() : Integer.MAX_VALUE;
      detectors.add(
          new FeedDetector(
              config.grain(),
              periods,
              config.watermark(),
              config.flatLine(),
              config.zeroMayRest()));
    }
    if (config.forecast() != null) {
      detectors.add(
          new ForecastDetector(config.grain(), dayClass, config.alarms(), config.forecast()));
    }
    return List.copyOf(detectors);
  }
}
