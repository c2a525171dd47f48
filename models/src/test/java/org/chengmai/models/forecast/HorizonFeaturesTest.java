package org.chengmai.models.forecast;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.assertj.core.api.Assertions;
import org.assertj.core.data.Offset;
import org.chengmai.indicators.Grain;
import org.chengmai.models.DayClass;
import org.chengmai.models.forecast.HorizonFeatures.Row;
import org.junit.jupiter.api.Test;

class HorizonFeaturesTest {
  private static final Instant START = Instant.parse("2026-01-04T16:00:00Z");
  private static final HorizonPlan HOURLY = new HorizonPlan(Grain.of("PT1H"), DayClass::usual);

  private static GridSeries noise(int count, long seed) {
    Random random = new Random(seed);
    double[] values = new double[count];
    for (int i = 0; i < count; i++) {
      values[i] =
          random.nextInt(20) == 0
              ? Double.NaN
              : 50 + 20 * Math.sin(2 * Math.PI * i / 24) + 5 * random.nextGaussian();
    }
    return GridSeries.of("a", START, values);
  }

  @Test
  void cuttingTheFutureOffChangesNoRowThatWasMadeBefore() {
    for (int horizon : HOURLY.horizons()) {
      HorizonFeatures features = new HorizonFeatures(HOURLY, horizon, 1);
      GridSeries whole =
          new GridSeries("a", START, noise(900, 3).values(), List.of(noise(900, 4).values()));
      List<Row> all = features.rows(whole);
      List<Row> cut = features.rows(whole.first(600));
      for (int i = 0; i < cut.size(); i++) {
        assertThat(cut.get(i).features()).containsExactly(all.get(i).features());
        assertThat(cut.get(i).mean()).isEqualTo(all.get(i).mean());
        assertThat(cut.get(i).scale()).isEqualTo(all.get(i).scale());
      }
    }
  }

  @Test
  void thinnedRowsAreThoseOfTheWholeWalk() {
    HorizonFeatures features = new HorizonFeatures(HOURLY, 6, 0);
    List<Row> all = features.rows(noise(900, 8));
    List<Row> thin = features.rows(noise(900, 8), 100, 7);
    assertThat(thin).hasSizeBetween(100, 115);
    for (Row row : thin) {
      Row same =
          all.stream().filter(one -> one.known().equals(row.known())).findFirst().orElseThrow();
      assertThat(row.features()).containsExactly(same.features());
    }
  }

  @Test
  void targetsBeyondTheEndHaveNoValueYet() {
    List<Row> rows = new HorizonFeatures(HOURLY, 24, 0).rows(noise(400, 1));
    Row last = rows.get(rows.size() - 1);
    assertThat(last.value()).isNaN();
    assertThat(Duration.between(last.known(), last.target())).isEqualTo(Duration.ofHours(23));
  }

  @Test
  void theNaiveForecastIsTheNewestKnownValueOfTheSameHour() {
    double[] values = new double[24 * 21];
    for (int i = 0; i < values.length; i++) {
      values[i] = i;
    }
    List<Row> rows = new HorizonFeatures(HOURLY, 30, 0).rows(GridSeries.of("ramp", START, values));
    Row row = rows.get(400);
    assertThat(row.raw(Season.DAY.naive(row))).isCloseTo(row.value() - 48, within());
    assertThat(row.raw(Season.WEEK.naive(row))).isCloseTo(row.value() - 168, within());
  }

  private static Offset<Double> within() {
    return Assertions.within(1e-6);
  }

  @Test
  void aSeriesThatIsSilentIsNotForecast() {
    double[] values = new double[300];
    for (int i = 0; i < values.length; i++) {
      values[i] = i < 200 ? i % 24 : Double.NaN;
    }
    List<Row> rows = new HorizonFeatures(HOURLY, 1, 0).rows(GridSeries.of("a", START, values));
    assertThat(rows.get(rows.size() - 1).known()).isEqualTo(START.plus(Duration.ofHours(203)));
  }

  @Test
  void everyFeatureHasANameAndWeatherAddsOneEach() {
    GridSeries series = noise(300, 5);
    GridSeries windy = new GridSeries("a", START, series.values(), List.of(noise(300, 6).values()));
    HorizonFeatures plain = new HorizonFeatures(HOURLY, 1, 0);
    HorizonFeatures withWind = new HorizonFeatures(HOURLY, 1, 1);
    assertThat(plain.rows(series).get(0).features()).hasSize(plain.names().size());
    assertThat(withWind.rows(windy).get(0).features()).hasSize(plain.names().size() + 1);
    assertThat(withWind.names()).endsWith("adjusted", "weather_turn0");
    assertThatThrownBy(() -> withWind.rows(series))
        .hasMessage("a comes with 0 further series, the forecast looks at 1");
  }

  @Test
  void weatherTellsHowItTurnsAgainstItsUsualDayAndNothingWhereItIsMissing() {
    double[] sun = new double[600];
    for (int i = 0; i < sun.length; i++) {
      sun[i] = 10 + 5 * Math.sin(2 * Math.PI * i / 24) + (i < 598 ? 0 : 4);
    }
    double[] late = sun.clone();
    late[599] = Double.NaN;
    double[] never = new double[600];
    Arrays.fill(never, Double.NaN);
    HorizonFeatures features = new HorizonFeatures(HOURLY, 1, 3);
    List<Row> rows =
        features.rows(
            new GridSeries("a", START, noise(600, 5).values(), List.of(sun, late, never)));
    int at = features.names().indexOf("weather_turn0");
    double[] usual = rows.get(rows.size() - 3).features();
    double[] turned = rows.get(rows.size() - 1).features();
    assertThat(usual[at]).isCloseTo(0, Assertions.within(0.5));
    assertThat(turned[at]).isGreaterThan(2);
    assertThat(Arrays.copyOfRange(turned, at + 1, at + 3)).containsOnly(0);
  }

  @Test
  void horizonsAreAPeriodAnHourPartsOfADayAndAWeek() {
    assertThat(HOURLY.horizons()).containsExactly(1, 6, 24, 168);
    assertThat(new HorizonPlan(Grain.of("PT15M"), DayClass::usual).horizons())
        .containsExactly(1, 4, 24, 96, 672);
    assertThat(new HorizonPlan(Grain.of("P1D"), DayClass::usual).horizons()).containsExactly(1, 7);
    assertThat(new HorizonPlan(Grain.of("P1M"), DayClass::usual).horizons()).containsExactly(1);
  }
}
