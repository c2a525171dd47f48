package org.chengmai.engine.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.chengmai.indicators.Grain;
import org.chengmai.indicators.IndicatorPoint;
import org.chengmai.indicators.SeriesKey;
import org.chengmai.indicators.Trust;
import org.chengmai.models.DayClass;
import org.junit.jupiter.api.Test;

class OutlookTrainerTest {
  private static final Instant START = Instant.parse("2026-01-04T16:00:00Z");
  private static final Instant CUT = START.plus(Duration.ofDays(35));
  private static final String LOAD = "CVS-ENV-0001";
  private static final String RAIN = "CVS-ENV-0002";
  private static final String WIND = "CVS-ENV-0003";

  /** Loads of two districts follow the city's rain of the hour before, which has a gap. */
  private static final List<IndicatorPoint> POINTS = points();

  private static OutlookTrainer trainer(String weather) {
    return new OutlookTrainer(
        Definitions.catalogue(
            Definitions.simple(
                LOAD, "PT1H", "neutral", "detect: {model: forecast, weather: [" + weather + "]}"),
            Definitions.simple(RAIN, "PT1H", "neutral", ""),
            Definitions.simple(WIND, "PT1H", "neutral", "")),
        DayClass::usual);
  }

  private static List<IndicatorPoint> points() {
    Random random = new Random(7);
    List<IndicatorPoint> points = new ArrayList<>();
    double before = 0;
    for (int hour = 0; hour < 24 * 42; hour++) {
      for (String region : List.of("630102", "630103")) {
        points.add(point(LOAD, region, hour, 50 + 10 * before + random.nextGaussian()));
      }
      before = random.nextDouble();
      if (hour < 500 || hour > 510) {
        points.add(point(RAIN, "630100", hour, before));
      }
    }
    return points;
  }

  private static IndicatorPoint point(String code, String region, int hour, double value) {
    return new IndicatorPoint(
        SeriesKey.of(code, region),
        1,
        START.plus(Duration.ofHours(hour)),
        Grain.of("PT1H"),
        value,
        null,
        null,
        1,
        Trust.COMPLETE,
        1,
        START,
        "h");
  }

  private static StoredModel trained(OutlookTrainer trainer) {
    return trainer
        .train(LOAD, 1, POINTS.stream().filter(p -> p.periodStart().isBefore(CUT)).toList())
        .as(trainer.name(), LOAD, 1, CUT);
  }

  @Test
  void whatTheWeatherDrivesIsForecastBetterWithIt() {
    OutlookTrainer with = trainer(RAIN);
    OutlookTrainer without = trainer("");
    // of four horizons the next hour alone can be known
    assertThat(with.error(trained(with), POINTS, CUT))
        .isLessThan(0.9 * without.error(trained(without), POINTS, CUT));
  }

  @Test
  void aModelGoesOnWithTheWeatherThatItWasTrainedWithWhateverTheDefinitionSaysNow() {
    StoredModel champion = trained(trainer(RAIN));
    double error = trainer(RAIN).error(champion, POINTS, CUT);
    for (OutlookTrainer later : List.of(trainer(""), trainer(WIND), trainer(WIND + ", " + RAIN))) {
      assertThat(later.load(champion).weather()).containsExactly(RAIN);
      assertThat(later.error(champion, POINTS, CUT)).isEqualTo(error);
    }
    assertThat(trainer(WIND).beside(LOAD, champion)).containsExactly(WIND, RAIN);
    assertThat(trainer(RAIN).beside(LOAD, champion)).containsExactly(RAIN);
    assertThat(trainer("").beside(LOAD, null)).isEmpty();
  }

  @Test
  void weatherWithoutAnyPointHarmsNothing() {
    OutlookTrainer with = trainer(WIND);
    assertThat(with.error(trained(with), POINTS, CUT))
        .isEqualTo(trainer("").error(trained(trainer("")), POINTS, CUT));
  }

  @Test
  void theWeatherOfARegionIsItsOwnElseThatAroundItElseTheOnlyOne() {
    OutlookTrainer trainer = trainer(RAIN);
    SeriesKey city = SeriesKey.of(RAIN, "630100");
    SeriesKey own = SeriesKey.of(RAIN, "630102");
    SeriesKey other = SeriesKey.of(RAIN, "630103");
    assertThat(trainer.nearest(RAIN, "630102", List.of(city, own, other))).contains(own);
    assertThat(trainer.nearest(RAIN, "630104", List.of(city, own))).contains(city);
    assertThat(trainer.nearest(RAIN, "630104", List.of(own))).contains(own);
    assertThat(trainer.nearest(RAIN, "630104", List.of(own, other))).isEmpty();
    assertThat(trainer.nearest(WIND, "630102", List.of(own))).isEmpty();
  }
}
