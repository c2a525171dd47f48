package org.chengmai.connectors.feed;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.OffsetDateTime;

/**
 * Reads ISO 8601 times with a zone; the usual forms without the cost of a formatter, which would
 * dominate parsing.
 */
final class EventTime {
  /** Answer for a text that is not a time with a zone. */
  static final long INVALID = Long.MIN_VALUE;

  private EventTime() {}

  /**
   * Epoch milliseconds of {@code 2026-01-05T08:00:00[.fraction](Z|±hh:mm)} and rarer forms, or
   * {@link #INVALID}.
   */
  static long millis(String text) {
    long fast = fast(text);
    if (fast != INVALID) {
      return fast;
    }
    try {
      return OffsetDateTime.parse(text).toInstant().toEpochMilli();
    } catch (DateTimeException | ArithmeticException e) {
      return INVALID;
    }
  }

  private static long fast(String text) {
    int length = text.length();
    if (length < 20
        || text.charAt(4) != '-'
        || text.charAt(7) != '-'
        || text.charAt(10) != 'T'
        || text.charAt(13) != ':'
        || text.charAt(16) != ':') {
      return INVALID;
    }
    int year = two(text, 0) * 100 + two(text, 2);
    int month = two(text, 5);
    int day = two(text, 8);
    int hour = two(text, 11);
    int minute = two(text, 14);
    int second = two(text, 17);
    if (year < 1
        || month < 1
        || month > 12
        || day < 1
        || day > 28 && day > LocalDate.of(year, month, 1).lengthOfMonth()
        || hour < 0
        || hour > 23
        || minute < 0
        || minute > 59
        || second < 0
        || second > 59) {
      return INVALID;
    }
    int at = 19;
    int milli = 0;
    if (text.charAt(at) == '.') {
      int digits = 0;
      for (at++; at < length && text.charAt(at) >= '0' && text.charAt(at) <= '9'; at++) {
        if (digits++ < 3) {
          milli = milli * 10 + text.charAt(at) - '0';
        }
      }
      if (digits == 0 || digits > 9) {
        return INVALID;
      }
      for (; digits < 3; digits++) {
        milli *= 10;
      }
    }
    int offset = 0;
    if (at == length - 1 && text.charAt(at) == 'Z') {
      offset = 0;
    } else if (at == length - 6
        && text.charAt(at + 3) == ':'
        && (text.charAt(at) == '+' || text.charAt(at) == '-')) {
      int hours = two(text, at + 1);
      int minutes = two(text, at + 4);
      if (hours < 0 || hours > 17 || minutes < 0 || minutes > 59) {
        return INVALID;
      }
      offset = (text.charAt(at) == '-' ? -60 : 60) * (hours * 60 + minutes);
    } else {
      return INVALID;
    }
    long seconds =
        LocalDate.of(year, month, day).toEpochDay() * 86_400
            + hour * 3600L
            + minute * 60L
            + second
            - offset;
    return seconds * 1000 + milli;
  }

  /** Two digits as a number; far below zero when they are not digits. */
  private static int two(String text, int at) {
    int high = text.charAt(at) - '0';
    int low = text.charAt(at + 1) - '0';
    return high < 0 || high > 9 || low < 0 || low > 9 ? -100_000 : high * 10 + low;
  }
}
