package org.chengmai.engine.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.chengmai.engine.Catalogues;
import org.chengmai.engine.pipeline.ModelRefitter;
import org.chengmai.engine.pipeline.ModelTrainer;
import org.chengmai.engine.pipeline.OutlookTrainer;
import org.chengmai.engine.pipeline.StoredModel;
import org.chengmai.indicators.Grain;
import org.chengmai.indicators.IndicatorPoint;
import org.chengmai.indicators.Observation;
import org.chengmai.indicators.SeriesKey;
import org.chengmai.indicators.Trust;
import org.chengmai.indicators.calendar.ChineseCalendar;
import org.chengmai.indicators.definition.IndicatorCatalogue;
import org.chengmai.models.DayClass;
import org.junit.jupiter.api.Test;

/**
 * What the weather that {@code examples/real} names is worth to outlooks of Beijing's air, by the
 * figure that a night's refit decides by: trained on as much as it trains on, judged on four weeks.
 */
final class WeatherOnAirTest {
  private static final Path ROOT = Path.of(System.getProperty("chengmai.root", ".."));
  private static final Path DATA = ROOT.resolve("../shared/data");
  private static final ModelRefitter.Config REFIT = ModelRefitter.Config.defaults();
  private static final Duration LEARNT = REFIT.window().minus(REFIT.unseen());
  private static final Duration JUDGED = Duration.ofDays(28);
  private static final Duration EVERY = Duration.ofDays(112);
  private static final Instant FIRST = Instant.parse("2013-10-31T16:00:00Z");
  private static final Instant LAST = Instant.parse("2017-01-31T16:00:00Z");

  private static final Map<String, String> COLUMNS =
      new TreeMap<>(
          Map.of(
              "CVS-ENV-0001", "beijing.pm25",
              "CVS-ENV-0101", "beijing.pm10",
              "CVS-ENV-0102", "beijing.o3",
              "CVS-ENV-0103", "beijing.no2",
              "CVS-ENV-0104", "beijing.so2",
              "CVS-ENV-0105", "beijing.co",
              "CVS-WEA-0901", "beijing.temp",
              "CVS-WEA-0902", "beijing.pres",
              "CVS-WEA-0903", "beijing.dewp"));

  private static OutlookTrainer trainer(boolean isWithWeather) {
    Path real = ROOT.resolve("examples/real");
    Map<String, String> definitions =
        new TreeMap<>(Catalogues.definitions(real, List.of("definitions")));
    if (!isWithWeather) {
      definitions.replaceAll((file, yaml) -> yaml.replaceAll(", weather: \\[[^]]*]", ""));
    }
    ChineseCalendar calendar = ChineseCalendar.shipped();
    return new OutlookTrainer(
        IndicatorCatalogue.load(
            definitions, Catalogues.city(real.resolve("city.yaml")).regions(), null),
        date -> calendar.isWorkday(date) ? DayClass.WORKDAY : DayClass.OFF);
  }

  /** Each hour's value, by code. */
  private static List<IndicatorPoint> points() {
    List<IndicatorPoint> points = new ArrayList<>();
    List<Observation> observations = DataSet.ALL.get(0).read(DATA).observations();
    COLUMNS.forEach(
        (code, column) ->
            observations.stream()
                .filter(one -> one.series().equals(column))
                .forEach(one -> points.add(point(code, one))));
    return points;
  }

  private static IndicatorPoint point(String code, Observation one) {
    return new IndicatorPoint(
        SeriesKey.of(code, "110101"),
        1,
        one.time(),
        Grain.of("PT1H"),
        one.value(),
        null,
        null,
        1,
        Trust.COMPLETE,
        1,
        one.time(),
        "h");
  }

  /** An outlook's error in the weeks after it was trained, as a refit would have it. */
  private static double error(
      OutlookTrainer trainer, String code, List<IndicatorPoint> points, Instant cut) {
    ModelTrainer.Trained trained =
        trainer.train(
            code, 1, points.stream().filter(one -> one.periodStart().isBefore(cut)).toList());
    return trainer.error(
        new StoredModel(trainer.name(), code, 1, trained.provenance(), trained.bytes(), cut, null),
        points,
        cut);
  }

  @Test
  void theWeatherBesideItMakesTheAirsOutlookBetter() {
    assumeTrue(
        Files.exists(DATA.resolve(DataSet.ALL.get(0).file())),
        "the public data sets are not at ../shared/data; examples/real/README.md names their origins");
    OutlookTrainer with = trainer(true);
    OutlookTrainer without = trainer(false);
    List<IndicatorPoint> all = points();
    List<Double> gains = new ArrayList<>();
    for (String code : COLUMNS.keySet().stream().filter(one -> one.contains("ENV")).toList()) {
      Set<String> seen = new HashSet<>(with.beside(code, null));
      seen.add(code);
      for (Instant cut = FIRST; cut.isBefore(LAST); cut = cut.plus(EVERY)) {
        Instant from = cut.minus(LEARNT);
        Instant to = cut.plus(JUDGED);
        List<IndicatorPoint> points =
            all.stream()
                .filter(one -> seen.contains(one.key().code()))
                .filter(one -> !one.periodStart().isBefore(from) && one.periodStart().isBefore(to))
                .toList();
        gains.add(Math.log(error(without, code, points, cut) / error(with, code, points, cut)));
      }
    }
    assertThat(gains).hasSize(66);
    assertThat(gains.stream().mapToDouble(Double::doubleValue).average().orElseThrow())
        .isGreaterThan(0);
  }
}
