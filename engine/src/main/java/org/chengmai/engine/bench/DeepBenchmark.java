package org.chengmai.engine.bench;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.chengmai.models.matrix.CityMatrix;
import org.chengmai.models.matrix.DeepModels;
import org.chengmai.models.matrix.ForecastTrial;
import org.chengmai.models.matrix.MatrixFaults;
import org.chengmai.models.matrix.MatrixForecaster;
import org.chengmai.models.matrix.MatrixScorer;
import org.chengmai.models.matrix.MatrixWindows;
import org.chengmai.models.matrix.NoveltyTrial;
import org.chengmai.models.matrix.SeasonalNaive;
import org.chengmai.models.tribuo.LinearMatrix;

/**
 * Deep models against linear ones and the seasonal naive, on the last 30 % of the time of public
 * data sets, which none of them has learnt from. Blocking, on one core.
 */
public final class DeepBenchmark {
  private static final List<Integer> HORIZONS = List.of(1, 24);

  /** Periods of each window that a forecast sees. */
  private static final int WINDOW = 24;

  /** Periods over which errors are added up, as long as the autoencoder's window. */
  private static final int ERRORS = 16;

  private final DeepModels deep;
  private final Path data;
  private final long seed;
  private final Consumer<String> progress;

  /**
   * One horizon of a set: mean absolute errors, series by series, to those of the seasonal naive
   * and of each other.
   *
   * @param deepIsBetter whether the deep model has the lower error on more than half of the series
   *     and in the median
   * @param isSameReloaded whether the model forecast the same after it was saved and read back
   */
  public record Forecast(
      int horizon,
      ForecastTrial.Ratio linearToNaive,
      ForecastTrial.Ratio deepToNaive,
      ForecastTrial.Ratio deepToLinear,
      boolean deepIsBetter,
      double linearTrainingSeconds,
      double deepTrainingSeconds,
      double deepSeriesPerSecond,
      int deepBytes,
      boolean isSameReloaded) {}

  /**
   * Who found the injected faults, every scorer with as many alarms on the untouched held-out time.
   *
   * @param faults injected, by kind
   * @param found by scorer and kind
   */
  public record Novelty(
      int alarms,
      double seriesWeeks,
      Map<MatrixFaults.Kind, Integer> faults,
      Map<String, Map<MatrixFaults.Kind, Integer>> found,
      Map<String, Double> recall,
      double trainingSeconds,
      int bytes,
      boolean isSameReloaded) {}

  /**
   * What was measured on one set.
   *
   * @param season periods
   */
  public record SetFigures(
      String name,
      Duration grain,
      int season,
      int series,
      int periods,
      int heldOutFrom,
      List<Forecast> forecasts,
      Novelty novelty) {}

  /** All figures. */
  public record Result(
      List<SetFigures> sets, long seed, double seconds, Map<String, String> machine) {}

  public DeepBenchmark(DeepModels deep, Path data, long seed, Consumer<String> progress) {
    this.deep = deep;
    this.data = data;
    this.seed = seed;
    this.progress = progress;
  }

  /** Runs over the sets named, all when none is. */
  public Result run(List<String> names) {
    long start = System.nanoTime();
    Map<String, String> machine = ProcessFigures.machine();
    List<SetFigures> sets = new ArrayList<>();
    for (MatrixSet set : MatrixSet.ALL) {
      if (names.isEmpty() || names.contains(set.name())) {
        sets.add(measure(set));
      }
    }
    return new Result(sets, seed, seconds(start), machine);
  }

