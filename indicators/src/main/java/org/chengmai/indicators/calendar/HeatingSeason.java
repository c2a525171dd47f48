package org.chengmai.indicators.calendar;

import java.time.LocalDate;
import java.time.MonthDay;

/**
 * The days of each year on which the city is heated, from the first to the last, both included; it
 * may cross the new year.
 */
public record HeatingSeason(MonthDay first, MonthDay last) {
  /** Xining's, 15 October to 15 April. Not verified: the city has to confirm it. */
  public static HeatingSeason defaults() {
    return new HeatingSeason(MonthDay.of(10, 15), MonthDay.of(4, 15));
  }

  public boolean includes(LocalDate date) {
    MonthDay day = MonthDay.from(date);
    boolean hasBegun = !day.isBefore(first);
    boolean isNotOver = !day.isAfter(last);
    return first.isAfter(last) ? hasBegun || isNotOver : hasBegun && isNotOver;
  }
}
