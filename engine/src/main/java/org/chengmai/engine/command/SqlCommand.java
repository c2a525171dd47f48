package org.chengmai.engine.command;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.chengmai.indicators.json.Json;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
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

  @Mixin private EngineAddress engine = new EngineAddress();

  @Override
  public Integer call() throws IOException, InterruptedException {
    String sql = query.file == null ? String.valueOf(query.text) : Files.readString(query.file);
    HttpRequest.Builder request =
        engine
            .request("/api/v1/sql")
            .header("Content-Type", "application/json")
            .header("Accept", format.contentType)
            .POST(HttpRequest.BodyPublishers.ofString(Json.write(Map.of("sql", sql))));
    try (InputStream body = engine.send(request)) {
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
    TextTable.print(lines, out);
    out.println("(%d rows, %d ms)".formatted(lines.size() - 1, result.path("elapsed_ms").asLong()));
  }
}
