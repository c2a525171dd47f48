package org.chengmai.engine.command;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;
import org.chengmai.indicators.json.Json;
import org.chengmai.models.nab.NabReport;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Runs the streaming suite over the Numenta Anomaly Benchmark, in sample and held out;
 * docs/models.md says how to read the scores.
 */
@Command(
    name = "nab",
    description = "Score the streaming suite on the Numenta Anomaly Benchmark.",
    mixinStandardHelpOptions = true)
final class NabBenchCommand implements Callable<Integer> {
  @Option(
      names = "--data",
      defaultValue = "../shared/data",
      description = "Folder with nab/, or the benchmark's own; default ${DEFAULT-VALUE}.")
  private Path data = Path.of("../shared/data");

  @Option(
      names = "--seed",
      defaultValue = "" + NabReport.SEED,
      description = "Seed of the search for weights; default ${DEFAULT-VALUE}.")
  private long seed = NabReport.SEED;

  @Option(
      names = "--out",
      description = "Write result files in the benchmark's format into this folder.")
  private @Nullable Path out;

  @Option(
      names = "--results",
      description =
          "Score this folder of results in the benchmark's format, DIR/<detector>/<category>/<detector>_<file>, and nothing else.")
  private @Nullable Path results;

  @Option(
      names = "--peers",
      description = "Score the peers under the same rules, and nothing else.")
  private boolean peers;

  @Option(names = "--json", description = "One JSON object as the last line.")
  private boolean json;

  @Override
  public Integer call() {
    if (results != null) {
      NabResultsTable.print(results, json, System.out);
      return 0;
    }
    if (peers) {
      NabResultsTable.printPeers(folder(), json, System.out);
      return 0;
    }
    NabReport report = NabReport.run(folder(), seed, out);
    System.out.println(
        "%-58s %7s %7s %6s %6s %10s %6s"
            .formatted("series", "rows", "windows", "found", "false", "operating:", "false"));
    for (NabReport.Line one : report.series()) {
      System.out.println(
          "%-58s %7d %7d %6d %6d %10d %6d"
              .formatted(
                  one.name(),
                  one.rows(),
                  one.windows(),
                  one.found(),
                  one.falseAlarms(),
                  one.operatingFound(),
                  one.operatingFalseAlarms()));
    }
    print("in sample, the weights that ship", report.inSample());
    print("in sample, searched again", report.searched());
    print("in sample, averaged", report.averaged());
    print("leave one category out, averaged", report.leaveOneCategoryOut());
    print("leave one category out, searched", report.leaveOneCategoryOutSearched());
    print("five folds, averaged", report.fiveFold());
    print("at the operating threshold", report.operating().scores());
    System.out.println("tries %d, seed %d".formatted(report.tries(), report.seed()));
    if (json) {
      System.out.println(Json.write(report.json()));
    }
    return 0;
  }

  private Path folder() {
    Path folder = Files.isDirectory(data.resolve("nab")) ? data.resolve("nab") : data;
    if (!Files.isDirectory(folder.resolve("labels"))) {
      throw new ChengmaiException(
          ErrorCode.NOT_FOUND,
          "%s is not there: get the Numenta Anomaly Benchmark (GitHub, numenta/NAB) or name its folder with --data"
              .formatted(data.resolve("nab")));
    }
    return folder;
  }

  private static void print(String what, NabReport.Scores scores) {
    System.out.println(
        "%-40s standard %6.2f  low FP %6.2f  low FN %6.2f"
            .formatted(what, scores.standard(), scores.lowFp(), scores.lowFn()));
  }
}
