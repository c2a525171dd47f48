package org.chengmai.engine.command;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;
import org.chengmai.indicators.json.Json;
import org.chengmai.models.nab.NabReport;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Runs the seasonal detector over the Numenta Anomaly Benchmark; docs/models.md says how to read
 * the scores.
 */
@Command(
    name = "nab",
    description = "Score the seasonal detector on the Numenta Anomaly Benchmark.",
    mixinStandardHelpOptions = true)
final class NabBenchCommand implements Callable<Integer> {
  @Option(
      names = "--data",
      defaultValue = "../shared/data",
      description = "Folder with nab/; default ${DEFAULT-VALUE}.")
  private Path data = Path.of("../shared/data");

  @Option(names = "--file", description = "Only these files, such as realKnownCause/nyc_taxi.csv.")
  private List<String> files = List.of();

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
    Path folder = data.resolve("nab");
    if (!Files.isDirectory(folder)) {
      throw new ChengmaiException(
          ErrorCode.NOT_FOUND,
          "%s is not there: get the Numenta Anomaly Benchmark (GitHub, numenta/NAB) or name its folder with --data"
              .formatted(folder));
    }
    if (peers) {
      NabResultsTable.printPeers(folder, json, System.out);
      return 0;
    }
    NabReport report = NabReport.run(folder, files);
    System.out.println(
        "%-58s %7s %7s %6s %6s %6s"
            .formatted("series", "rows", "windows", "found", "missed", "false"));
    for (NabReport.SeriesReport one : report.series()) {
      System.out.println(
          "%-58s %7d %7d %6d %6d %6d"
              .formatted(
                  one.name(),
                  one.rows(),
                  one.windows(),
                  one.found(),
                  one.missed(),
                  one.falseAlarms()));
    }
    if (json) {
      System.out.println(Json.write(report));
    }
    return 0;
  }
}
