package org.chengmai.models.deep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;
import org.chengmai.models.matrix.CityMatrix;
import org.chengmai.models.matrix.DeepModels;
import org.chengmai.models.matrix.ForecastTrial;
import org.chengmai.models.matrix.SeasonalNaive;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@EnabledOnOs(
    value = OS.LINUX,
    architectures = "amd64",
    disabledReason = "the build brings TensorFlow's native library for Linux on x86-64 alone")
final class TensorFlowModelsTest {
  private static final int SEASON = 24;
  private static final int HELD_OUT = 500;
  private static final CityMatrix CITY = city();
  private static byte[] forecaster = {};
  private static byte[] autoencoder = {};

  /** Waves that rise and fall with the whole city's mood, five series. */
  private static CityMatrix city() {
    Random random = new Random(3);
    double[][] values = new double[800][5];
    double mood = 0;
    for (int t = 0; t < values.length; t++) {
      mood = 0.95 * mood + random.nextGaussian();
      for (int s = 0; s < 5; s++) {
        values[t][s] =
            1000 * s
                + 30 * Math.sin(2 * Math.PI * (t + 3 * s) / SEASON)
                + 5 * mood
                + random.nextGaussian();
      }
    }
    return new CityMatrix("made-up city", List.of("a", "b", "c", "d", "e"), SEASON, values);
  }

  @BeforeAll
  static void train() {
    TensorFlowModels models = new TensorFlowModels();
    try (DeepModels.Forecaster conv = models.trainForecaster(CITY.until(HELD_OUT), 1, 5);
        DeepModels.Autoencoder narrow = models.trainAutoencoder(CITY.until(HELD_OUT), 5)) {
      forecaster = conv.bytes();
      autoencoder = narrow.bytes();
    }
  }

  @Test
  void theServiceLoaderFindsThem() {
    assertThat(DeepModels.find()).containsInstanceOf(TensorFlowModels.class);
  }

  @Test
  void aForecastIsTheSameAfterItWasSavedAndReadBack() {
    TensorFlowModels models = new TensorFlowModels();
    try (DeepModels.Forecaster trained = models.trainForecaster(CITY.until(300), 2, 9);
        DeepModels.Forecaster reloaded = models.forecaster(trained.bytes())) {
      assertThat(reloaded.forecast(CITY, 400, 500)).isDeepEqualTo(trained.forecast(CITY, 400, 500));
    }
  }

  @Test
  void anAutoencoderIsTheSameAfterItWasSavedAndReadBack() {
    TensorFlowModels models = new TensorFlowModels();
    try (DeepModels.Autoencoder trained = models.trainAutoencoder(CITY.until(300), 9);
        DeepModels.Autoencoder reloaded = models.autoencoder(trained.bytes())) {
      assertThat(reloaded.novelty(CITY, 400, 500)).isDeepEqualTo(trained.novelty(CITY, 400, 500));
    }
  }

  @Test
  void theSameSeedOnOneThreadGivesTheSameModel() {
    TensorFlowModels models = new TensorFlowModels();
    try (DeepModels.Forecaster again = models.trainForecaster(CITY.until(HELD_OUT), 1, 5);
        DeepModels.Forecaster first = models.forecaster(forecaster)) {
      assertThat(again.forecast(CITY, 700, 750)).isDeepEqualTo(first.forecast(CITY, 700, 750));
    }
  }

  @Test
  void theForecastBeatsTheSeasonOnTimeItHasNotSeen() {
    ForecastTrial trial = new ForecastTrial(CITY, HELD_OUT);
    try (DeepModels.Forecaster conv = new TensorFlowModels().forecaster(forecaster)) {
      ForecastTrial.Ratio ratio =
          ForecastTrial.Ratio.of(trial.errors(conv), trial.errors(new SeasonalNaive()));

      assertThat(ratio.median()).isLessThan(0.6);
      assertThat(ratio.shareBelowOne()).isEqualTo(1);
    }
  }

  @Test
  void aSeriesThatLeavesTheOthersIsTheStrangest() {
    double[][] values = Arrays.stream(CITY.values()).map(double[]::clone).toArray(double[][]::new);
    for (int t = 620; t < 650; t++) {
      values[t][2] -= 80;
    }
    try (DeepModels.Autoencoder narrow = new TensorFlowModels().autoencoder(autoencoder)) {
      double[] ordinary = narrow.novelty(CITY, 630, 631)[0];
      double[] strange = narrow.novelty(CITY.with(values), 630, 631)[0];

      assertThat(strange[2]).isGreaterThan(3 * ordinary[2]);
      assertThat(strange[2]).isEqualTo(Arrays.stream(strange).max().orElseThrow());
    }
  }

  @Test
  void whatComesLaterChangesNoForecastAndNoScore() {
    TensorFlowModels models = new TensorFlowModels();
    try (DeepModels.Forecaster conv = models.forecaster(forecaster);
        DeepModels.Autoencoder narrow = models.autoencoder(autoencoder)) {
      assertThat(conv.forecast(CITY.until(600), 500, 600))
          .isDeepEqualTo(Arrays.copyOf(conv.forecast(CITY, 500, 600), 100));
      double[][] changed = CITY.values().clone();
      Arrays.fill(changed, 550, 800, new double[] {1e6, 1e6, 1e6, 1e6, 1e6});
      assertThat(Arrays.copyOf(narrow.novelty(CITY.with(changed), 500, 600), 50))
          .isDeepEqualTo(Arrays.copyOf(narrow.novelty(CITY, 500, 600), 50));
      assertThat(Arrays.copyOf(conv.forecast(CITY.with(changed), 500, 600), 50))
          .isDeepEqualTo(Arrays.copyOf(conv.forecast(CITY, 500, 600), 50));
    }
  }

  @Test
  void theProvenanceNamesDataSeedAndTrainer() {
    try (DeepModels.Forecaster conv = new TensorFlowModels().forecaster(forecaster)) {
      assertThat(conv.provenance())
          .contains("made-up city", "seed", "TensorFlowTrainer", "graph-hash", "RMSPROP");
    }
  }

  @Test
  void aHistoryWithoutAFullWindowIsTooShort() {
    assertThatThrownBy(() -> new TensorFlowModels().trainForecaster(CITY.until(40), 1, 5))
        .isInstanceOfSatisfying(
            ChengmaiException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.RESOURCES));
  }

  @Test
  void foreignBytesAreRefused() {
    TensorFlowModels models = new TensorFlowModels();

    for (byte[] bytes :
        List.of(new byte[0], new byte[] {1, 2, 3, 4, 5}, Arrays.copyOf(forecaster, 200))) {
      assertThatThrownBy(() -> models.forecaster(bytes))
          .isInstanceOfSatisfying(
              ChengmaiException.class,
              e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_INPUT));
    }
  }
}
