package org.chengmai.engine.command;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
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
    Map<String, Object> request = new LinkedHashMap<>();
    request.put("kind", "dry-run");
    request.put("definition", Files.readString(file));
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

  /** A line for each day and one for each alert. */
  static void print(JsonNode report, PrintStream out) {
    List<List<String>> days = new ArrayList<>();
    List<String> heading = new ArrayList<>(List.of("day", "values", "missing"));
    Arrays.stream(Grade.values()).map(Grade::key).forEach(heading::add);
    heading.add("alerts");
    days.add(heading);
    for (JsonNode day : report.path("days")) {
      List<String> line =
          new ArrayList<>(
              List.of(
                  day.path("date").asText(),
                  day.path("values").asText(),
                  day.path("missing").asText()));
      for (Grade grade : Grade.values()) {
        line.add(day.path("grades").path(grade.key()).asText("0"));
      }
      line.add(day.path("alerts").asText());
      days.add(line);
    }
    TextTable.print(days, out);
    if (report.path("alerts").isEmpty()) {
      return;
    }
    out.println();
    List<List<String>> alerts = new ArrayList<>();
    alerts.add(List.of("alert from", "to", "region", "grade", "value", "why"));
    for (JsonNode alert : report.path("alerts")) {
      String dimensions = alert.path("dimensions").asText();
      alerts.add(
          List.of(
              alert.path("from").asText(),
              alert.path("to").asText("–"),
              alert.path("region").asText() + (dimensions.isEmpty() ? "" : " " + dimensions),
              alert.path("grade").asText(),
              alert.path("value").asText("–"),
              alert.path("en").path(0).asText()));
    }
    TextTable.print(alerts, out);
  }
}
