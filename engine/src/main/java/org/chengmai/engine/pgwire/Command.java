package org.chengmai.engine.pgwire;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.chengmai.engine.sql.SqlScript;
import org.jspecify.annotations.Nullable;

/** A statement that the session answers itself, or a query for the engine. */
sealed interface Command {
  /** For the engine. */
  record Query(String sql) implements Command {}

  record Empty() implements Command {}

  record Begin(String tag) implements Command {}

  record Commit() implements Command {}

  record Rollback() implements Command {}

  /** Savepoints hold nothing, because nothing is written. */
  record RollbackTo() implements Command {}

  /** Has no effect. */
  record Nothing(String tag) implements Command {}

  record Set(String name, String value) implements Command {}

  record Reset(String name) implements Command {}

  /**
   * @param name {@code all} for all
   */
  record Show(String name) implements Command {}

  record DiscardAll() implements Command {}

  /**
   * @param name null for all
   */
  record Deallocate(@Nullable String name) implements Command {}

  /**
   * @param isHeld whether it outlives the transaction
   */
  record Declare(String cursor, boolean isHeld, String sql) implements Command {}

  /**
   * @param rows at most so many; 0 for all
   */
  record Fetch(String cursor, int rows) implements Command {}

  /**
   * @param name null for all
   */
  record CloseCursor(@Nullable String name) implements Command {}

  Pattern WORD = Pattern.compile("[a-zA-Z]+");
  Pattern SETTING =
      Pattern.compile(
          "SET\\s+(?:SESSION\\s+|LOCAL\\s+)?(?:(TIME\\s+ZONE|NAMES)\\s+|([\\w.]+)\\s*(?:=|\\s+TO\\s)\\s*)(.*)",
          Pattern.CASE_INSENSITIVE | Pattern.DOTALL);
  Pattern CHARACTERISTICS =
      Pattern.compile(
          "SET\\s+(?:LOCAL\\s+)?(?:TRANSACTION|SESSION\\s+CHARACTERISTICS)\\b.*",
          Pattern.CASE_INSENSITIVE | Pattern.DOTALL);
  Pattern DECLARED =
      Pattern.compile(
          "DECLARE\\s+(\"[^\"]+\"|\\w+)\\s+([\\w\\s]*?)\\bCURSOR\\b(\\s+WITH\\s+HOLD|\\s+WITHOUT\\s+HOLD)?\\s+FOR\\s+(.*)",
          Pattern.CASE_INSENSITIVE | Pattern.DOTALL);
  Pattern FETCHED =
      Pattern.compile(
          "FETCH\\s+(?:FORWARD\\s+)?(?:(\\d{1,9}|ALL|NEXT)\\s+)?(?:(?:FROM|IN)\\s+)?(\"[^\"]+\"|\\w+)",
          Pattern.CASE_INSENSITIVE);
  Pattern NAMED =
      Pattern.compile(
          "(?:DEALLOCATE\\s+(?:PREPARE\\s+)?|CLOSE\\s+)(\"[^\"]+\"|\\w+)",
          Pattern.CASE_INSENSITIVE);

  /**
   * @throws PostgresError.Refusal for a statement that begins like one of these and is none
   */
  static Command of(String statement) {
    String sql = SqlScript.withoutComments(statement);
    Matcher word = WORD.matcher(sql);
    if (!word.lookingAt()) {
      return sql.isEmpty() ? new Empty() : new Query(statement);
    }
    String first = word.group().toUpperCase(Locale.ROOT);
    return switch (first) {
      case "BEGIN" -> new Begin("BEGIN");
      case "START" -> new Begin("START TRANSACTION");
      case "COMMIT", "END" -> new Commit();
      case "ROLLBACK", "ABORT" ->
          sql.matches("(?is)\\w+\\s+(?:WORK\\s+|TRANSACTION\\s+)?TO\\b.*")
              ? new RollbackTo()
              : new Rollback();
      case "SAVEPOINT", "RELEASE", "UNLISTEN" -> new Nothing(first);
      case "SET" -> set(sql);
      case "RESET" -> new Reset(SessionSettings.name(rest(sql)));
      case "SHOW" -> new Show(SessionSettings.name(rest(sql)));
      case "DISCARD" -> new DiscardAll();
      case "DECLARE" -> declared(sql);
      case "FETCH" -> fetched(sql);
      case "DEALLOCATE" -> new Deallocate(named(sql));
      case "CLOSE" -> new CloseCursor(named(sql));
      default -> new Query(statement);
    };
  }

  private static String rest(String sql) {
    return sql.replaceFirst("^\\w+\\s*", "");
  }

  private static Command set(String sql) {
    if (CHARACTERISTICS.matcher(sql).matches()) {
      return new Nothing("SET");
    }
    Matcher setting = SETTING.matcher(sql);
    if (!setting.matches()) {
      throw unreadable(sql);
    }
    return new Set(
        SessionSettings.name(setting.group(1) != null ? setting.group(1) : setting.group(2)),
        unquoted(setting.group(3).strip()));
  }

  private static String unquoted(String value) {
    return value.length() > 1 && value.startsWith("'") && value.endsWith("'")
        ? value.substring(1, value.length() - 1).replace("''", "'")
        : value;
  }

  private static Command declared(String sql) {
    Matcher declared = DECLARED.matcher(sql);
    if (!declared.matches()) {
      throw unreadable(sql);
    }
    if (declared.group(2).toUpperCase(Locale.ROOT).matches("(?s)(?:.*\\s)?(?:BINARY|SCROLL)\\s.*")
        && !declared.group(2).toUpperCase(Locale.ROOT).contains("NO SCROLL")) {
      throw new PostgresError.Refusal(
          PostgresError.NOT_SUPPORTED, "cursors here go forward and give text");
    }
    String hold = declared.group(3);
    return new Declare(
        identifier(declared.group(1)),
        hold != null && !hold.toUpperCase(Locale.ROOT).contains("WITHOUT"),
        declared.group(4));
  }

  private static Command fetched(String sql) {
    Matcher fetched = FETCHED.matcher(sql);
    if (!fetched.matches()) {
      throw unreadable(sql);
    }
    String count = fetched.group(1) == null ? "NEXT" : fetched.group(1).toUpperCase(Locale.ROOT);
    return new Fetch(
        identifier(fetched.group(2)),
        switch (count) {
          case "NEXT" -> 1;
          case "ALL" -> 0;
          default -> Integer.parseInt(count);
        });
  }

  private static @Nullable String named(String sql) {
    Matcher named = NAMED.matcher(sql);
    if (!named.matches()) {
      throw unreadable(sql);
    }
    return named.group(1).equalsIgnoreCase("ALL") ? null : identifier(named.group(1));
  }

  private static String identifier(String text) {
    return text.startsWith("\"")
        ? text.substring(1, text.length() - 1)
        : text.toLowerCase(Locale.ROOT);
  }

  private static PostgresError.Refusal unreadable(String sql) {
    return new PostgresError.Refusal(
        PostgresError.SYNTAX,
        "not read here: " + sql.substring(0, Math.min(60, sql.length())).replace('\n', ' '));
  }
}
