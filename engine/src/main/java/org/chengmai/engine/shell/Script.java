package org.chengmai.engine.shell;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Text cut into statements at semicolons that are neither quoted nor in comments. Immutable.
 *
 * @param statements without their semicolons
 * @param rest what no semicolon ends yet, as it is; empty if that is only blanks and whole comments
 */
record Script(List<String> statements, String rest) {

  static Script of(String text) {
    List<String> statements = new ArrayList<>();
    int start = 0;
    boolean isBlank = true;
    int at = 0;
    while (at < text.length()) {
      int end = end(text, at);
      if (text.charAt(at) == ';') {
        if (!isBlank) {
          statements.add(text.substring(start, at).strip());
        }
        start = end;
        isBlank = true;
      } else if (!Character.isWhitespace(text.charAt(at)) && !isWholeComment(text, at, end)) {
        isBlank = false;
      }
      at = end;
    }
    return new Script(List.copyOf(statements), isBlank ? "" : text.substring(start));
  }

  /** Where the quoted text, the comment or the character ends that begins there. */
  private static int end(String text, int at) {
    char first = text.charAt(at);
    if (first == '\'' || first == '"') {
      // a doubled quote is the end of one quoted text and the beginning of the next
      return after(text, text.indexOf(first, at + 1), 1);
    }
    if (text.startsWith("--", at)) {
      return after(text, text.indexOf('\n', at), 0);
    }
    if (text.startsWith("/*", at)) {
      return after(text, text.indexOf("*/", at + 2), 2);
    }
    return at + 1;
  }

  private static int after(String text, int found, int length) {
    return found < 0 ? text.length() : found + length;
  }

  private static boolean isWholeComment(String text, int at, int end) {
    return text.startsWith("--", at)
        || text.startsWith("/*", at) && end - at > 3 && text.startsWith("*/", end - 2);
  }

  /** A statement with {@code ?} in place of names. */
  record Bound(String sql, List<String> values) {}

  /** Puts a parameter where {@code :name} stands for one of these. */
  static Bound bind(String sql, Map<String, String> variables) {
    List<String> values = new ArrayList<>();
    StringBuilder bound = new StringBuilder();
    int at = 0;
    while (at < sql.length()) {
      int end = end(sql, at);
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
