package org.chengmai.engine.command;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.chengmai.engine.bench.FeedbackAlarms;
import org.chengmai.engine.bench.FeedbackBenchmark;
import org.chengmai.indicators.json.Json;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Measures what operators' feedback is good for; docs/models.md says how to read the figures. */
@Command(
    name = "feedback",
    description =
        "How many false alarms fewer call people after 10 to 400 labels, and how many real ones; and what a budget per day holds back.",
    mixinStandardHelpOptions = true)
final class FeedbackBenchCommand implements Callable<Integer> {
  @Option(
      names = "--data",
      defaultValue = "../shared/data",
      description =
          "Folder with nab/, hangzhou-metro/, road-speed/, power-transformer/ and beijing-air/; default ${DEFAULT-VALUE}.")
  private Path data = Path.of("../shared/data");

  @Option(
      names = "--seed",
      defaultValue = "1",
      description = "Of the faults and of the draws; default ${DEFAULT-VALUE}.")
  private long seed = 1;

  @Option(
      names = "--draws",
      defaultValue = "50",
      description = "Draws of labels for each figure; default ${DEFAULT-VALUE}.")
  private int draws = 50;

  @Option(names = "--json", description = "One JSON object as the last line.")
  private boolean json;

  @Override
  public Integer call() {
    FeedbackBenchmark.Result result =
        new FeedbackBenchmark(seed, draws).run(FeedbackAlarms.of(data, seed));
    System.out.printf(
        "%d series; labels from %d alarms, figures of %d later ones (%d real, %d false); %d draws, seed %d%n",
        result.series(),
        result.pool(),
        result.heldOut(),
        result.heldOutReal(),
        result.heldOut() - result.heldOutReal(),
        result.draws(),
        result.seed());
    System.out.printf(
        "%7s %6s %7s %14s %13s %7s %15s%n",
        "labels", "bound", "learnt", "false demoted", "real demoted", "worst", "anomalies lost");
    for (FeedbackBenchmark.Line line : result.lines()) {
      System.out.printf(
          "%7d %6.2f %7.2f %14.3f %13.4f %7.4f %15.4f%n",
          line.labels(),
          line.bound(),
          line.learnt(),
          line.falseDemoted(),
          line.realDemoted(),
          line.worstRealDemoted(),
          line.anomaliesLost());
    }
    System.out.printf(
        "%n%14s %11s %10s %15s%n", "budget per day", "false held", "real held", "anomalies lost");
    for (FeedbackBenchmark.Budget budget : result.budgets()) {
      System.out.printf(
          "%14d %11.4f %10.4f %15.4f%n",
          budget.perDay(), budget.falseHeld(), budget.realHeld(), budget.anomaliesLost());
    }
    if (json) {
      System.out.println(Json.write(result));
    }
    return 0;
  }
}
