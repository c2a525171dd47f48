package org.chengmai.engine.shell;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.chengmai.engine.sql.SqlScript;

/** The names in a statement that stand for values. */
final class Variables {
  private Variables() {}

  /** A statement with {@code ?} in place of names. */
  record Bound(String sql, List<String> values) {}

  /** Puts a parameter where {@code :name} stands for one of these. */
  static Bound bind(String sql, Map<String, String> variables) {
    List<String> values = new ArrayList<>();
    StringBuilder bound = new StringBuilder();
    int at = 0;
    while (at < sql.length()) {
      int end = SqlScript.end(sql, at);
      if (sql.charAt(at) == ':') {
        end = nameEnd(sql, at + 1);
        String value = variables.get(sql.substring(at + 1, end));
        if (value != null) {
          values.add(value);
          bound.append('?');
          at = end;
          continue;
        }
        // of a cast, :: is one
        end = Math.max(end, sql.startsWith("::", at) ? nameEnd(sql, at + 2) : 0);
      }
      bound.append(sql, at, end);
      at = end;
    }
    return new Bound(bound.toString(), List.copyOf(values));
  }

  private static int nameEnd(String text, int from) {
    int end = from;
    while (end < text.length()
        && (Character.isLetterOrDigit(text.charAt(end)) || text.charAt(end) == '_')) {
      end++;
    }
    return end;
  }
}
