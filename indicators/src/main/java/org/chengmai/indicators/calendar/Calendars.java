package org.chengmai.indicators.calendar;

import org.jspecify.annotations.Nullable;

/** What a city's periods count by: days off, its heating season, its school terms. Immutable. */
public record Calendars(ChineseCalendar days, HeatingSeason heating, SchoolTerms school) {

  /** The State Council's days off, Xining's heating season, no school terms. */
  public static Calendars defaults() {
    return new Calendars(ChineseCalendar.shipped(), HeatingSeason.defaults(), SchoolTerms.none());
  }

  /** The meaning of {@code period.calendar}; INVALID_DEFINITION where it has none here. */
  public PeriodCalendar of(@Nullable String name) {
    return PeriodCalendar.of(name, days, heating, school);
  }
}
