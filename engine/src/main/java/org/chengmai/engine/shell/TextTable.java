package org.chengmai.engine.shell;

import java.io.PrintStream;
import java.util.List;
import org.jline.utils.WCWidth;

/** A table on a terminal, its columns as wide as their widest cell. */
public final class TextTable {
  private TextTable() {}

  /**
   * @param lines the first one is the heading; all of the same length
   */
  public static void print(List<List<String>> lines, PrintStream out) {
    out.print(text(lines));
  }

  /** The same as a text. */
  public static String text(List<List<String>> lines) {
    int[] widths = new int[lines.get(0).size()];
    widen(widths, lines);
    StringBuilder all = new StringBuilder();
    for (int n = 0; n < lines.size(); n++) {
      all.append(line(lines.get(n), widths));
      if (n == 0) {
        all.append(rule(widths));
      }
    }
    return all.toString();
  }

  /** Makes columns as wide as their widest cell. */
  static void widen(int[] widths, List<List<String>> lines) {
    for (List<String> line : lines) {
      for (int i = 0; i < widths.length; i++) {
        widths[i] = Math.max(widths[i], width(line.get(i)));
      }
    }
  }

  static String line(List<String> cells, int[] widths) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < widths.length; i++) {
      String cell = cells.get(i);
      text.append(i == 0 ? "" : "  ")
          .append(cell)
          .append(" ".repeat(Math.max(0, widths[i] - width(cell))));
    }
    return text.toString().stripTrailing() + '\n';
  }

  static String rule(int[] widths) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < widths.length; i++) {
      text.append(i == 0 ? "" : "  ").append("─".repeat(widths[i]));
    }
    return text.append('\n').toString();
  }

  /** Columns on a terminal: Chinese characters and full-width forms take two. */
  static int width(String text) {
    return text.codePoints().map(point -> Math.max(0, WCWidth.wcwidth(point))).sum();
  }
}
