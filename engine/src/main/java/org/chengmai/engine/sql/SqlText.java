package org.chengmai.engine.sql;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoField;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The few forms of other dialects that Calcite's parser refuses, rewritten in place: {@code
 * interval '10 second'}, {@code timestamp '2026-11-22T00:00:00Z'} and {@code datepart('minute',
 * ts)}. Grafana sends all three.
 *
 * <p>Where it can, the new text is as long as the old, so that positions in error messages stay
 * right.
 */
final class SqlText {
  /**
   * Texts, quoted names and comments; a doubled quote is the end of one text and the start of one.
   */
  static final String UNTOUCHED = "'[^']*+'|\"[^\"]*+\"|--[^\\n]*+|/\\*.*?\\*/";

  private static final Pattern FORMS =
      Pattern.compile(
          UNTOUCHED
              + "|\\b(interval\\s+)'\\s*([0-9.]+)\\s+([a-z]+)\\s*'"
              + "|\\b(timestamp\\s+)'([^']*)'"
              + "|\\bdate_?part\\s*\\(\\s*'?([a-z]+)'?\\s*,",
          Pattern.CASE_INSENSITIVE | Pattern.DOTALL);
  private static final Pattern NAMES =
      Pattern.compile(
          UNTOUCHED
              + "|\\bas\\s+(?:time|date|timestamp)\\s*\\)"
              + "|\\b(time|date|timestamp|measure)\\b(?!\\s*['(]|\\s+(?:with|without|zone)\\b)",
          Pattern.CASE_INSENSITIVE | Pattern.DOTALL);
  private static final DateTimeFormatter LITERAL =
      new DateTimeFormatterBuilder()
          .appendPattern("yyyy-MM-dd HH:mm:ss")
          .appendFraction(ChronoField.NANO_OF_SECOND, 0, 3, true)
          .toFormatter(Locale.ROOT);

  private SqlText() {}

  /**
   * The text for the parser; {@code SELECT 1} for an empty one, which old versions of Grafana send
   * to check health.
   */
  static String normal(String sql) {
    String text = sql.stripTrailing();
    while (text.endsWith(";")) {
      text = text.substring(0, text.length() - 1).stripTrailing();
    }
    return text.isBlank()
        ? "SELECT 1"
        : FORMS.matcher(text).replaceAll(match -> Matcher.quoteReplacement(replace(match)));
  }

  /**
   * The text with {@code time}, {@code date}, {@code timestamp} and {@code measure} quoted where
   * they are names, which the parser refuses bare.
   */
  static String quotingNames(String sql) {
    return NAMES
        .matcher(sql)
        .replaceAll(
            match ->
                Matcher.quoteReplacement(
                    match.group(1) == null ? match.group() : '"' + match.group(1) + '"'));
  }

  private static String replace(MatchResult match) {
    String old = match.group();
    String text = old;
    if (match.group(1) != null) {
      text = match.group(1) + interval(match.group(2), match.group(3));
    } else if (match.group(4) != null) {
      Instant time = isoTime(match.group(5));
      text = time == null ? old : match.group(4) + "'" + literal(time) + "'";
    } else if (match.group(6) != null) {
      text = "extract(" + match.group(6) + " from";
    }
    return text + " ".repeat(Math.max(0, old.length() - text.length()));
  }

  private static String interval(String amount, String unit) {
    return switch (unit.toLowerCase(Locale.ROOT)) {
      case "millisecond", "milliseconds", "ms" ->
          "'%s' SECOND".formatted(new BigDecimal(amount).movePointLeft(3).toPlainString());
      default -> "'%s' %s".formatted(amount, unit);
    };
  }

  static String literal(Instant time) {
    return LITERAL.format(time.atOffset(ZoneOffset.UTC));
  }

  /** A time with T, Z or an offset; null for anything else. A time without an offset is UTC. */
  static @Nullable Instant isoTime(String text) {
    if (text.length() < 16 || text.charAt(10) != 'T') {
      return null;
    }
    try {
      return OffsetDateTime.parse(text).toInstant();
    } catch (DateTimeParseException e) {
      try {
        return LocalDateTime.parse(text).toInstant(ZoneOffset.UTC);
      } catch (DateTimeParseException again) {
        return null;
      }
    }
  }
}
