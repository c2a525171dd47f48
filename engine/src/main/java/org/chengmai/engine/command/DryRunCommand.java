package org.chengmai.engine.command;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.chengmai.engine.shell.TextTable;
import org.chengmai.indicators.Grade;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Has the running engine try a definition on history. */
@Command(
    name = "dry-run",
    description =
        "Try a definition on history without publishing: values, grades and alerts per day.",
    mixinStandardHelpOptions = true)
final class DryRunCommand implements Callable<Integer> {
  @Parameters(index = "0", paramLabel = "FILE", description = "The definition, YAML.")
  private Path file = Path.of("definition.yaml");

  @Option(names = "--from", required = true, description = "The first time, or date in China.")
  private String from = "";

  @Option(names = "--to", description = "The time or date to stop before; default now.")
  private @Nullable String to;

  @Mixin private JobFollower follower = new JobFollower();

  @Override
  public Integer call() throws IOException, InterruptedException {
    JsonNode job = follower.run("dry-run", from, to, Map.of("definition", Files.readString(file)));
    if (!follower.isJson() && job.hasNonNull("report")) {
      print(job.path("report"), System.out);
    }
    return JobFollower.exitCode(job);
  }

  /** A line for each day and one for each alert. */
  static void print(JsonNode report, PrintStream out) {
    List<String> grades = Arrays.stream(Grade.values()).map(Grade::key).toList();
    TrialTables.days(report, grades, "grades", "alerts", "alerts", out);
    if (report.path("alerts").isEmpty()) {
      return;
    }
    out.println();
    List<List<String>> alerts = new ArrayList<>();
    alerts.add(List.of("alert from", "to", "region", "grade", "value", "why"));
    for (JsonNode alert : report.path("alerts")) {
      List<String> line = TrialTables.whenAndWhere(alert);
      line.addAll(
          List.of(
              alert.path("grade").asText(),
              alert.path("value").asText("–"),
              alert.path("en").path(0).asText()));
      alerts.add(line);
    }
    TextTable.print(alerts, out);
  }
}
