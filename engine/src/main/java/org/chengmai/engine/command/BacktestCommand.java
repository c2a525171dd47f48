package org.chengmai.engine.command;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.Callable;
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
    Map<String, Object> request = new LinkedHashMap<>();
    request.put("kind", "backtest");
    request.put("codes", List.of(region == null ? indicator : indicator + "/" + region));
    request.put("from", from);
    if (to != null) {
      request.put("to", to);
    }
    JsonNode job = follower.run(request);
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
    List<List<String>> days = new ArrayList<>();
    List<String> heading = new ArrayList<>(List.of("day", "values", "missing"));
    heading.addAll(detectors);
    heading.add("alerts there were");
    days.add(heading);
    for (JsonNode day : report.path("days")) {
      List<String> line =
          new ArrayList<>(
              List.of(
                  day.path("date").asText(),
                  day.path("values").asText(),
                  day.path("missing").asText()));
      detectors.forEach(detector -> line.add(day.path("alerts").path(detector).asText("0")));
      line.add(day.path("raised").asText());
      days.add(line);
    }
    TextTable.print(days, out);
    for (JsonNode model : report.path("models")) {
      if (model.path("hasSeen").asBoolean()) {
        out.printf(
            "%n%s@%s was trained at %s and may know some of this time: its alerts are no blind result%n",
            model.path("name").asText(),
            model.path("version").asText(),
            model.path("trainedAt").asText());
      }
    }
    if (!report.path("alerts").isEmpty()) {
      out.println();
      printAlerts(report, out);
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
      String dimensions = alert.path("dimensions").asText();
      lines.add(
          List.of(
              alert.path("from").asText(),
              alert.path("to").asText("–"),
              alert.path("region").asText() + (dimensions.isEmpty() ? "" : " " + dimensions),
              alert.path("detector").asText(),
              alert.path("grade").asText(),
              String.format(Locale.ROOT, "%.1f", alert.path("score").asDouble()),
              was == null ? "–" : was.path("state").asText(),
              was == null ? "" : was.path("note").asText(""),
              alert.path("en").path(0).asText()));
    }
    TextTable.print(lines, out);
  }
}
