package org.chengmai.engine.command;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.chengmai.engine.shell.TextTable;

/** What the tables of dry-run and backtest have in common. */
final class TrialTables {
  private TrialTables() {}

  /**
   * A line for each day: its values, the missing ones, a count for each column, and a last count.
   *
   * @param columns keys of the day's {@code counts}
   * @param total heading of the last count
   * @param totalKey where a day tells it
   */
  static void days(
      JsonNode report,
      Collection<String> columns,
      String counts,
      String total,
      String totalKey,
      PrintStream out) {
    List<List<String>> lines = new ArrayList<>();
    List<String> heading = new ArrayList<>(List.of("day", "values", "missing"));
    heading.addAll(columns);
    heading.add(total);
    lines.add(heading);
    for (JsonNode day : report.path("days")) {
      List<String> line = new ArrayList<>();
      line.add(day.path("date").asText());
      line.add(day.path("values").asText());
      line.add(day.path("missing").asText());
      columns.forEach(column -> line.add(day.path(counts).path(column).asText("0")));
      line.add(day.path(totalKey).asText());
      lines.add(line);
    }
    TextTable.print(lines, out);
  }

  /** The first three cells of an alert's line; more may be added. */
  static List<String> whenAndWhere(JsonNode alert) {
    String dimensions = alert.path("dimensions").asText();
    List<String> cells = new ArrayList<>();
    cells.add(alert.path("from").asText());
    cells.add(alert.path("to").asText("–"));
    cells.add(alert.path("region").asText() + (dimensions.isEmpty() ? "" : " " + dimensions));
    return cells;
  }
}
