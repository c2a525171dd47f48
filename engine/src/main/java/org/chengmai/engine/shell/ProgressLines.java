package org.chengmai.engine.shell;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** How far a query is: a line for each step, drawn over the lines before. Not thread-safe. */
final class ProgressLines {
  private final PrintStream terminal;
  private final boolean isShown;
  private int drawn;

  /**
   * @param isShown false where nobody looks
   */
  ProgressLines(PrintStream terminal, boolean isShown) {
    this.terminal = terminal;
    this.isShown = isShown;
  }

  /**
   * @param query as {@code /api/v1/sql/queries/{id}} has it
   */
  void show(JsonNode query) {
    if (!isShown) {
      return;
    }
    clear();
    List<String> lines = lines(query);
    lines.forEach(line -> terminal.print(line + "\n"));
    terminal.flush();
    drawn = lines.size();
  }

  /** Leaves no trace. */
  void clear() {
    if (drawn > 0) {
      terminal.print("\033[%dA\033[J".formatted(drawn));
      terminal.flush();
      drawn = 0;
    }
  }

  static List<String> lines(JsonNode query) {
    String state = query.path("state").asText();
    if (state.equals("queued")) {
      return List.of("  waiting for its turn: " + query.path("position").asInt());
    }
    List<String> lines = new ArrayList<>();
    for (JsonNode step : query.path("steps")) {
      lines.add(
          String.format(
              Locale.ROOT,
              "  %s %s %s: %,d of about %,d rows, %,.1f MB, %,.1f s",
              step.path("isDone").asBoolean() ? "✓" : "…",
              step.path("name").asText(),
              step.path("source").asText(),
              step.path("rows").asLong(),
              step.path("estimatedRows").asLong(),
              step.path("bytes").asLong() / 1e6,
              step.path("millis").asLong() / 1e3));
    }
    return lines.isEmpty() ? List.of("  " + state) : lines;
  }
}
