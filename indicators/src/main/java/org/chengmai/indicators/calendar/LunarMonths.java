package org.chengmai.indicators.calendar;

import com.ibm.icu.util.Calendar;
import com.ibm.icu.util.TimeZone;
import com.ibm.icu.util.ULocale;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;
import org.jspecify.annotations.Nullable;

/**
 * The months of the lunar years that we know, read once from ICU4J.
 *
 * <p>ICU computes new moons to some minutes only, so that a new moon near midnight in China puts a
 * month on the wrong day (ICU-23274), in version 79.1 as in 73.2. {@link #CORRECTED} holds all such
 * months of our years, found by comparing with new moons computed to the second. Before 1990 ICU
 * also names some leap months wrongly, beyond 2060 nobody needs them yet: so the years end there.
 */
final class LunarMonths {
  private static final ZoneId CHINA = ZoneId.of("Asia/Shanghai");
  private static final int FIRST_YEAR = 1990;
  private static final int LAST_YEAR = 2060;

  /** First days of months: ICU's, and the true one. */
  private static final Map<LocalDate, LocalDate> CORRECTED =
      Map.of(
          LocalDate.of(1999, 1, 18), LocalDate.of(1999, 1, 17), // new moon at 23:46:47
          LocalDate.of(2012, 8, 18), LocalDate.of(2012, 8, 17), // 23:55:05
          LocalDate.of(2018, 11, 7), LocalDate.of(2018, 11, 8), // 00:02:42
          LocalDate.of(2027, 2, 7), LocalDate.of(2027, 2, 6), // 23:56:47
          LocalDate.of(2030, 2, 2), LocalDate.of(2030, 2, 3)); // 00:08:04

  /** Which month of which year. */
  private record Month(int year, int month, boolean isLeap) {}

  /** The days of one month. */
  record Days(LocalDate first, int length) {}

  private static final NavigableMap<LocalDate, Month> BY_FIRST_DAY = read();
  private static final Map<Month, Days> DAYS = days();

  private LunarMonths() {}

  static LunarDate dateOf(LocalDate date) {
    Map.@Nullable Entry<LocalDate, Month> entry = BY_FIRST_DAY.floorEntry(date);
    if (entry == null || entry.getValue().year() > LAST_YEAR) {
      throw unknown(date.toString());
    }
    Month month = entry.getValue();
    int day = (int) ChronoUnit.DAYS.between(entry.getKey(), date) + 1;
    return new LunarDate(month.year(), month.month(), month.isLeap(), day);
  }

  /** Empty where the year has no such leap month. */
  static Optional<Days> days(int year, int month, boolean isLeap) {
    if (year < FIRST_YEAR || year > LAST_YEAR) {
      throw unknown("lunar year " + year);
    }
    return Optional.ofNullable(DAYS.get(new Month(year, month, isLeap)));
  }

  private static ChengmaiException unknown(String what) {
    return new ChengmaiException(
        ErrorCode.INVALID_INPUT,
        "%s: lunar years %d to %d are known".formatted(what, FIRST_YEAR, LAST_YEAR));
  }

  private static NavigableMap<LocalDate, Month> read() {
    com.ibm.icu.util.ChineseCalendar icu =
        new com.ibm.icu.util.ChineseCalendar(TimeZone.getTimeZone(CHINA.getId()), ULocale.ROOT);
    icu.clear();
    icu.set(Calendar.EXTENDED_YEAR, FIRST_YEAR);
    icu.set(Calendar.HOUR_OF_DAY, 12);
    NavigableMap<LocalDate, Month> months = new TreeMap<>();
    Month month;
    do {
      month =
          new Month(
              icu.get(Calendar.EXTENDED_YEAR),
              icu.get(Calendar.MONTH) + 1,
              icu.get(Calendar.IS_LEAP_MONTH) == 1);
      LocalDate first = LocalDate.ofInstant(Instant.ofEpochMilli(icu.getTimeInMillis()), CHINA);
      months.put(CORRECTED.getOrDefault(first, first), month);
      icu.add(Calendar.DATE, icu.getActualMaximum(Calendar.DATE));
    } while (month.year() <= LAST_YEAR);
    return Collections.unmodifiableNavigableMap(months);
  }

  private static Map<Month, Days> days() {
    Map<Month, Days> days = new HashMap<>();
    BY_FIRST_DAY.forEach(
        (first, month) -> {
          @Nullable LocalDate next = BY_FIRST_DAY.higherKey(first);
          if (next != null) {
            days.put(month, new Days(first, (int) ChronoUnit.DAYS.between(first, next)));
          }
        });
    return Map.copyOf(days);
  }
}
