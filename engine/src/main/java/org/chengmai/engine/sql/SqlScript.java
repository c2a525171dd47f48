package org.chengmai.engine.sql;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Text cut into statements at semicolons that are neither quoted nor in comments. Immutable.
 *
 * @param ended the statements before semicolons; those with nothing in them are left out
 * @param rest what no semicolon ends; null if that is only blanks and whole comments
 */
public record SqlScript(List<Statement> ended, @Nullable Statement rest) {
  private static final Pattern DOLLARS = Pattern.compile("\\$(?:[a-zA-Z_]\\w*+)?\\$");

  /**
   * One statement.
   *
   * @param sql as it is in the text, without its semicolon
   * @param start where it begins in the whole text, in characters
   */
  public record Statement(String sql, int start) {}

  public SqlScript {
    ended = List.copyOf(ended);
  }

  public static SqlScript of(String text) {
    List<Statement> ended = new ArrayList<>();
    int start = 0;
    boolean isBlank = true;
    int at = 0;
    while (at < text.length()) {
      int end = end(text, at);
      if (text.charAt(at) == ';') {
        if (!isBlank) {
          ended.add(statement(text, start, at));
        }
        start = end;
        isBlank = true;
      } else if (!Character.isWhitespace(text.charAt(at)) && !isWholeComment(text, at, end)) {
        isBlank = false;
      }
      at = end;
    }
    return new SqlScript(ended, isBlank ? null : statement(text, start, text.length()));
  }

  private static Statement statement(String text, int start, int end) {
    return new Statement(text.substring(start, end), text.codePointCount(0, start));
  }

  /** The statements in their order; one at the end needs no semicolon. */
  public List<Statement> statements() {
    List<Statement> all = new ArrayList<>(ended);
    if (rest != null) {
      all.add(rest);
    }
    return all;
  }

  /** Where the quoted text, the comment or the character ends that begins at a place. */
  public static int end(String text, int at) {
    char first = text.charAt(at);
    if (first == '\'' || first == '"') {
      // a doubled quote is the end of one quoted text and the beginning of the next
      return after(text, text.indexOf(first, at + 1), 1);
    }
    if (first == '$') {
      Matcher quote = DOLLARS.matcher(text).region(at, text.length());
      return quote.lookingAt()
          ? after(text, text.indexOf(quote.group(), quote.end()), quote.group().length())
          : at + 1;
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

  /** A statement from its first word, without semicolons at its end. */
  public static String withoutComments(String sql) {
    int at = 0;
    while (at < sql.length()) {
      int end = end(sql, at);
      if (!Character.isWhitespace(sql.charAt(at)) && !isWholeComment(sql, at, end)) {
        break;
      }
      at = end;
    }
    String text = sql.substring(at).strip();
    while (text.endsWith(";")) {
      text = text.substring(0, text.length() - 1).strip();
    }
    return text;
  }
}
