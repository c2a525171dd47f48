package org.chengmai.engine.command;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.chengmai.indicators.json.Json;
import org.chengmai.models.rolling.ForecastReport;
import org.chengmai.models.tribuo.LinearKind;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Judges the forecasters on public series; docs/models.md says how to read the figures. */
@Command(
    name = "forecast",
    description =
        "Forecast public series from a rolling origin and compare with the seasonal naive forecast.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "A ratio is the mean absolute error over that of the value one season before, on data that no model had seen.",
    })
final class ForecastBenchCommand implements Callable<Integer> {
  @Option(
      names = "--data",
      defaultValue = "../shared/data",
      description = "Folder with the sets; default ${DEFAULT-VALUE}.")
  private Path data = Path.of("../shared/data");

  @Option(names = "--set", description = "Only these sets, such as nyc_taxi.")
  private List<String> sets = List.of();

  @Option(names = "--json", description = "One JSON object as the last line, with every series.")
  private boolean json;

  @Override
  public Integer call() {
    System.out.printf(
        "%-15s %7s %-6s %6s %7s %7s %8s %8s %8s %8s%n",
        "set", "horizon", "season", "series", "median", "worst", "below 1", "sgd", "net",
        "in band");
    ForecastReport report =
        ForecastReport.run(
            data, sets.isEmpty() ? ForecastReport.sets() : sets, ForecastBenchCommand::print);
    System.out.printf(
        Locale.ROOT,
        "all: %d series and horizons, %.1f %% below 1, median %.3f; left out: %s%n",
        report.series().size(),
        100 * report.belowOne(),
        report.medianRatio(),
        report.leftOut().isEmpty() ? "none" : String.join(", ", report.leftOut()));
    if (json) {
      System.out.println(Json.write(report));
    }
    return 0;
  }

  private static void print(ForecastReport.Line line) {
    System.out.printf(
        Locale.ROOT,
        "%-15s %7d %-6s %6d %7.3f %7.3f %7.1f%% %8.3f %8.3f %7.1f%%%n",
        line.set(),
        line.horizon(),
        line.season(),
        line.series(),
        line.median(),
        line.worst(),
        100 * line.belowOne(),
        line.medianBy().get(LinearKind.LINEAR_SGD.label()),
        line.medianBy().get(LinearKind.ELASTIC_NET.label()),
        100 * line.coverage());
  }
}
