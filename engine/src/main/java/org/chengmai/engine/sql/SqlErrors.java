package org.chengmai.engine.sql;

import java.sql.SQLException;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.arrow.memory.OutOfMemoryException;
import org.apache.calcite.runtime.CalciteContextException;
import org.apache.calcite.runtime.CalciteException;
import org.apache.calcite.sql.parser.SqlParseException;
import org.apache.calcite.sql.validate.SqlValidatorException;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;
import org.jspecify.annotations.Nullable;

/**
 * Calcite's and the sources' errors as ours: what is wrong, where it stands, and what was perhaps
 * meant.
 */
final class SqlErrors {
  /** What DuckDB says when the data do not fit the computation. */
  private static final Pattern IMPOSSIBLE =
      Pattern.compile("(?:Conversion|Out of Range|Invalid Input|Overflow) Error");

  /** What DuckDB says when neither memory nor disk is left. */
  private static final Pattern FULL =
      Pattern.compile("Out of Memory Error|IO Error: .*(?:No space left|disk space)");

  /**
   * The SQL states of names and types that do not fit, of texts that are no values of a type, of a
   * plan that is out of date; and DuckDB's words for them.
   */
  private static final Pattern CHANGED =
      Pattern.compile("42(?!501)|22P02|0A000|Binder Error|Catalog Error");

  private static final Pattern QUOTED = Pattern.compile("'([^']+)'");
  private static final Pattern WITHIN = Pattern.compile("not found within '([^']+)'");

  /** So many of a library's tables are named to who asks for one that it has not. */
  private static final int MOST_NAMED = 12;

  private SqlErrors() {}

  static ChengmaiException translate(Throwable error) {
    for (Throwable cause = error; cause != null; cause = cause.getCause()) {
      if (cause instanceof ChengmaiException known) {
        return known;
      }
      if (cause instanceof SqlParseException parse) {
        return new ChengmaiException(
            ErrorCode.INVALID_INPUT,
            "%sline %d, column %d"
                .formatted(
                    parseReason(parse), parse.getPos().getLineNum(), parse.getPos().getColumnNum()),
            error);
      }
      if (cause instanceof CalciteContextException context) {
        return new ChengmaiException(
            ErrorCode.INVALID_INPUT,
            "%s (line %d, column %d)"
                .formatted(reason(context), context.getPosLine(), context.getPosColumn()),
            error);
      }
      if (cause instanceof SqlValidatorException) {
        return new ChengmaiException(ErrorCode.INVALID_INPUT, reason(cause), error);
      }
      if (isUnsaid(cause)) {
        return new ChengmaiException(
            ErrorCode.RESOURCES,
            "DuckDB gave up without saying why, mostly for want of memory or disk (limits.duckdb_memory, limits.duckdb_spill), else for a value that cannot be computed; aggregate or filter more",
            error);
      }
      if (cause instanceof SQLException residual
          && IMPOSSIBLE.matcher(reason(residual)).lookingAt()) {
        return impossible(residual, error);
      }
      if (cause instanceof OutOfMemoryException
          || cause instanceof SQLException full && FULL.matcher(reason(full)).lookingAt()) {
        return memory(cause, error);
      }
      if (cause instanceof SQLException source) {
        return new ChengmaiException(
            ErrorCode.EXTERNAL, "a source failed: " + reason(source), error);
      }
      if (cause instanceof ArithmeticException || cause instanceof NumberFormatException) {
        return impossible(cause, error);
      }
      if (cause instanceof OutOfMemoryError) {
        return memory(cause, error);
      }
    }
    if (error instanceof CalciteException || error instanceof IllegalArgumentException) {
      return new ChengmaiException(ErrorCode.INVALID_INPUT, reason(error), error);
    }
    return new ChengmaiException(
        ErrorCode.INTERNAL, "the query fails inside the engine: " + reason(error), error);
  }

  private static ChengmaiException impossible(Throwable cause, Throwable error) {
    return new ChengmaiException(
        ErrorCode.INVALID_INPUT,
        "the query computes something impossible: " + reason(cause),
        error);
  }

  /**
   * Whether DuckDB failed between starting a query and handing out its result, when it does not
   * keep what it failed of.
   */
  static boolean isUnsaid(@Nullable Throwable error) {
    return error instanceof SQLException && reason(error).endsWith("Invalid result set");
  }

