package org.chengmai.engine.sql;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * PostgreSQL's {@code value::type} as {@code CAST(value AS type)}. Calcite's parser reads the
 * former too, and casts all that stands before it: in {@code a = '5'::int} the comparison.
 */
final class InfixCasts {
  private static final Pattern TOKENS =
      Pattern.compile(
          SqlText.UNTOUCHED + "|\\s++|[\\w$]++|::|.",
          Pattern.DOTALL | Pattern.UNICODE_CHARACTER_CLASS);

  /** Before parentheses these are no names of functions. */
  private static final Set<String> WORDS =
      Set.of(
          "and",
          "or",
          "not",
          "in",
          "when",
          "then",
          "else",
          "case",
          "where",
          "on",
          "select",
          "by",
          "having",
          "between",
          "like",
          "ilike",
          "similar",
          "is",
          "from",
          "as",
          "values",
          "any",
          "all",
          "some",
          "exists",
          "distinct",
          "limit",
          "offset",
          "union",
          "except",
          "intersect",
          "join",
          "using",
          "over",
          "filter",
          "within",
          "end",
          "escape",
          "to",
          "with",
          "lateral");

  /** Before texts these make another literal of them. */
  private static final Set<String> LITERALS =
      Set.of("date", "time", "timestamp", "interval", "x", "n", "e", "u&");

  /** First words of types of several words, which all go on with one of the second. */
  private static final Set<String> LONG_TYPES =
      Set.of("double", "character", "timestamp", "time", "bit");

  private static final Set<String> FURTHER =
      Set.of("precision", "varying", "with", "without", "time", "zone");

  private static final int MOST = 1000;

  private final List<String> read = new ArrayList<>();
  private final List<String> tokens = new ArrayList<>();
  private int next;

  private InfixCasts(String sql) {
    Matcher token = TOKENS.matcher(sql);
    while (token.find()) {
      tokens.add(token.group());
    }
  }

  static String replaced(String sql) {
    if (!sql.contains("::")) {
      return sql;
    }
    InfixCasts casts = new InfixCasts(sql);
    long count = casts.tokens.stream().filter("::"::equals).count();
    return count == 0 || count > MOST ? sql : casts.text();
  }

  private String text() {
    while (next < tokens.size()) {
      String token = tokens.get(next++);
      int start = token.equals("::") ? start(last(read.size() - 1)) : -1;
      if (start < 0) {
        read.add(token);
        continue;
      }
      read.addAll(start, List.of("CAST", "("));
      read.add(" AS ");
      type();
      read.add(")");
    }
    return String.join("", read);
  }

  /** The last place from there back that is neither blank nor a comment; -1 for none. */
  private int last(int from) {
    int at = from;
    while (at >= 0 && isBlank(read.get(at))) {
      at--;
    }
    return at;
  }

  private static boolean isBlank(String token) {
    return token.isBlank() || token.startsWith("--") || token.startsWith("/*");
  }

  private static boolean isName(String token) {
    return Character.isLetterOrDigit(token.charAt(0))
        || token.charAt(0) == '_'
        || token.charAt(0) == '"'
        || token.charAt(0) == '$';
  }

  private boolean isWord(int at, Set<String> words) {
    return at >= 0 && words.contains(read.get(at).toLowerCase(Locale.ROOT));
  }

  /** Where the value begins that ends there; -1 when there is none. */
  private int start(int end) {
    if (end < 0) {
      return -1;
    }
    String token = read.get(end);
    switch (token) {
      case ")" -> {
        int open = opened(end, "(", ")");
        int before = last(open - 1);
        return open > 0 && before >= 0 && isName(read.get(before)) && !isWord(before, WORDS)
            ? qualified(before)
            : open;
      }
      case "]" -> {
        int open = opened(end, "[", "]");
        return open < 0 ? -1 : start(last(open - 1));
      }
      default -> {
        if (token.equalsIgnoreCase("end")) {
          return opened(end, "case", "end");
        }
        if (token.startsWith("'")) {
          int before = last(end - 1);
          return isWord(before, LITERALS) ? before : joined(end);
        }
        return isName(token) || token.equals("?") ? qualified(end) : -1;
      }
    }
  }

  /** A text with doubled quotes in it is several tokens. */
  private int joined(int end) {
    int at = end;
    while (at > 0 && read.get(at - 1).startsWith("'")) {
      at--;
    }
    return at;
  }

  private int opened(int end, String open, String close) {
    int depth = 0;
    for (int at = end; at >= 0; at--) {
      if (read.get(at).equalsIgnoreCase(close)) {
        depth++;
      } else if (read.get(at).equalsIgnoreCase(open) && --depth == 0) {
        return at;
      }
    }
    return -1;
  }

  /** Where a name with dots begins that ends there; a number with a point is one too. */
  private int qualified(int end) {
    int at = end;
    while (at >= 2 && read.get(at - 1).equals(".") && isName(read.get(at - 2))) {
      at -= 2;
    }
    return at;
  }

  /** Takes over the type that follows. */
  private void type() {
    blanks();
    String first = take();
    while (peek().equals(".")) {
      take();
      first = take();
    }
    if (LONG_TYPES.contains(first.toLowerCase(Locale.ROOT))) {
      further();
    }
    if (peek().equals("(")) {
      while (next < tokens.size() && !take().equals(")")) {
        // digits and a comma
      }
      further();
    }
    while (peek().equals("[") && next + 1 < tokens.size() && tokens.get(next + 1).equals("]")) {
      next += 2;
      read.add(" ARRAY");
    }
  }

  private void further() {
    while (next + 1 < tokens.size()
        && tokens.get(next).isBlank()
        && FURTHER.contains(tokens.get(next + 1).toLowerCase(Locale.ROOT))) {
      take();
      take();
    }
  }

  private void blanks() {
    while (peek().isBlank() && !peek().isEmpty()) {
      next++;
    }
  }

  private String peek() {
    return next < tokens.size() ? tokens.get(next) : "";
  }

  private String take() {
    String token = peek();
    next++;
    read.add(token);
    return token;
  }
}
