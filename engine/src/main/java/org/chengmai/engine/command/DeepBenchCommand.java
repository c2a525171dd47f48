package org.chengmai.engine.command;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.chengmai.engine.bench.DeepBenchmark;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;
import org.chengmai.indicators.json.Json;
import org.chengmai.models.matrix.DeepModels;
import org.chengmai.models.matrix.ForecastTrial;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Compares deep models of the city matrix with linear ones; docs/models.md says how to read it. */
@Command(
    name = "deep",
    description =
        "Compare deep models (a convolutional forecast, an autoencoder) with linear ones and the seasonal naive, on time that none has learnt from.",
    footer = {"", "The first run fetches TensorFlow (170 MB)."},
    mixinStandardHelpOptions = true)
final class DeepBenchCommand implements Callable<Integer> {
  @Option(
      names = "--data",
      defaultValue = "../shared/data",
      description = "Folder of the public data sets; default ${DEFAULT-VALUE}.")
  private Path data = Path.of("../shared/data");

  @Option(
      names = "--set",
      description = "Only this one, such as hangzhou-metro; may be given several times.")
  private List<String> sets = List.of();

  @Option(
      names = "--seed",
      defaultValue = "1",
      description = "Of weights, order and faults; default ${DEFAULT-VALUE}.")
  private long seed = 1;

  @Option(names = "--json", description = "One JSON object as the last line.")
  private boolean json;

  private final Supplier<Optional<DeepModels>> models;

  DeepBenchCommand() {
    this(DeepModels::find);
  }

  DeepBenchCommand(Supplier<Optional<DeepModels>> models) {
    this.models = models;
  }

  @Override
  public Integer call() {
    DeepModels deep =
        models
            .get()
            .orElseThrow(
                () ->
                    new ChengmaiException(
                        ErrorCode.NOT_FOUND,
                        "the deep models are not in this build: build it with mvn -Pdeep package (Linux on x86-64)"));
    DeepBenchmark.Result result =
        new DeepBenchmark(deep, data, seed, System.err::println).run(sets);
    System.out.println(
        "%-16s %6s %8s   %-22s %-22s %-22s"
            .formatted(
                "set", "series", "horizon", "linear / naive", "deep / naive", "deep / linear"));
    for (DeepBenchmark.SetFigures set : result.sets()) {
      for (DeepBenchmark.Forecast forecast : set.forecasts()) {
        System.out.println(
            "%-16s %6d %8d   %-22s %-22s %-22s"
                .formatted(
                    set.name(),
                    set.series(),
                    forecast.horizon(),
                    text(forecast.linearToNaive()),
                    text(forecast.deepToNaive()),
                    text(forecast.deepToLinear())));
      }
    }
    System.out.println("(median of the ratios of mean absolute errors; share of series below 1)");
    for (DeepBenchmark.SetFigures set : result.sets()) {
      System.out.println(
          "%s: %s faults, each scorer with %d alarms in %.0f series-weeks"
              .formatted(
                  set.name(),
                  set.novelty().faults(),
                  set.novelty().alarms(),
                  set.novelty().seriesWeeks()));
      set.novelty()
          .recall()
          .forEach(
              (scorer, recall) ->
                  System.out.println(
                      "  %-18s recall %.2f %s"
                          .formatted(scorer, recall, set.novelty().found().get(scorer))));
    }
    if (json) {
      System.out.println(Json.write(result));
    }
    return 0;
  }

  private static String text(ForecastTrial.Ratio ratio) {
    return "%.3f (%.0f %%)".formatted(ratio.median(), 100 * ratio.shareBelowOne());
  }
}
