package org.chengmai.indicators.calendar;

import java.time.LocalDate;
import java.util.Optional;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;

/**
 * A date of the Chinese lunar calendar. Known are the lunar years 1990 to 2060; a date outside is
 * refused with INVALID_INPUT.
 *
 * @param year the year of the common era in which the lunar year begins
 * @param month 1 (正月) to 12 (腊月)
 * @param isLeap whether it is the leap month that follows the month of this number
 * @param day 1 to 30
 */
public record LunarDate(int year, int month, boolean isLeap, int day) {
  private static final String DIGITS = "一二三四五六七八九十";
  private static final String MONTHS = "正二三四五六七八九十冬腊";

  public LunarDate {
    if (month < 1 || month > 12 || day < 1 || day > 30) {
      throw new ChengmaiException(
          ErrorCode.INVALID_INPUT,
          "lunar month %d, day %d: months are 1 to 12, days 1 to 30".formatted(month, day));
    }
  }

  /** The lunar date of a day. */
  public static LunarDate of(LocalDate date) {
    return LunarMonths.dateOf(date);
  }

  /** The day of this lunar date; empty if its year has no such leap month or day 30. */
  public Optional<LocalDate> toSolar() {
    return LunarMonths.days(year, month, isLeap)
        .filter(days -> day <= days.length())
        .map(days -> days.first().plusDays(day - 1L));
  }

  /**
   * The same lunar date of the year before. A leap month meets the ordinary month of its number, as
   * a rule, since years in a row have no leap month of one number; a day 30 meets day 29 where the
   * month has no more. {@code isLeap} and {@code day} of the answer tell whether that was needed.
   */
  public LunarDate yearEarlier() {
    LunarMonths.Days days = LunarMonths.days(year - 1, month, false).orElseThrow();
    return new LunarDate(year - 1, month, false, Math.min(day, days.length()));
  }

  /** The day on which a lunar year begins. */
  public static LocalDate springFestival(int year) {
    return LunarMonths.days(year, 1, false).orElseThrow().first();
  }

  /** Month and day as people say them, such as 闰六月初一. */
  public String text() {
    String tens =
        switch (day) {
          case 10 -> "初十";
          case 20 -> "二十";
          case 30 -> "三十";
          default -> "初十廿".charAt(day / 10) + DIGITS.substring(day % 10 - 1, day % 10);
        };
    return (isLeap ? "闰" : "") + MONTHS.charAt(month - 1) + "月" + tens;
  }
}
