package org.chengmai.engine.pgwire;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Cuts a text into its statements. */
final class SqlScript {
  /** Semicolons in these separate nothing. */
  private static final Pattern PARTS =
      Pattern.compile(
          "'[^']*+'|\"[^\"]*+\"|--[^\\n]*+|/\\*.*?\\*/|(\\$(?:[a-zA-Z_]\\w*)?\\$).*?\\1|(;)",
          Pattern.DOTALL);

  private static final Pattern BEFORE =
      Pattern.compile("(?:\\s++|--[^\\n]*+|/\\*.*?\\*/)*+", Pattern.DOTALL);

  /**
   * @param start where it begins in the whole text, in characters
   */
  record Statement(String sql, int start) {}

  private SqlScript() {}

  /** The statements in order; those with nothing in them are left out. */
  static List<Statement> statements(String text) {
    List<Statement> statements = new ArrayList<>();
    Matcher part = PARTS.matcher(text);
    int start = 0;
    while (part.find()) {
      if (part.group(2) != null) {
        add(statements, text, start, part.start());
        start = part.end();
      }
    }
    add(statements, text, start, text.length());
    return statements;
  }

  private static void add(List<Statement> statements, String text, int start, int end) {
    String sql = text.substring(start, end);
    if (!withoutComments(sql).isEmpty()) {
      statements.add(new Statement(sql, text.codePointCount(0, start)));
    }
  }

  /** A statement from its first word, without a semicolon at its end. */
  static String withoutComments(String sql) {
    Matcher before = BEFORE.matcher(sql);
    String text = (before.lookingAt() ? sql.substring(before.end()) : sql).strip();
    while (text.endsWith(";")) {
      text = text.substring(0, text.length() - 1).strip();
    }
    return text;
  }
}
