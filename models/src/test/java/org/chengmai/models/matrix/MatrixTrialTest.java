package org.chengmai.models.matrix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.assertj.core.data.Offset;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.models.tribuo.LinearMatrix;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class MatrixTrialTest {
  private static final int SEASON = 12;

  /** Waves of one season with noise that half persists, 600 periods of six series. */
  private static CityMatrix waves(long seed) {
    Random random = new Random(seed);
    double[][] values = new double[600][6];
    double[] noise = new double[6];
    for (int t = 0; t < values.length; t++) {
      for (int s = 0; s < 6; s++) {
        noise[s] = 0.5 * noise[s] + random.nextGaussian();
        values[t][s] = 100 * s + 10 * Math.sin(2 * Math.PI * (t + s) / SEASON) + noise[s];
      }
    }
    return new CityMatrix("waves", List.of("a", "b", "c", "d", "e", "f"), SEASON, values);
  }

  @Test
  void aRowOfAnotherWidthIsRefused() {
    assertThatThrownBy(() -> new CityMatrix("x", List.of("a"), 1, new double[][] {{1, 2}}))
        .isInstanceOf(ChengmaiException.class)
        .hasMessageContaining("2 values for 1 series");
  }

  @Test
  void gapsAreCarriedOnFromThePastAlone() {
    double nan = Double.NaN;
    CityMatrix matrix =
        new CityMatrix("x", List.of("a", "b"), 1, new double[][] {{nan, 1}, {2, nan}, {nan, nan}});

    // NaN differs from itself, but not from its text
    assertThat(Arrays.deepToString(matrix.carriedOn().values()))
        .isEqualTo("[[NaN, 1.0], [2.0, 1.0], [2.0, 1.0]]");
  }

  @Test
  void theScaleIsLearntFromTheTrainingPeriodsAlone() {
    CityMatrix matrix = waves(1);
    double[][] changed = matrix.values().clone();
    changed[500] = new double[] {9e9, 9e9, 9e9, 9e9, 9e9, 9e9};

    MatrixScale scale = MatrixScale.of(matrix.until(500));
    MatrixScale same = MatrixScale.of(matrix.with(changed).until(500));

    assertThat(same.mean()).isEqualTo(scale.mean());
    assertThat(same.deviation()).isEqualTo(scale.deviation());
    assertThat(scale.restore(scale.standardise(matrix)[3][2], 2))
        .isCloseTo(matrix.values()[3][2], Offset.offset(1e-9));
  }

  @Test
  void aSeriesThatNeverMovesKeepsItsUnit() {
    MatrixScale scale =
        MatrixScale.of(new CityMatrix("x", List.of("a"), 1, new double[][] {{4}, {4}}));

    assertThat(scale.deviation()).containsExactly(1);
  }

  @Test
  void aMatrixOfOtherSeriesIsRefused() {
    MatrixScale scale = MatrixScale.of(waves(1));

    assertThatThrownBy(
            () ->
                scale.standardise(new CityMatrix("x", List.of("a"), 1, new double[][] {{4}, {4}})))
        .isInstanceOf(ChengmaiException.class)
        .hasMessageContaining("1 series, the model learnt from 6");
  }

  @Test
  void aSeriesThatIsNeverKnownIsForecastByItsMean() {
    double[][] values = waves(1).values();
    for (double[] row : values) {
      row[3] = Double.NaN;
    }
    CityMatrix matrix = waves(1).with(values);
    MatrixForecaster linear =
        LinearMatrix.train(matrix.until(420), new MatrixWindows(12, 1, SEASON), 1);

    assertThat(linear.forecast(matrix, 500, 501)[0][3]).isZero();
    assertThat(new ForecastTrial(matrix, 420).errors(linear)[3]).isNaN();
  }

  @Test
  void aWindowEndsAHorizonAndASeasonBeforeThePeriod() {
    double[][] values = new double[20][1];
    IntStream.range(0, 20).forEach(t -> values[t][0] = t);
    MatrixWindows windows = new MatrixWindows(3, 2, 10);

    assertThat(windows.first()).isEqualTo(12);
    assertThat(windows.of(values, 15, 0)).containsExactly(11, 12, 13, 3, 4, 5);
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3})
  void theLinearForecastBeatsTheSeasonOnWavesThatPersist(long seed) {
    CityMatrix matrix = waves(seed);
    ForecastTrial trial = new ForecastTrial(matrix, 420);
    MatrixForecaster linear =
        LinearMatrix.train(matrix.until(420), new MatrixWindows(12, 1, SEASON), 1);

    ForecastTrial.Ratio ratio =
        ForecastTrial.Ratio.of(trial.errors(linear), trial.errors(new SeasonalNaive()));

    assertThat(ratio.median()).isLessThan(0.85);
    assertThat(ratio.shareBelowOne()).isEqualTo(1);
  }

  @Test
  void whatComesLaterChangesNoForecastAndNoScore() {
    CityMatrix matrix = waves(4);
    MatrixForecaster linear =
        LinearMatrix.train(matrix.until(420), new MatrixWindows(12, 3, SEASON), 1);
    MatrixScorer scorer = MatrixScorer.ofErrors(linear, 4);

    assertThat(linear.forecast(matrix.until(500), 420, 500))
        .isDeepEqualTo(Arrays.copyOf(linear.forecast(matrix, 420, 600), 80));
    assertThat(scorer.novelty(matrix.until(500), 430, 500))
        .isDeepEqualTo(Arrays.copyOf(scorer.novelty(matrix, 430, 600), 70));
  }

  @Test
  void aRatioLeavesOutTheSeriesWhoseDenominatorIsZero() {
    ForecastTrial.Ratio ratio =
        ForecastTrial.Ratio.of(new double[] {1, 3, 2}, new double[] {2, 2, 0});

    assertThat(ratio).isEqualTo(new ForecastTrial.Ratio(1.0, 0.5, 1));
  }

  @Test
  void errorsAreAddedUpOverTheLastPeriods() {
    CityMatrix matrix =
        new CityMatrix("x", List.of("a"), 1, new double[][] {{0}, {3}, {3}, {Double.NaN}, {4}});

    assertThat(MatrixScorer.ofErrors(new SeasonalNaive(), 1).novelty(matrix, 1, 5))
        .isDeepEqualTo(new double[][] {{3}, {0}, {0}, {1}});
    assertThat(MatrixScorer.ofErrors(new SeasonalNaive(), 2).novelty(matrix, 2, 4))
        .isDeepEqualTo(new double[][] {{3 / Math.sqrt(2)}, {0}});
  }

  @Test
  void faultsAreTheSameForTheSameSeedAndTouchTheHeldOutTimeAlone() {
    CityMatrix matrix = waves(5);
    MatrixFaults faults = MatrixFaults.inject(matrix, 200, 0, 7);

    assertThat(MatrixFaults.inject(matrix, 200, 0, 7).faults()).isEqualTo(faults.faults());
    assertThat(faults.faults())
        .extracting(MatrixFaults.Fault::kind)
        .containsExactlyInAnyOrder(MatrixFaults.Kind.values());
    for (int t = 0; t < matrix.periods(); t++) {
      for (int s = 0; s < 6; s++) {
        int period = t;
        int series = s;
        boolean isFaulty =
            faults.faults().stream()
                .anyMatch(
                    fault ->
                        fault.series().contains(series)
                            && period >= fault.from()
                            && period < fault.to());
        if (!isFaulty) {
          assertThat(faults.matrix().values()[t][s]).isEqualTo(matrix.values()[t][s]);
        }
      }
    }
  }

  @Test
  void aScorerThatKnowsTheAnswerFindsAllAndOneThatIsBlindNone() {
    CityMatrix matrix = waves(6);
    NoveltyTrial trial = new NoveltyTrial(matrix, 200, 3, 7);
    MatrixScorer knowing =
        (scored, from, to) ->
            IntStream.range(from, to)
                .mapToObj(
                    t ->
                        IntStream.range(0, 6)
                            .mapToDouble(
                                s -> scored.values()[t][s] == matrix.values()[t][s] ? 0 : 1)
                            .toArray())
                .toArray(double[][]::new);
    MatrixScorer blind = (scored, from, to) -> new double[to - from][6];

    Map<MatrixFaults.Kind, NoveltyTrial.Recall> all = trial.recall(knowing, 40);

    assertThat(NoveltyTrial.total(all).faults()).isEqualTo(16);
    assertThat(NoveltyTrial.total(all).found()).isEqualTo(16);
    assertThat(NoveltyTrial.total(trial.recall(blind, 40)).found()).isZero();
  }
}
