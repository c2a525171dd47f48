package org.chengmai.engine.command;

import java.io.PrintStream;
import java.util.List;

/** A table on a terminal, its columns as wide as their widest cell. */
final class TextTable {
  private TextTable() {}

  /**
   * @param lines the first one is the heading; all of the same length
   */
  static void print(List<List<String>> lines, PrintStream out) {
    out.print(text(lines));
  }

  /** The same as a text. */
  static String text(List<List<String>> lines) {
    int[] widths = new int[lines.get(0).size()];
    for (List<String> line : lines) {
      for (int i = 0; i < line.size(); i++) {
        widths[i] = Math.max(widths[i], width(line.get(i)));
      }
    }
    StringBuilder all = new StringBuilder();
    for (int n = 0; n < lines.size(); n++) {
      StringBuilder text = new StringBuilder();
      for (int i = 0; i < widths.length; i++) {
        String cell = lines.get(n).get(i);
        text.append(i == 0 ? "" : "  ").append(cell).append(" ".repeat(widths[i] - width(cell)));
      }
      all.append(text.toString().stripTrailing()).append('\n');
      if (n == 0) {
        for (int i = 0; i < widths.length; i++) {
          all.append(i == 0 ? "" : "  ").append("─".repeat(widths[i]));
        }
        all.append('\n');
      }
    }
    return all.toString();
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
