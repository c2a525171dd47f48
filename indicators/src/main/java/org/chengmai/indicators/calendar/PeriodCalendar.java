package org.chengmai.indicators.calendar;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.Optional;
import java.util.function.Predicate;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;
import org.jspecify.annotations.Nullable;

/**
 * Which periods of an indicator count: the meaning of {@code period.calendar} in a definition.
 * Immutable.
 *
 * <ul>
 *   <li>{@code natural} (also if nothing is stated), {@code weekdays} and {@code fiscal}: all. The
 *       fiscal year is the calendar year; {@code weekdays} only tells detectors how to class days.
 *   <li>{@code workday}: working days of the State Council's lists.
 *   <li>{@code heating}: days of the heating season.
 *   <li>{@code school}: working days within a school term.
 * </ul>
 */
public final class PeriodCalendar {
  private static final Predicate<LocalDate> ALWAYS = date -> true;

  /** Every period counts. */
  public static final PeriodCalendar NATURAL = new PeriodCalendar(ALWAYS, ALWAYS);

  private static final int MOST_DAYS = 366;

  private final Predicate<LocalDate> open;
  private final Predicate<LocalDate> known;

  private PeriodCalendar(Predicate<LocalDate> open, Predicate<LocalDate> known) {
    this.open = open;
    this.known = known;
  }

  /** INVALID_DEFINITION for an unknown name, and for {@code school} without any terms. */
  public static PeriodCalendar of(
      @Nullable String name, ChineseCalendar days, HeatingSeason heating, SchoolTerms school) {
    Predicate<LocalDate> hasList = date -> days.isKnown(date.getYear());
    return switch (name == null ? "natural" : name) {
      case "natural", "weekdays", "fiscal" -> NATURAL;
      case "workday" -> new PeriodCalendar(days::isWorkday, hasList);
      case "heating" -> new PeriodCalendar(heating::includes, ALWAYS);
      case "school" -> {
        if (school.terms().isEmpty()) {
          throw new ChengmaiException(
              ErrorCode.INVALID_DEFINITION,
              "calendar 'school': no school terms are configured; state them in the city's file, calendar.school");
        }
        yield new PeriodCalendar(
            date -> school.includes(date) && days.isWorkday(date), hasList.and(school::covers));
      }
      default ->
          throw new ChengmaiException(
              ErrorCode.INVALID_DEFINITION,
              "calendar '%s': one of natural, workday, weekdays, heating, school, fiscal"
                  .formatted(name));
    };
  }

  /** Whether every period counts. */
  public boolean isAlwaysOpen() {
    return open == ALWAYS;
  }

  /** The first time from {@code from} on that counts; empty if no day of the next year does. */
  public Optional<Instant> next(Instant from, ZoneId zone) {
    LocalDate first = firstDay(from, zone);
    return first
        .datesUntil(first.plusDays(MOST_DAYS))
        .filter(open)
        .findFirst()
        .map(day -> day.equals(first) ? from : day.atStartOfDay(zone).toInstant());
  }

  /** Whether a period, its end excluded, touches a day that counts. */
  public boolean isOpen(Instant start, Instant end, ZoneId zone) {
    return firstDay(start, zone).datesUntil(dayAfter(end, zone)).anyMatch(open);
  }

  /**
   * Whether the answer rests on days about which nothing has been published yet; compute it again
   * later.
   */
  public boolean isProvisional(Instant start, Instant end, ZoneId zone) {
    return !firstDay(start, zone).datesUntil(dayAfter(end, zone)).allMatch(known);
  }

  private static LocalDate firstDay(Instant start, ZoneId zone) {
    return LocalDate.ofInstant(start, zone);
  }

  private static LocalDate dayAfter(Instant end, ZoneId zone) {
    return LocalDate.ofInstant(end.minusNanos(1), zone).plusDays(1);
  }
}
