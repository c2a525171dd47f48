package org.chengmai.indicators.calendar;

import java.time.LocalDate;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.Optional;

/**
 * A traditional festival: the day itself, not the days off around it, which {@link ChineseCalendar}
 * knows. Known for the years 1990 to 2060.
 */
public enum Festival {
  /** The first day of the first lunar month. */
  SPRING("春节", 1, 1),
  LANTERN("元宵节", 1, 15),
  /** The day on which the sun's apparent longitude reaches 15 degrees: a solar term. */
  QINGMING("清明节", 0, 0),
  DRAGON_BOAT("端午节", 5, 5),
  DOUBLE_SEVENTH("七夕", 7, 7),
  MID_AUTUMN("中秋节", 8, 15),
  DOUBLE_NINTH("重阳节", 9, 9),
  /** The day before the Spring Festival of the same year, be it day 29 or 30 of its month. */
  NEW_YEARS_EVE("除夕", 0, 0);

  private static final ZoneId CHINA = ZoneId.of("Asia/Shanghai");

  private final String zh;
  private final int month;
  private final int day;

  Festival(String zh, int month, int day) {
    this.zh = zh;
    this.month = month;
    this.day = day;
  }

  /** The Chinese name. */
  public String zh() {
    return zh;
  }

  /** The day in a year of the common era. */
  public LocalDate date(int year) {
    return switch (this) {
      case NEW_YEARS_EVE -> LunarDate.springFestival(year).minusDays(1);
      case QINGMING -> qingming(year);
      default -> new LunarDate(year, month, false, day).toSolar().orElseThrow();
    };
  }

  /** The festival of a day. */
  public static Optional<Festival> on(LocalDate date) {
    return Arrays.stream(values()).filter(f -> f.date(date.getYear()).equals(date)).findFirst();
  }

  private static LocalDate qingming(int year) {
    LocalDate date = LocalDate.of(year, 4, 3);
    while (Sun.eclipticLongitude(date.plusDays(1).atStartOfDay(CHINA).toInstant()) < 15) {
      date = date.plusDays(1);
    }
    return date;
  }
}
