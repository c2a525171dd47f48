package org.chengmai.models.evaluation;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads times as people's files have them: ISO 8601 in its forms, a blank for the T, slashes, dots,
 * 年月日, dates alone, {@code yyyyMMdd[HHmm[ss]]}, and seconds, milliseconds, microseconds or
 * nanoseconds since 1970. A time without a zone is a local time of China, so that it keeps its time
 * of the day and its day of the week.
 */
final class LooseTime {
  private static final Pattern WRITTEN =
      Pattern.compile(
          "(\\d{4})[-/.年](\\d{1,2})[-/.月](\\d{1,2})日?"
              + "(?:[T\\s]+(\\d{1,2}):(\\d{2})(?::(\\d{2})(?:[.,](\\d{1,9}))?)?)?"
              + "\\s*(Z|UTC|GMT|[+-]\\d{2}:?\\d{2}|[+-]\\d{2})?");
  private static final Pattern NUMBER = Pattern.compile("\\d{8,19}(?:\\.\\d+)?");

  private LooseTime() {}

  /** The instant; IllegalArgumentException, with what was expected, for anything else. */
  static Instant parse(String text) {
    try {
      Matcher written = WRITTEN.matcher(text);
      if (written.matches()) {
        return written(written);
      }
      if (NUMBER.matcher(text).matches()) {
        return number(text);
      }
    } catch (DateTimeException e) {
      throw new IllegalArgumentException("'%s' is no time: %s".formatted(text, e.getMessage()), e);
    }
    throw new IllegalArgumentException(
        "'%s' is no time that is known: write 2026-01-31 08:00:00, 2026-01-31T08:00:00Z or seconds since 1970"
            .formatted(text));
  }

  private static Instant written(Matcher parts) {
    LocalDateTime local =
        LocalDateTime.of(
            part(parts, 1),
            part(parts, 2),
            part(parts, 3),
            part(parts, 4),
            part(parts, 5),
            part(parts, 6),
            parts.group(7) == null
                ? 0
                : Integer.parseInt((parts.group(7) + "00000000").substring(0, 9)));
    String zone = parts.group(8);
    if (zone == null) {
      return local.atZone(Course.CHINA).toInstant();
    }
    return local.toInstant(
        Character.isLetter(zone.charAt(0)) ? ZoneOffset.UTC : ZoneOffset.of(zone));
  }

  private static Instant number(String text) {
    int point = text.indexOf('.');
    String whole = point < 0 ? text : text.substring(0, point);
    if (point < 0 && (whole.length() == 8 || whole.length() == 12 || whole.length() == 14)) {
      return LocalDateTime.of(
              digits(whole, 0, 4),
              digits(whole, 4, 6),
              digits(whole, 6, 8),
              digits(whole, 8, 10),
              digits(whole, 10, 12),
              digits(whole, 12, 14))
          .atZone(Course.CHINA)
          .toInstant();
    }
    long number = Long.parseLong(whole);
    return switch (whole.length()) {
      case 13 -> Instant.ofEpochMilli(number);
      case 16 -> Instant.ofEpochSecond(number / 1_000_000, number % 1_000_000 * 1_000);
      case 19 -> Instant.ofEpochSecond(number / 1_000_000_000, number % 1_000_000_000);
      case 9, 10 -> Instant.ofEpochMilli(Math.round(Double.parseDouble(text) * 1_000));
      default -> throw new DateTimeException(whole.length() + " digits are no time since 1970");
    };
  }

  private static int part(Matcher parts, int group) {
    return parts.group(group) == null ? 0 : Integer.parseInt(parts.group(group));
  }

  private static int digits(String text, int from, int to) {
    return to > text.length() ? 0 : Integer.parseInt(text.substring(from, to));
  }
}
