package org.chengmai.models.tribuo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.Grain;
import org.chengmai.indicators.json.Json;
import org.chengmai.models.DayClass;
import org.chengmai.models.forecast.GridSeries;
import org.chengmai.models.forecast.HorizonPlan;
import org.chengmai.models.forecast.Outlook;
import org.junit.jupiter.api.Test;

class OutlookForecasterTest {
  private static final Instant START = Instant.parse("2026-01-04T16:00:00Z");
  private static final HorizonPlan HOURLY = new HorizonPlan(Grain.of("PT1H"), DayClass::usual);
  private final OutlookForecaster forecaster = new OutlookForecaster(HorizonConfig.defaults());

  private static GridSeries wave(int hours) {
    Random random = new Random(3);
    double[] values = new double[hours];
    double noise = 0;
    for (int i = 0; i < hours; i++) {
      noise = 0.8 * noise + random.nextGaussian();
      values[i] = 100 + 20 * Math.sin(2 * Math.PI * i / 24) + noise;
    }
    return GridSeries.of("630102", START, values);
  }

  @Test
  void anOutlookFromItsBytesGoesOnWhereTheSeriesEndsForAWholeWeek() {
    GridSeries series = wave(24 * 42);
    OutlookForecaster.Trained trained =
        forecaster.train("C", 2, List.of(series), List.of(), HOURLY);
    List<Outlook.Expectation> ahead = OutlookForecaster.load(trained.bytes(), HOURLY).after(series);
    assertThat(ahead).hasSize(168);
    assertThat(ahead.get(0).periodStart()).isEqualTo(START.plus(Duration.ofDays(42)));
    assertThat(ahead)
        .extracting(Outlook.Expectation::periodStart)
        .doesNotHaveDuplicates()
        .isSorted();
    assertThat(ahead).extracting(Outlook.Expectation::horizon).contains(1, 6, 24, 168).isSorted();
    for (int i = 0; i < ahead.size(); i++) {
      double wave = 100 + 20 * Math.sin(2 * Math.PI * i / 24);
      assertThat(ahead.get(i).expected()).isBetween(wave - 5, wave + 5);
      assertThat(ahead.get(i).low()).isLessThan(ahead.get(i).high());
    }
    JsonNode provenance = Json.read(trained.provenance(), JsonNode.class);
    assertThat(provenance.path("sha256").asText()).hasSize(64);
    assertThat(provenance.path("to").asText())
        .isEqualTo(START.plus(Duration.ofHours(24 * 42 - 1)).toString());
    assertThat(provenance.path("horizons").get(0).path("ratio").asDouble()).isLessThan(0.8);
    assertThat(provenance.path("horizons").get(0).path("season").asText()).isEqualTo("week");
  }

  @Test
  void aShortHistoryGivesTheHorizonsThatItCanTeach() {
    GridSeries series = wave(24 * 10);
    OutlookForecaster.Trained trained =
        forecaster.train("C", 1, List.of(series), List.of(), HOURLY);
    List<Outlook.Expectation> ahead = OutlookForecaster.load(trained.bytes(), HOURLY).after(series);
    assertThat(ahead).isNotEmpty().hasSizeLessThan(168);
    assertThatThrownBy(() -> forecaster.train("C", 1, List.of(wave(60)), List.of(), HOURLY))
        .isInstanceOf(ChengmaiException.class)
        .hasMessageStartingWith("C: ")
        .hasMessageContaining("more history");
  }

  /** A series that follows what the weather was an hour before, and that weather. */
  private static GridSeries driven(int hours) {
    Random random = new Random(7);
    double[] rain = random.doubles(hours).toArray();
    double[] values = new double[hours];
    for (int i = 1; i < hours; i++) {
      values[i] = 50 + 10 * rain[i - 1] + random.nextGaussian();
    }
    return new GridSeries("630102", START, values, List.of(rain));
  }

  @Test
  void weatherThatASeriesFollowsMakesItsForecastBetterAndComesBackFromTheBytes() {
    GridSeries series = driven(24 * 42);
    GridSeries plain = GridSeries.of(series.name(), START, series.values());
    Instant from = START.plus(Duration.ofDays(35));
    OutlookForecaster.Trained trained =
        forecaster.train("C", 1, List.of(series.first(24 * 35)), List.of("CVS-WEA-0901"), HOURLY);
    Outlook with = OutlookForecaster.load(trained.bytes(), HOURLY);
    Outlook without =
        OutlookForecaster.load(
            forecaster.train("C", 1, List.of(plain.first(24 * 35)), List.of(), HOURLY).bytes(),
            HOURLY);
    assertThat(with.weather()).containsExactly("CVS-WEA-0901");
    assertThat(Json.read(trained.provenance(), JsonNode.class).path("weather").get(0).asText())
        .isEqualTo("CVS-WEA-0901");
    assertThat(with.after(series)).hasSize(168);
    // the next hour alone can be known: one horizon of four
    assertThat(with.relativeError(List.of(series), from))
        .isLessThan(0.9 * without.relativeError(List.of(plain), from));
    assertThatThrownBy(() -> with.after(plain))
        .hasMessage("630102 comes with 0 further series, the forecast looks at 1");
  }

  @Test
  void bytesOfAnOlderVersionLookAtNoWeather() {
    GridSeries series = wave(24 * 42);
    String bundle =
        new String(
            forecaster.train("C", 1, List.of(series), List.of(), HOURLY).bytes(),
            StandardCharsets.UTF_8);
    assertThat(bundle).startsWith("{\"weather\":[],");
    byte[] older = bundle.replace("\"weather\":[],", "").getBytes(StandardCharsets.UTF_8);
    Outlook outlook = OutlookForecaster.load(older, HOURLY);
    assertThat(outlook.weather()).isEmpty();
    assertThat(outlook.after(series)).hasSize(168);
  }

  @Test
  void theOnlyRowOfTheWeekAheadDoesNotDecideHowAnOutlookIsJudged() {
    GridSeries series = wave(24 * 42);
    Instant from = START.plus(Duration.ofDays(35));
    Outlook outlook =
        OutlookForecaster.load(
            forecaster.train("C", 1, List.of(series.first(24 * 35)), List.of(), HOURLY).bytes(),
            HOURLY);
    double usual = 100 + 20 * Math.sin(2 * Math.PI * 23 / 24);
    DoubleSummaryStatistics judged =
        IntStream.range(-50, 50)
            .mapToDouble(
                i -> {
                  double[] values = series.values().clone();
                  values[values.length - 1] = usual + i / 50.0;
                  return outlook.relativeError(
                      List.of(GridSeries.of(series.name(), START, values)), from);
                })
            .summaryStatistics();
    assertThat(judged.getMax()).isLessThan(1.03 * judged.getMin());
  }

  @Test
  void aModelOfAnotherSeriesDoesWorseOnThisOne() {
    GridSeries series = wave(24 * 42);
    GridSeries other = GridSeries.of("630102", START, new Random(5).doubles(24 * 42).toArray());
    Instant from = START.plus(Duration.ofDays(35));
    Outlook own =
        OutlookForecaster.load(
            forecaster.train("C", 1, List.of(series.first(24 * 35)), List.of(), HOURLY).bytes(),
            HOURLY);
    Outlook foreign =
        OutlookForecaster.load(
            forecaster.train("C", 1, List.of(other.first(24 * 35)), List.of(), HOURLY).bytes(),
            HOURLY);
    assertThat(own.relativeError(List.of(series), from))
        .isLessThan(0.95 * foreign.relativeError(List.of(series), from));
  }
}
