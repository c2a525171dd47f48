package org.chengmai.engine.command;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import org.chengmai.engine.bench.IndicatorsBenchmark;
import org.chengmai.indicators.json.Json;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Measures the tick of many indicators over a minute's observations, on servers of its own. */
@Command(
    name = "indicators",
    description =
        "How long the tick takes that closes a minute of 5,000 series (and of multiples) over a million observations.",
    mixinStandardHelpOptions = true)
final class IndicatorsBenchCommand implements Callable<Integer> {
  @Option(
      names = "--observations",
      defaultValue = "1000000",
      description = "Of each minute; default ${DEFAULT-VALUE}.")
  private int observations = 1_000_000;

  @Option(
      names = "--ticks",
      defaultValue = "10",
      description = "Measured for each size; default ${DEFAULT-VALUE}.")
  private int ticks = 10;

  @Option(
      names = "--growth",
      split = ",",
      defaultValue = "1,2,4",
      description =
          "How many times 5,000 series, one size after the other; default ${DEFAULT-VALUE}.")
  private List<Integer> growth = List.of(1, 2, 4);

  @Option(names = "--json", description = "One JSON object as the last line.")
  private boolean json;

  @Override
  public Integer call() throws IOException {
    IndicatorsBenchmark.Result figures =
        new IndicatorsBenchmark(observations, System.out::println).run(Home.path(), growth, ticks);
    System.out.println(json ? Json.write(figures) : figures.toString());
    return 0;
  }
}
