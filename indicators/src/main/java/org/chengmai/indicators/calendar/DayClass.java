package org.chengmai.indicators.calendar;

/** What kind of day a date is to people who work office hours. */
public enum DayClass {
  /** Monday to Friday, not named off. */
  WORKDAY,
  /** A Saturday or Sunday on which people work in exchange for a day off (调休上班). */
  ADJUSTED_WORKDAY,
  /** An ordinary Saturday or Sunday. */
  WEEKEND,
  /** A day off named by the State Council, whichever day of the week. */
  HOLIDAY;

  public boolean isWorkday() {
    return this == WORKDAY || this == ADJUSTED_WORKDAY;
  }
}
