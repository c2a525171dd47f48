package org.chengmai.engine.command;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;
import org.chengmai.models.evaluation.FaultSuite;
import org.chengmai.models.evaluation.FaultTracks;
import org.chengmai.models.evaluation.RealSeries;
import org.chengmai.models.nab.SuiteSearch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Searches the streaming suite's weights for all its aims at once; docs/models.md tells how. */
@Command(
    name = "weights",
    description =
        "Searches the suite's weights: faults found, silence where nothing is wrong, and the benchmark at once.",
    mixinStandardHelpOptions = true)
final class WeightsBenchCommand implements Callable<Integer> {
  private static final int REPORT_EVERY = 50;

  @Option(
      names = "--data",
      defaultValue = "../shared/data",
      description =
          "Folder with beijing-air, hangzhou-metro, road-speed, power-transformer and nab; default ${DEFAULT-VALUE}.")
  private Path data = Path.of("../shared/data");

  @Option(
      names = "--seeds",
      split = ",",
      defaultValue = "11,12",
      description = "Faults and quiet cities to search on; default ${DEFAULT-VALUE}.")
  private List<Long> seeds = List.of();

  @Option(
      names = "--search-seed",
      defaultValue = "77",
      description = "Of the changes tried; default ${DEFAULT-VALUE}.")
  private long searchSeed = 77;

  @Option(
      names = "--steps",
      defaultValue = "700",
      description = "About a second each; 0 only judges what ships. Default ${DEFAULT-VALUE}.")
  private int steps = 700;

  @Option(names = "--json", description = "One JSON object as the last line.")
  private boolean json;

  /** The figures. */
  record Figures(
      List<Long> seeds,
      long searchSeed,
      int tries,
      SuiteSearch.Found shipped,
      SuiteSearch.Found found) {}

  @Override
  public Integer call() {
    if (!Files.isDirectory(data.resolve("nab"))) {
      throw new ChengmaiException(
          ErrorCode.NOT_FOUND,
          "%s has no nab/: name the data's folder with --data".formatted(data));
    }
    List<FaultTracks> cities = new ArrayList<>();
    for (long seed : seeds) {
      System.err.printf("looking at the series of seed %d ...%n", seed);
      cities.add(
          new FaultTracks(
              new FaultSuite(RealSeries.all(data), seed, InjectBenchCommand.REPEATS),
              InjectBenchCommand.quiet(data, seed, InjectBenchCommand.WEEKS)));
    }
    SuiteSearch search = new SuiteSearch(data.resolve("nab"), cities);
    SuiteSearch.Found shipped = search.shipped();
    print("ships", shipped);
    SuiteSearch.Found found = search.climb(shipped, searchSeed, steps, this::tell);
    if (steps > 0) {
      print("found", found);
    }
    if (json) {
      System.out.println(
          MeasuredJson.write(new Figures(seeds, searchSeed, search.tries(), shipped, found)));
    }
    return 0;
  }

  private void tell(SuiteSearch.Found best, int step) {
    if (step % REPORT_EVERY == 0) {
      System.err.printf(Locale.ROOT, "%d of %d: %.2f%n", step, steps, best.value());
    }
  }

  private static void print(String what, SuiteSearch.Found found) {
    System.out.printf(Locale.ROOT, "%s: %s%n", what, found.weights());
    System.out.printf(
        Locale.ROOT, "  operating threshold %.2f, value %.2f%n", found.operating(), found.value());
    found
        .cities()
        .forEach(
            one ->
                System.out.printf(
                    Locale.ROOT,
                    "  %.3f of the faults found, %.2f false alarms in 100 series-weeks%n",
                    one.recall(),
                    one.falseAlarms()));
    System.out.printf(
        Locale.ROOT,
        "  benchmark %.1f, %.1f, %.1f at %.2f, %.2f, %.2f%n",
        found.benchmark().get(0),
        found.benchmark().get(1),
        found.benchmark().get(2),
        found.thresholds().get(0),
        found.thresholds().get(1),
        found.thresholds().get(2));
  }
}
