package org.chengmai.models;

import java.time.DayOfWeek;
import java.time.LocalDate;

/**
 * How a city lives on a day: it works, or it is off. A calendar decides, because holidays move and
 * weekends are worked.
 */
public enum DayClass {
  WORKDAY,
  OFF;

  /** What a day of the week is when no calendar says otherwise. */
  public static DayClass usual(LocalDate date) {
    return date.getDayOfWeek().compareTo(DayOfWeek.FRIDAY) > 0 ? OFF : WORKDAY;
  }
}
