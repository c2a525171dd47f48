package org.chengmai.models.feedback;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.Map;
import java.util.TreeMap;
import org.chengmai.indicators.Anomaly;
import org.chengmai.indicators.Band;
import org.chengmai.indicators.Trust;
import org.chengmai.models.DayClass;
import org.jspecify.annotations.Nullable;

/**
 * What is known of an alarm at the moment it is raised, as named features. Names that a combiner
 * has not learnt count for nothing, so detectors and channels may come and go.
 *
 * @param recentAlarms alarms of the series in the week before
 * @param sinceLast time since the last of them began; a week when there is none
 * @param agreeing other detectors that hold the same series for anomalous at the time
 * @param neighbours other series of the indicator that are anomalous at the time
 * @param trust of the point, null when unknown
 */
public record AlarmEvidence(
    Anomaly anomaly,
    DayClass dayClass,
    int recentAlarms,
    Duration sinceLast,
    int agreeing,
    int neighbours,
    @Nullable Trust trust) {
  /** What is learnt slowly: a smaller feature needs a larger weight, which is punished. */
  private static final double WEAK = 0.3;

  private static final ZoneId CHINA = ZoneId.of("Asia/Shanghai");

  /** The features, all of the order of one; what is zero is left out. */
  public Map<String, Double> features() {
    Map<String, Double> features = new TreeMap<>();
    features.put("score", Math.log1p(Math.max(0, anomaly.score())));
    features.put("grade", anomaly.grade().ordinal() / 3.0);
    features.put("detector=" + anomaly.detector(), 1.0);
    features.put("code=" + anomaly.key().code(), 1.0);
    double deviation = deviation(anomaly.value(), anomaly.band());
    features.put("above", Math.log1p(Math.max(0, deviation)));
    features.put("below", Math.log1p(Math.max(0, -deviation)));
    anomaly
        .channels()
        .forEach((name, strength) -> features.put("channel=" + name, Math.log1p(strength)));
    features.put("off", dayClass == DayClass.OFF ? 1.0 : 0);
    double hour = 2 * Math.PI * dayFraction(anomaly.periodStart());
    features.put("hour.sin", WEAK * Math.sin(hour));
    features.put("hour.cos", WEAK * Math.cos(hour));
    features.put("recent", Math.log1p(recentAlarms));
    features.put("since", Math.log1p(sinceLast.toMinutes() / 60.0) / 5);
    features.put("agreeing", Math.log1p(agreeing));
    features.put("neighbours", Math.log1p(neighbours));
    if (trust != null) {
      features.put("trust=" + trust.name().toLowerCase(java.util.Locale.ROOT), 1.0);
    }
    features.values().removeIf(value -> value == 0 || !Double.isFinite(value));
    return features;
  }

  /** How many half widths of its band a value lies above the expectation; below 0 beneath it. */
  private static double deviation(@Nullable Double value, @Nullable Band band) {
    if (value == null || band == null || !(band.high() > band.low())) {
      return 0;
    }
    return 2 * (value - band.expected()) / (band.high() - band.low());
  }

  private static double dayFraction(Instant at) {
    return LocalDateTime.ofInstant(at, CHINA).toLocalTime().toSecondOfDay() / 86_400.0;
  }
}