  private SetFigures measure(MatrixSet set) {
    CityMatrix matrix = set.read(data);
    int from = matrix.periods() * 7 / 10;
    CityMatrix training = matrix.until(from);
    ForecastTrial trial = new ForecastTrial(matrix, from);
    double[] naive = trial.errors(new SeasonalNaive());
    Map<String, MatrixScorer> scorers = new LinkedHashMap<>();
    add(scorers, "naive", new SeasonalNaive());
    List<Forecast> forecasts = new ArrayList<>();
    List<DeepModels.Trained> open = new ArrayList<>();
    try {
      for (int horizon : HORIZONS) {
        long start = System.nanoTime();
        MatrixForecaster linear =
            LinearMatrix.train(training, new MatrixWindows(WINDOW, horizon, matrix.season()), seed);
        double linearSeconds = seconds(start);
        start = System.nanoTime();
        byte[] bytes;
        double[] asTrained;
        double deepSeconds;
        try (DeepModels.Forecaster trained = deep.trainForecaster(training, horizon, seed)) {
          deepSeconds = seconds(start);
          bytes = trained.bytes();
          asTrained = trial.errors(trained);
        }
        DeepModels.Forecaster reloaded = deep.forecaster(bytes);
        open.add(reloaded);
        start = System.nanoTime();
        double[] errors = trial.errors(reloaded);
        double rate = (matrix.periods() - from) * naive.length / seconds(start);
        double[] linearErrors = trial.errors(linear);
        ForecastTrial.Ratio ratio = ForecastTrial.Ratio.of(errors, linearErrors);
        forecasts.add(
            new Forecast(
                horizon,
                ForecastTrial.Ratio.of(linearErrors, naive),
                ForecastTrial.Ratio.of(errors, naive),
                ratio,
                ratio.median() < 1 && ratio.shareBelowOne() > 0.5,
                linearSeconds,
                deepSeconds,
                Math.rint(rate),
                bytes.length,
                Arrays.equals(errors, asTrained)));
        progress.accept("%s, %d ahead: %s".formatted(set.name(), horizon, forecasts));
        if (horizon == 1) {
          add(scorers, "linear", linear);
          add(scorers, "conv", reloaded);
        }
      }
      return new SetFigures(
          set.name(),
          set.grain(),
          set.season(),
          naive.length,
          matrix.periods(),
          from,
          forecasts,
          novelty(set, matrix, from, scorers));
    } finally {
      open.forEach(DeepModels.Trained::close);
    }
  }

  private static void add(
      Map<String, MatrixScorer> scorers, String name, MatrixForecaster forecaster) {
    scorers.put(name, MatrixScorer.ofErrors(forecaster, 1));
    scorers.put(name + " over " + ERRORS, MatrixScorer.ofErrors(forecaster, ERRORS));
  }

  private Novelty novelty(
      MatrixSet set, CityMatrix matrix, int from, Map<String, MatrixScorer> scorers) {
    long start = System.nanoTime();
    byte[] bytes;
    double[][] asTrained;
    double seconds;
    try (DeepModels.Autoencoder trained = deep.trainAutoencoder(matrix.until(from), seed)) {
      seconds = seconds(start);
      bytes = trained.bytes();
      asTrained = trained.novelty(matrix, from, matrix.periods());
    }
    try (DeepModels.Autoencoder reloaded = deep.autoencoder(bytes)) {
      scorers.put("autoencoder", reloaded);
      double weeks =
          (double) set.grain().toSeconds()
              * (matrix.periods() - from)
              * matrix.series().size()
              / Duration.ofDays(7).toSeconds();
      // One alarm in five weeks of a series.
      int alarms = (int) Math.ceil(weeks / 5);
      NoveltyTrial trial = new NoveltyTrial(matrix, from, alarms, seed);
      // Where every model has its windows before it.
      int learntFrom = matrix.season() + WINDOW + ERRORS;
      Map<MatrixFaults.Kind, Integer> faults = new LinkedHashMap<>();
      Map<String, Map<MatrixFaults.Kind, Integer>> found = new LinkedHashMap<>();
      Map<String, Double> recall = new LinkedHashMap<>();
      scorers.forEach(
          (name, scorer) -> {
            Map<MatrixFaults.Kind, NoveltyTrial.Recall> recalls = trial.recall(scorer, learntFrom);
            Map<MatrixFaults.Kind, Integer> here = new LinkedHashMap<>();
            recalls.forEach(
                (kind, of) -> {
                  faults.put(kind, of.faults());
                  here.put(kind, of.found());
                });
            found.put(name, here);
            NoveltyTrial.Recall total = NoveltyTrial.total(recalls);
            recall.put(name, (double) total.found() / total.faults());
          });
      progress.accept("%s: faults found %s of %s".formatted(set.name(), found, faults));
      return new Novelty(
          alarms,
          weeks,
          faults,
          found,
          recall,
          seconds,
          bytes.length,
          Arrays.deepEquals(asTrained, reloaded.novelty(matrix, from, matrix.periods())));
    }
  }

  private static double seconds(long start) {
    return (System.nanoTime() - start) / 1e9;
  }
}
