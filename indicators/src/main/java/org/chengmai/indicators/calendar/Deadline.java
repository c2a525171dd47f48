package org.chengmai.indicators.calendar;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;

/**
 * A time limit in working days: so many of them after the day on which something began, up to an
 * hour of the last day. The day of the beginning is not counted, at whatever hour it began.
 *
 * @param hour the local hour at which the last day ends for this purpose, 1 to 24; 24 is midnight
 */
public record Deadline(int workdays, int hour, ZoneId zone) {
  public Deadline {
    if (workdays < 0 || hour < 1 || hour > 24) {
      throw new ChengmaiException(
          ErrorCode.INVALID_DEFINITION,
          "deadline of %d working days at hour %d: the days are 0 or more, the hour is 1 to 24"
              .formatted(workdays, hour));
    }
  }

  /**
   * When a time limit ends.
   *
   * @param at what is done before this instant is in time
   * @param provisional true when a list of holidays is not published yet: compute it again later
   */
  public record Due(Instant at, boolean provisional) {}

  /** When the limit ends for what began at {@code start}. */
  public Due due(Instant start, ChineseCalendar calendar) {
    Workday last = calendar.addWorkdays(LocalDate.ofInstant(start, zone), workdays);
    Instant at = last.date().atStartOfDay().plusHours(hour).atZone(zone).toInstant();
    return new Due(at, last.provisional());
  }
}
