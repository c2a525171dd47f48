package org.chengmai.engine.shell;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Lays rows out for people, as they come. Used by one thread. */
final class ResultPrinter {
  /** The first so many rows decide how wide a table's columns are. */
  private static final int PAGE = 1000;

  private final Output out;

  ResultPrinter(Output out) {
    this.out = out;
  }

  /** Prints all rows; answers how many they were. */
  long print(ResultRows rows, ResultFormat format) throws IOException {
    return switch (format) {
      case VERTICAL -> vertical(rows);
      case MARKDOWN -> markdown(rows);
      default -> table(rows);
    };
  }

  private long table(ResultRows rows) throws IOException {
    long count = 0;
    int[] widths = new int[rows.names().size()];
    List<List<String>> page = page(rows);
    TextTable.widen(widths, List.of(rows.names()));
    TextTable.widen(widths, page);
    out.print(TextTable.line(rows.names(), widths) + TextTable.rule(widths));
    while (!page.isEmpty()) {
      for (List<String> row : page) {
        out.print(TextTable.line(row, widths));
      }
      out.flush();
      count += page.size();
      page = page(rows);
    }
    return count;
  }

  private static List<List<String>> page(ResultRows rows) throws IOException {
    List<List<String>> page = new ArrayList<>();
    while (page.size() < PAGE) {
      List<String> row = rows.next();
      if (row == null) {
        break;
      }
      page.add(row);
    }
    return page;
  }

  private long vertical(ResultRows rows) throws IOException {
    int width = rows.names().stream().mapToInt(TextTable::width).max().orElse(0);
    long count = 0;
    for (@Nullable List<String> row = rows.next(); row != null; row = rows.next()) {
      count++;
      out.print("─── %,d ───\n".formatted(count));
      for (int i = 0; i < row.size(); i++) {
        String name = rows.names().get(i);
        out.print(
            name + " ".repeat(width - TextTable.width(name)) + "  " + row.get(i).strip() + '\n');
      }
    }
    return count;
  }

  private long markdown(ResultRows rows) throws IOException {
    out.print(markdown(rows.names()));
    out.print("|---".repeat(rows.names().size()) + "|\n");
    long count = 0;
    for (@Nullable List<String> row = rows.next(); row != null; row = rows.next()) {
      out.print(markdown(row));
      count++;
    }
    return count;
  }

  private static String markdown(List<String> cells) {
    StringBuilder line = new StringBuilder("|");
    cells.forEach(cell -> line.append(' ').append(cell.replace("|", "\\|")).append(" |"));
    return line.append('\n').toString();
  }
}
