package org.chengmai.engine.sql;

import java.util.Arrays;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.calcite.sql.SqlBasicCall;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlDataTypeSpec;
import org.apache.calcite.sql.SqlFunctionCategory;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlLiteral;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlUnresolvedFunction;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.util.Util;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;
import org.jspecify.annotations.Nullable;

/**
 * What PostgreSQL's clients write, mostly in questions to its catalogue, and Calcite's parser does
 * not know: {@code E'a\\n'}, {@code OPERATOR(pg_catalog.~)}, {@code COLLATE}, {@code = ANY
 * ('{a,b}'::text[])}, {@code generate_series(1, 32)} as a table, {@code 'library.table'::regclass}.
 */
final class PostgresSyntax {
  private static final int MOST_SERIES = 1000;

  private static final Pattern FORMS =
      Pattern.compile(
          "(?<![\\w$])E'((?:[^'\\\\]|\\\\.|'')*+)'"
              + "|(=|<>)\\s*(?:ANY|ALL)\\s*\\(\\s*'\\{([^'{}]*)\\}'\\s*::\\s*(?:pg_catalog\\.)?text\\s*\\[\\s*\\]\\s*\\)"
              + "|\\bOPERATOR\\s*\\(\\s*pg_catalog\\s*\\.\\s*([^\\s)]+)\\s*\\)"
              + "|(\\bCOLLATE\\s+(?:pg_catalog\\s*\\.\\s*)?(?:\"?default\"?|\"C\"))"
              + "|\\b(?:pg_catalog\\.)?generate_series\\(\\s*(\\d{1,9})\\s*,\\s*(\\d{1,9})\\s*\\)"
              + "|\\b(pg_catalog\\.pg_get_keywords)\\(\\s*\\)"
              + "|('[^']*+'|[\\w.]+)\\s*=\\s*any\\s*\\(\\s*([\\w.]+)\\s*\\)"
              // the schemas of names without one, of which there is one
              + "|(\\bgenerate_series\\(1, array_upper\\(current_schemas\\(false\\), 1\\)\\))"
              // what psql asks of TOAST tables, which there are not
              + "|(\\|\\|\\s*array\\(select 'toast\\.' \\|\\| x from pg_catalog\\.unnest\\([^)]*\\) x\\))"
              + "|"
              + SqlText.UNTOUCHED,
          Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

  private static final Pattern ESCAPE =
      Pattern.compile(
          "\\\\(u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|x[0-9a-fA-F]{1,2}|[0-7]{1,3}|.)", Pattern.DOTALL);

  private PostgresSyntax() {}

  /** The text for the parser, as long as the old where that can be. */
  static String normal(String sql) {
    return InfixCasts.replaced(
        FORMS.matcher(sql).replaceAll(match -> Matcher.quoteReplacement(replaced(match))));
  }

  private static String replaced(MatchResult match) {
    String old = match.group();
    String text = old;
    if (match.group(1) != null) {
      text = unescaped(match.group(1));
    } else if (match.group(2) != null) {
      text =
          Arrays.stream(match.group(3).split(","))
              .map(word -> "'" + word + "'")
              .collect(
                  Collectors.joining(",", match.group(2).equals("=") ? "IN (" : "NOT IN (", ")"));
    } else if (match.group(4) != null) {
      text = match.group(4);
    } else if (match.group(5) != null || match.group(12) != null) {
      text = "";
    } else if (match.group(6) != null) {
      text = series(Integer.parseInt(match.group(6)), Integer.parseInt(match.group(7)), old);
    } else if (match.group(8) != null) {
      text = match.group(8);
    } else if (match.group(9) != null) {
      text = "is_any_of(%s,%s)".formatted(match.group(9), match.group(10));
    } else if (match.group(11) != null) {
      text = series(1, 1, old);
    }
    return text + " ".repeat(Math.max(0, old.length() - text.length()));
  }

  private static String series(int first, int last, String old) {
    return last - first < 0 || last - first >= MOST_SERIES
        ? old
        : IntStream.rangeClosed(first, last)
            .mapToObj(number -> "(" + number + ")")
            .collect(Collectors.joining(",", "(VALUES ", ")"));
  }

  /** A text with backslashes as one without. */
  private static String unescaped(String escaped) {
    return "'"
        + ESCAPE
            .matcher(escaped)
            .replaceAll(match -> Matcher.quoteReplacement(character(match.group(1))))
        + "'";
  }

  private static String character(String escape) {
    return switch (escape.charAt(0)) {
      case 'n' -> "\n";
      case 'r' -> "\r";
      case 't' -> "\t";
      case 'b' -> "\b";
      case 'f' -> "\f";
      case '\'' -> "''";
      case 'u', 'U', 'x' ->
          escape.length() == 1 ? escape : code(Integer.parseUnsignedInt(escape.substring(1), 16));
      case '0', '1', '2', '3', '4', '5', '6', '7' -> code(Integer.parseInt(escape, 8));
      default -> escape;
    };
  }

  private static String code(int point) {
    if (!Character.isValidCodePoint(point) || point == 0) {
      throw new ChengmaiException(
          ErrorCode.INVALID_INPUT, "a text has a character that there is not");
    }
    return point == '\'' ? "''" : Character.toString(point);
  }

  /** The tree with names of tables as their numbers. */
  static SqlNode normal(SqlNode query) {
    return java.util.Objects.requireNonNull(
        query.accept(
            new TreeCopy() {
              @Override
              public @Nullable SqlNode visit(SqlCall call) {
                return call instanceof SqlBasicCall cast && isToTable(cast)
                    ? number((SqlLiteral) cast.operand(0), cast.getParserPosition())
                    : super.visit(call);
              }
            }));
  }

  private static boolean isToTable(SqlBasicCall cast) {
    return cast.getKind() == SqlKind.CAST
        && cast.operand(1) instanceof SqlDataTypeSpec type
        && Util.last(type.getTypeNameSpec().getTypeName().names)
            .equalsIgnoreCase(PostgresType.REGCLASS.typeName())
        && cast.operand(0) instanceof SqlLiteral literal
        && SqlLiteral.stringValue(literal) != null;
  }

  private static SqlNode number(SqlLiteral name, SqlParserPos place) {
    String text = String.valueOf(SqlLiteral.stringValue(name));
    return text.matches("\\d{1,9}")
        ? SqlLiteral.createExactNumeric(text, place)
        : new SqlUnresolvedFunction(
                new SqlIdentifier("to_regclass", place),
                null,
                null,
                null,
                null,
                SqlFunctionCategory.USER_DEFINED_FUNCTION)
            .createCall(place, List.of(name));
  }
}
