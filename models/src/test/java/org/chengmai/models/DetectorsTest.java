package org.chengmai.models;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.chengmai.indicators.Detector;
import org.chengmai.indicators.Grade;
import org.chengmai.indicators.Grain;
import org.chengmai.indicators.definition.Condition;
import org.junit.jupiter.api.Test;

class DetectorsTest {
  private static final Grain HOUR = Grain.of("PT1H");

  @Test
  void defaultsWatchSeasonAndFeed() {
    assertThat(Detectors.of(DetectorConfig.defaults(HOUR), DayClass::usual))
        .extracting(Detector::id)
        .containsExactly("seasonal", "feed");
  }

  @Test
  void everyDetectorCanBeAskedFor() {
    ThresholdRule rule =
        new ThresholdRule(
            Grade.RED, Condition.parse("value > 9"), Duration.ZERO, null, Duration.ZERO);
    LinearForecast forecast =
        new LinearForecast(
            "tribuo-linear-sgd@7", new double[ForecastFeatures.featureNames().size()], 0, 1);
    DetectorConfig config =
        new DetectorConfig(
                HOUR,
                4,
                List.of(rule),
                true,
                AlarmConfig.defaults(),
                3,
                Duration.ofMinutes(20),
                Duration.ofHours(6),
                false,
                null)
            .withForecast(forecast);
    assertThat(Detectors.of(config, DayClass::usual))
        .extracting(Detector::model)
        .containsExactly("threshold@4", "stream@1", "feed@2", "tribuo-linear-sgd@7");
  }

  @Test
  void gradesFollowTheStatedTable() {
    assertThat(List.of(2.9, 5.0, 7.99, 8.0, 12.0).stream().map(AlarmRule::grade))
        .containsExactly(Grade.BLUE, Grade.YELLOW, Grade.YELLOW, Grade.ORANGE, Grade.RED);
  }

  @Test
  void coarserGrainsNeedALowerScoreForTheSameAlarmsADay() {
    AlarmConfig config = AlarmConfig.defaults();
    assertThat(config.rule(288).threshold()).isEqualTo(3.5);
    assertThat(config.rule(28.8).threshold()).isEqualTo(2.5);
    assertThat(config.rule(1).threshold()).isEqualTo(2.4);
    assertThat(config.rule(288).silence()).isEqualTo(100);
    assertThat(config.rule(24).silence()).isEqualTo(72);
  }
}
