package org.chengmai.models.tribuo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.chengmai.indicators.Grain;
import org.chengmai.indicators.IndicatorPoint;
import org.chengmai.indicators.SeriesKey;
import org.chengmai.indicators.Trust;
import org.chengmai.indicators.json.Json;
import org.chengmai.models.DayClass;
import org.chengmai.models.ForecastFeatures;
import org.chengmai.models.LinearForecast;
import org.chengmai.models.TrainedModel;
import org.junit.jupiter.api.Test;
import org.tribuo.Model;
import org.tribuo.regression.Regressor;

class TribuoForecasterTest {
  private static final Grain HOUR = Grain.of("PT1H");
  private final TribuoForecaster forecaster = new TribuoForecaster(TribuoConfig.defaults());
  private final List<IndicatorPoint> history = history(24 * 28, "630102", "630103", "630104");

  private static List<IndicatorPoint> history(int hours, String... regions) {
    Random random = new Random(7);
    List<IndicatorPoint> points = new ArrayList<>();
    for (String region : regions) {
      double size = 10 + 1000 * random.nextDouble();
      for (int i = 0; i < hours; i++) {
        double value = size * (2 + Math.sin(2 * Math.PI * i / 24) + 0.1 * random.nextGaussian());
        Instant start = Instant.parse("2026-01-04T16:00:00Z").plus(Duration.ofHours(i));
        points.add(
            new IndicatorPoint(
                SeriesKey.of("CVS-PWR-0001", region),
                1,
                start,
                HOUR,
                i % 50 == 49 ? null : value,
                null,
                null,
                1,
                i % 50 == 49 ? Trust.MISSING : Trust.COMPLETE,
                1,
                start,
                ""));
      }
    }
    return points;
  }

  private TrainedModel train(int version) {
    return forecaster.train("CVS-PWR-0001", version, history, HOUR, DayClass::usual);
  }

  @Test
  void aModelBroughtBackFromBytesPredictsTheSame() {
    TrainedModel trained = train(3);
    LinearForecast first = TribuoForecaster.load(trained);
    LinearForecast second = TribuoForecaster.load(trained);
    assertThat(first.name()).isEqualTo("tribuo-linear-sgd@3");
    assertThat(second.weights()).containsExactly(first.weights());
    assertThat(second.bias()).isEqualTo(first.bias());
  }

  @Test
  void theWeightsTakenOutPredictWhatTribuoPredicts() {
    TrainedModel trained = train(1);
    Model<Regressor> model =
        LinearModel.load(trained.bytes(), ForecastFeatures.featureNames()).tribuo();
    LinearForecast forecast = TribuoForecaster.load(trained);
    for (ForecastFeatures.Row row :
        ForecastFeatures.rows(history, HOUR, DayClass::usual).subList(0, 200)) {
      double tribuo = LinearModel.predict(model, ForecastFeatures.featureNames(), row.features());
      assertThat(forecast.predict(row.features())).isCloseTo(tribuo, within(1e-6));
    }
  }

  @Test
  void trainingTwiceGivesTheSameWeights() {
    assertThat(TribuoForecaster.load(train(1)).weights())
        .containsExactly(TribuoForecaster.load(train(2)).weights());
  }

  @Test
  void provenanceTellsWhatItWasTrainedOn() {
    TrainedModel trained = train(4);
    JsonNode provenance = Json.read(trained.provenance(), JsonNode.class);
    assertThat(provenance.get("model").asText()).isEqualTo("tribuo-linear-sgd@4");
    assertThat(provenance.get("rows").asLong()).isEqualTo(trained.rows()).isGreaterThan(1500);
    assertThat(provenance.get("series").asInt()).isEqualTo(3);
    assertThat(provenance.get("trainer").get("seed").asLong()).isEqualTo(1);
    assertThat(provenance.get("sha256").asText()).hasSize(64);
    assertThat(provenance.get("tribuo").asText()).contains("LinearSGDTrainer");
    assertThat(provenance.get("from").asText()).startsWith("2026-01-05");
  }

  @Test
  void theNoiseIsAllThatIsLeft() {
    TrainedModel trained = train(1);
    // The series' noise is a tenth where its own scale is about 0.8: a mean absolute error near 0.1
    // is all there is.
    assertThat(trained.heldOutError()).isLessThan(0.15);
    assertThat(trained.trainingError()).isLessThan(0.15);
  }

  @Test
  void tooShortAHistoryIsRefused() {
    assertThatThrownBy(
            () -> forecaster.train("CVS-PWR-0001", 1, history(40, "630102"), HOUR, DayClass::usual))
        .hasMessageContaining("CVS-PWR-0001")
        .hasMessageContaining("history");
  }

  @Test
  void bytesThatAreNoModelAreRefused() {
    TrainedModel broken =
        new TrainedModel("C", "tribuo-linear-sgd", 1, new byte[] {1, 2, 3}, "{}", 0, 0, 0, 0, 1);
    assertThatThrownBy(() -> TribuoForecaster.load(broken)).hasMessageContaining("Tribuo");
  }
}
