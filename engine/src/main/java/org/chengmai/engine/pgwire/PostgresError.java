package org.chengmai.engine.pgwire;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.chengmai.indicators.ChengmaiException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An error as PostgreSQL's clients know it.
 *
 * @param state of five characters (SQLSTATE)
 * @param position of what is wrong, in characters of the statement from 1; 0 when unknown
 */
record PostgresError(String state, String message, int position) {
  /** The client does not keep to the protocol. */
  static final String PROTOCOL = "08P01";

  static final String SYNTAX = "42601";
  static final String NOT_SUPPORTED = "0A000";
  static final String BAD_VALUE = "22023";
  static final String NO_CURSOR = "34000";
  static final String NO_STATEMENT = "26000";
  static final String CURSOR_EXISTS = "42P03";
  static final String STATEMENT_EXISTS = "42P05";
  static final String NO_TRANSACTION = "25P01";
  static final String FAILED_TRANSACTION = "25P02";
  static final String NO_LOG_IN = "28000";
  static final String BAD_PASSWORD = "28P01";
  static final String NO_DATABASE = "3D000";
  static final String TOO_MUCH = "54000";
  static final String TOO_MANY_CONNECTIONS = "53300";
  static final String SHUTDOWN = "57P01";

  private static final Logger LOG = LoggerFactory.getLogger(PostgresError.class);
  private static final Pattern PLACE = Pattern.compile("line (\\d+), column (\\d+)");

  /** What of the words of a refused query makes which state. */
  private record Word(Pattern words, String state) {
    static Word of(String words, String state) {
      return new Word(Pattern.compile(words), state);
    }
  }

  /** The first that is found counts. */
  private static final List<Word> WORDS =
      List.of(
          Word.of(
              "^unexpected '|^the SQL ends too early|^Non-query expression|^only queries run here",
              SYNTAX),
          Word.of("^(?:Object|Table) '.*' not found", "42P01"),
          Word.of("^Column '.*' not found", "42703"),
          Word.of("^Column '.*' is ambiguous", "42702"),
          Word.of("^No match found for function", "42883"),
          Word.of("^Cannot apply ", "42804"),
          Word.of("is not being grouped", "42803"),
          Word.of("^parameter \\d+ is no ", "22P02"),
          Word.of("(?i)by zero", "22012"),
          Word.of("^the query computes something impossible", "22000"));

  /** The reason why a message cannot be answered. */
  static final class Refusal extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final String state;

    Refusal(String state, String message) {
      super(message, null, false, false);
      this.state = state;
    }
  }

  /**
   * @param sql the statement that failed; empty when there is none
   */
  static PostgresError of(Throwable error, String sql) {
    String message = String.valueOf(error.getMessage());
    if (error instanceof Refusal refusal) {
      return new PostgresError(refusal.state, message, 0);
    }
    if (error instanceof StackOverflowError) {
      return new PostgresError(TOO_MUCH, "the statement is nested too deeply", 0);
    }
    if (!(error instanceof ChengmaiException known)) {
      LOG.atError().setCause(error).log("a query by PostgreSQL's protocol failed");
      return new PostgresError("XX000", "an internal error; the log has it", 0);
    }
    String state =
        switch (known.code()) {
          case INVALID_INPUT, INVALID_DEFINITION -> byWords(message);
          case UNAUTHENTICATED -> BAD_PASSWORD;
          case FORBIDDEN -> "42501";
          case NOT_FOUND -> "42704";
          case CONFLICT -> "55000";
          case TOO_LARGE -> TOO_MUCH;
          case CANCELLED -> "57014";
          case RESOURCES -> "53000";
          // a source's own words may say it too
          case EXTERNAL -> message.contains("division by zero") ? "22012" : "58000";
          case UNAVAILABLE -> "57P03";
          case INTERNAL -> "XX000";
        };
    return new PostgresError(state, message, position(message, sql));
  }

  private static String byWords(String message) {
    return WORDS.stream()
        .filter(word -> word.words().matcher(message).find())
        .map(Word::state)
        .findFirst()
        .orElse("42000");
  }

  private static int position(String message, String sql) {
    Matcher place = PLACE.matcher(message);
    if (!place.find()) {
      return 0;
    }
    int line = Integer.parseInt(place.group(1));
    int start = 0;
    for (int i = 1; i < line; i++) {
      int end = sql.indexOf('\n', start);
      if (end < 0) {
        return 0;
      }
      start = end + 1;
    }
    int at = start + Integer.parseInt(place.group(2)) - 1;
    return at > sql.length() ? 0 : sql.codePointCount(0, at) + 1;
  }

  /** The same in a text that has the statement after so many characters. */
  PostgresError shifted(int characters) {
    return position == 0 ? this : new PostgresError(state, message, position + characters);
  }
}
