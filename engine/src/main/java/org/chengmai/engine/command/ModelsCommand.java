package org.chengmai.engine.command;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.chengmai.engine.shell.TextTable;
import org.chengmai.indicators.json.Json;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The trained models of the running engine, and the way back to an earlier one. */
@Command(
    name = "models",
    description = "List trained models, or put an earlier one back in force.",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "WHAT")
final class ModelsCommand {

  @Command(
      name = "list",
      description = "Every version, what became of it, and how it did against the champion.",
      mixinStandardHelpOptions = true)
  int list(
      @Option(names = "--code", description = "Of this indicator alone.") @Nullable String code,
      @Mixin EngineAddress engine)
      throws IOException, InterruptedException {
    JsonNode models =
        engine
            .json(engine.request("/api/v1/models" + (code == null ? "" : "?code=" + code)))
            .path("models");
    List<List<String>> lines = new ArrayList<>();
    lines.add(
        List.of("code", "model", "state", "trained", "error", "champion's", "decided by", "why"));
    for (JsonNode model : models) {
      JsonNode verdict = model.path("verdict");
      boolean isCompared = verdict.path("champion").isInt();
      lines.add(
          List.of(
              model.path("code").asText(),
              model.path("name").asText() + "@" + model.path("version").asInt(),
              model.path("state").asText(),
              model.path("trainedAt").asText(),
              isCompared ? number(verdict.path("challengerError").asDouble()) : "–",
              isCompared ? number(verdict.path("championError").asDouble()) : "–",
              model.path("decidedBy").asText("–"),
              model.path("reason").asText("–")));
    }
    TextTable.print(lines, System.out);
    return 0;
  }

  @Command(
      name = "rollback",
      description = "Put an earlier version back in force, until a challenger beats it.",
      mixinStandardHelpOptions = true)
  int rollBack(
      @Parameters(index = "0", paramLabel = "MODEL", description = "Such as tribuo-outlook.")
          String name,
      @Parameters(index = "1", paramLabel = "CODE", description = "The indicator.") String code,
      @Option(
              names = "--to",
              paramLabel = "VERSION",
              description = "Default: the one in force before.")
          @Nullable Integer version,
      @Option(names = "--note", description = "Why.") @Nullable String note,
      @Mixin EngineAddress engine)
      throws IOException, InterruptedException {
    Map<String, Object> request = new LinkedHashMap<>();
    if (version != null) {
      request.put("version", version);
    }
    if (note != null) {
      request.put("note", note);
    }
    JsonNode answer =
        engine.json(
            engine
                .request("/api/v1/models/%s/%s/rollback".formatted(name, code))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(Json.write(request))));
    System.out.printf("%s@%d of %s is in force%n", name, answer.path("version").asInt(), code);
    return 0;
  }

  private static String number(double error) {
    return String.format(Locale.ROOT, "%.4f", error);
  }
}