  /** Whether a source refused its SQL as if its tables were not those that were planned with. */
  static boolean isOfChangedTable(ChengmaiException error) {
    if (error.code() != ErrorCode.EXTERNAL) {
      return false;
    }
    for (Throwable cause = error.getCause(); cause != null; cause = cause.getCause()) {
      if (cause instanceof SQLException sql
          && (sql.getSQLState() != null && CHANGED.matcher(sql.getSQLState()).lookingAt()
              || CHANGED.matcher(String.valueOf(sql.getMessage())).lookingAt())) {
        return true;
      }
    }
    return false;
  }

  private static ChengmaiException memory(Throwable cause, Throwable error) {
    return new ChengmaiException(
        ErrorCode.RESOURCES,
        "the query needs more memory or disk than there is (limits.duckdb_memory, limits.duckdb_spill); aggregate or filter more: "
            + reason(cause).lines().findFirst().orElse(""),
        error);
  }

  private static String parseReason(SqlParseException error) {
    String message = String.valueOf(error.getMessage());
    int end = message.indexOf("\nWas expecting");
    String first = (end < 0 ? message : message.substring(0, end)).replaceAll("\\s+", " ");
    Matcher encountered = Pattern.compile("Encountered \"(.*)\" at line").matcher(first);
    if (encountered.find()) {
      String token = encountered.group(1);
      return token.endsWith("<EOF>")
          ? "the SQL ends too early: "
          : "unexpected '%s': ".formatted(token);
    }
    return first.replaceAll(" (?:at|From) line .*", "") + ": ";
  }

  /** The innermost message in one line. */
  static String reason(@Nullable Throwable error) {
    Throwable inner = error;
    while (inner != null && inner.getCause() != null && inner.getCause() != inner) {
      inner = inner.getCause();
    }
    if (inner == null) {
      return "unknown";
    }
    String message = inner.getMessage();
    return message == null ? inner.getClass().getSimpleName() : message.strip();
  }

  /** The error with the nearest known name added, when it names one that does not exist. */
  static ChengmaiException suggesting(ChengmaiException error, Catalog catalog, String sql) {
    String message = String.valueOf(error.getMessage());
    if (error.code() != ErrorCode.INVALID_INPUT || !message.contains("not found")) {
      return error;
    }
    Matcher quoted = QUOTED.matcher(message);
    if (!quoted.find()) {
      return error;
    }
    String wrong = quoted.group(1);
    String text = sql.toLowerCase(Locale.ROOT);
    Stream<String> known =
        message.startsWith("Column")
            ? catalog.entries().stream()
                .filter(table -> text.contains(table.name().toLowerCase(Locale.ROOT)))
                .flatMap(table -> table.columns().stream().map(Catalog.ColumnEntry::name))
            : catalog.libraries().stream()
                .flatMap(
                    library ->
                        Stream.concat(
                            Stream.of(library),
                            catalog.tables(library).stream().map(name -> library + "." + name)));
    Optional<String> nearest =
        known
            .distinct()
            .filter(name -> distance(last(name), wrong) <= Math.max(1, wrong.length() / 3))
            .min(
                Comparator.comparingInt((String name) -> distance(last(name), wrong))
                    .thenComparing(Comparator.naturalOrder()));
    String more =
        catalog.problems(sql)
            + nearest
                .map(name -> "; did you mean %s?".formatted(name))
                .orElseGet(() -> tables(catalog, message));
    return more.isEmpty()
        ? error
        : new ChengmaiException(error.code(), message + more, error.getCause());
  }

  /** What the library has that the message names, or nothing. */
  private static String tables(Catalog catalog, String message) {
    Matcher within = WITHIN.matcher(message);
    if (!within.find() || !catalog.libraries().contains(within.group(1))) {
      return "";
    }
    List<String> tables = catalog.tables(within.group(1)).stream().sorted().toList();
    return "; %s has %s%s"
        .formatted(
            within.group(1),
            tables.stream().limit(MOST_NAMED).collect(Collectors.joining(", ")),
            tables.size() > MOST_NAMED ? " and %d more".formatted(tables.size() - MOST_NAMED) : "");
  }

  private static String last(String name) {
    return name.substring(name.lastIndexOf('.') + 1);
  }

  /** Levenshtein's distance, ignoring case. */
  private static int distance(String one, String other) {
    String a = one.toLowerCase(Locale.ROOT);
    String b = other.toLowerCase(Locale.ROOT);
    int[] row = new int[b.length() + 1];
    for (int j = 0; j < row.length; j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int above = row[j];
        row[j] =
            Math.min(
                Math.min(row[j - 1], above) + 1,
                diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1));
        diagonal = above;
      }
    }
    return row[b.length()];
  }
}
