package org.chengmai.engine.command;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import org.chengmai.engine.shell.TextTable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Has the running engine try an indicator's detectors on its stored history. */
@Command(
    name = "backtest",
    description =
        "What an indicator's detectors would have alarmed on its stored history, per day, beside the alerts there were.",
    mixinStandardHelpOptions = true)
final class BacktestCommand implements Callable<Integer> {
  @Option(names = "--indicator", required = true, description = "Code, such as CVS-ENV-0001.")
  private String indicator = "";

  @Option(names = "--region", description = "Code of a region; default all that are watched.")
  private @Nullable String region;

  @Option(names = "--from", required = true, description = "The first time, or date in China.")
  private String from = "";

  @Option(names = "--to", description = "The time or date to stop before; default now.")
  private @Nullable String to;

  @Mixin private JobFollower follower = new JobFollower();

  @Override
  public Integer call() throws IOException, InterruptedException {
    List<String> codes = List.of(region == null ? indicator : indicator + "/" + region);
    JsonNode job = follower.run("backtest", from, to, Map.of("codes", codes));
    if (!follower.isJson() && job.hasNonNull("report")) {
      print(job.path("report"), System.out);
    }
    return JobFollower.exitCode(job);
  }

  /** A line for each day and one for each alert that would have been. */
  static void print(JsonNode report, PrintStream out) {
    TreeSet<String> detectors = new TreeSet<>();
    report
        .path("days")
        .forEach(day -> day.path("alerts").fieldNames().forEachRemaining(detectors::add));
    TrialTables.days(report, detectors, "alerts", "alerts there were", "raised", out);
    printModels(report, out);
    if (!report.path("alerts").isEmpty()) {
      out.println();
      printAlerts(report, out);
    }
  }

  private static void printModels(JsonNode report, PrintStream out) {
    List<JsonNode> seen = new ArrayList<>();
    report.path("models").forEach(seen::add);
    seen.removeIf(model -> !model.path("hasSeen").asBoolean());
    if (!seen.isEmpty()) {
      out.println();
    }
    for (JsonNode model : seen) {
      out.printf(
          "%s@%s was trained at %s and may know some of this time: its alerts are no blind result%n",
          model.path("name").asText(),
          model.path("version").asText(),
          model.path("trainedAt").asText());
    }
  }

  private static void printAlerts(JsonNode report, PrintStream out) {
    Map<String, JsonNode> raised = new HashMap<>();
    report.path("raised").forEach(one -> raised.put(one.path("id").asText(), one));
    List<List<String>> lines = new ArrayList<>();
    lines.add(
        List.of(
            "alert from",
            "to",
            "region",
            "detector",
            "grade",
            "score",
            "there was",
            "note",
            "why"));
    for (JsonNode alarm : report.path("alerts")) {
      JsonNode alert = alarm.path("alert");
      JsonNode was = raised.get(alarm.path("raised").asText());
      List<String> line = TrialTables.whenAndWhere(alert);
      line.addAll(
          List.of(
              alert.path("detector").asText(),
              alert.path("grade").asText(),
              String.format(Locale.ROOT, "%.1f", alert.path("score").asDouble()),
              was == null ? "–" : was.path("state").asText(),
              was == null ? "" : was.path("note").asText(""),
              alert.path("en").path(0).asText()));
      lines.add(line);
    }
    TextTable.print(lines, out);
  }
}
