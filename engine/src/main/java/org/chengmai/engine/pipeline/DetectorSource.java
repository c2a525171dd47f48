package org.chengmai.engine.pipeline;

import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.chengmai.indicators.Anomaly.Reasons;
import org.chengmai.indicators.Detector;
import org.chengmai.indicators.SeriesKey;
import org.chengmai.models.DayProfiles;
import org.jspecify.annotations.Nullable;

/** Gives the detectors that watch an indicator, the same for the same models. */
@FunctionalInterface
public interface DetectorSource {

  /**
   * @param version of the definition that the points were computed by
   * @param models those in force for the indicator, at most one of each name
   */
  List<Detector<?>> detectors(String code, int version, List<StoredModel> models);

  /** What whoever is told of an indicator's alerts should know besides; told with each of them. */
  default Reasons advice(String code) {
    return new Reasons(List.of(), List.of());
  }

  /**
   * What finds the day that a series' newest resembles most; null for one whose periods are too
   * long for it.
   */
  default @Nullable DayProfiles days(String code, int version) {
    return null;
  }

  /** Which of their alarms are raised. */
  default AlarmPolicy policy(String code, int version) {
    return AlarmPolicy.all(ZoneOffset.UTC);
  }

  /** Whether alarms of a period of a series call nobody, so that they use up no budget. */
  default boolean isQuiet(SeriesKey key, Instant periodStart) {
    return false;
  }

  /** Whether detectors watch a series of their indicator. */
  default boolean isWatched(SeriesKey key) {
    return true;
  }
}
