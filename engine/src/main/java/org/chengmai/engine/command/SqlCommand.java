package org.chengmai.engine.command;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.chengmai.engine.RunningEngine;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;
import org.chengmai.indicators.json.Json;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Runs a query on the running engine and prints its result. */
@Command(
    name = "sql",
    description = "Run federated SQL on the running engine.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Example:",
      "  ./chengmai sql \"SELECT code, region, val FROM indicators.vital_signs ORDER BY ts DESC LIMIT 10\""
    })
final class SqlCommand implements Callable<Integer> {

  /** How the result is printed. */
  enum Format {
    table("application/json"),
    csv("text/csv"),
    json("application/json"),
    arrow("application/vnd.apache.arrow.stream");

    private final String contentType;

    Format(String contentType) {
      this.contentType = contentType;
    }
  }

  /** The text itself or the file that holds it. */
  static final class Query {
    @Parameters(index = "0", paramLabel = "SQL", description = "The query.")
    @Nullable String text;

    @Option(
        names = {"-f", "--file"},
        description = "A file with the query, UTF-8.")
    @Nullable Path file;
  }

  @ArgGroup(multiplicity = "1")
  private Query query = new Query();

  @Option(
      names = "--format",
      defaultValue = "table",
      description = "${COMPLETION-CANDIDATES}; default ${DEFAULT-VALUE}.")
  private Format format = Format.table;

  @Option(
      names = "--dir",
      defaultValue = "data",
      description = "Data folder of the engine; default ./data.")
  private Path folder = Path.of("data");

  @Override
  public Integer call() throws IOException, InterruptedException {
    String sql = query.file == null ? String.valueOf(query.text) : Files.readString(query.file);
    RunningEngine engine = RunningEngine.require(folder);
    HttpRequest request =
        HttpRequest.newBuilder(engine.http().resolve("/api/v1/sql"))
            .header("Authorization", "Bearer " + engine.token())
            .header("Content-Type", "application/json")
            .header("Accept", format.contentType)
            .POST(HttpRequest.BodyPublishers.ofString(Json.write(Map.of("sql", sql))))
            .build();
    HttpResponse<InputStream> response =
        HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofInputStream());
    try (InputStream body = response.body()) {
      if (response.statusCode() != 200) {
        JsonNode error = Json.mapper().readTree(body).path("error");
        throw new ChengmaiException(ErrorCode.INVALID_INPUT, error.path("message").asText());
      }
      if (format == Format.table) {
        printTable(Json.mapper().readTree(body), System.out);
      } else {
        body.transferTo(System.out);
        System.out.flush();
      }
    }
    return 0;
  }

  private static void printTable(JsonNode result, PrintStream out) {
    List<List<String>> lines = new ArrayList<>();
    List<String> names = new ArrayList<>();
    result.path("columns").forEach(column -> names.add(column.path("name").asText()));
    lines.add(names);
    for (JsonNode row : result.path("rows")) {
      List<String> cells = new ArrayList<>();
      row.forEach(cell -> cells.add(cell.isNull() ? "∅" : cell.asText()));
      lines.add(cells);
    }
    int[] widths = new int[names.size()];
    for (List<String> line : lines) {
      for (int i = 0; i < line.size(); i++) {
        widths[i] = Math.max(widths[i], width(line.get(i)));
      }
    }
    for (int n = 0; n < lines.size(); n++) {
      StringBuilder text = new StringBuilder();
      for (int i = 0; i < widths.length; i++) {
        String cell = lines.get(n).get(i);
        text.append(i == 0 ? "" : "  ").append(cell).append(" ".repeat(widths[i] - width(cell)));
      }
      out.println(text.toString().stripTrailing());
      if (n == 0) {
        StringBuilder rule = new StringBuilder();
        for (int i = 0; i < widths.length; i++) {
          rule.append(i == 0 ? "" : "  ").append("─".repeat(widths[i]));
        }
        out.println(rule);
      }
    }
    out.println("(%d rows, %d ms)".formatted(lines.size() - 1, result.path("elapsed_ms").asLong()));
  }

  /** Columns on a terminal: Chinese characters and full-width forms take two. */
  static int width(String text) {
    return text.codePoints()
        .map(
            c ->
                c >= 0x1100 && c <= 0x115F
                        || c >= 0x2E80 && c <= 0xA4CF
                        || c >= 0xAC00 && c <= 0xD7A3
                        || c >= 0xF900 && c <= 0xFAFF
                        || c >= 0xFE30 && c <= 0xFE6F
                        || c >= 0xFF00 && c <= 0xFF60
                        || c >= 0x20000 && c <= 0x3FFFD
                    ? 2
                    : 1)
        .sum();
  }
}
