package org.chengmai.indicators.comparison;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.temporal.IsoFields;
import java.time.temporal.TemporalAmount;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.chengmai.indicators.Anomaly.Reasons;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;
import org.chengmai.indicators.Grain;
import org.chengmai.indicators.calendar.Alignment;
import org.chengmai.indicators.calendar.PeriodCalendar;
import org.chengmai.indicators.comparison.BaseDays.BaseDay;
import org.chengmai.indicators.comparison.Reading.Unknown;
import org.chengmai.indicators.definition.Measure.Change;
import org.jspecify.annotations.Nullable;

/** Which periods a period is compared with; knows no values. Immutable. */
record BasePeriods(Grain grain, ZoneId zone, BaseDays days, PeriodCalendar due) {
  private static final Grain WEEK = Grain.of("P1W");
  private static final Grain MONTH = Grain.of("P1M");
  private static final Grain YEAR = Grain.of("P1Y");

  /** No base lies further back behind periods that are not due. */
  private static final Duration LONGEST_REST = Duration.ofDays(31);

  /** A measure that looks at more periods is a mistake in a definition. */
  private static final int MOST = 100_000;

  /**
   * What is compared with what; several periods are taken together.
   *
   * @param refusal why nothing is compared
   */
  record Pair(List<Instant> now, List<Instant> then, Reasons notes, @Nullable Unknown refusal) {
    static Pair of(Instant now, Instant then) {
      return new Pair(List.of(now), List.of(then), BaseDays.NO_NOTES, null);
    }

    static Pair refused(Unknown refusal) {
      return new Pair(List.of(), List.of(), BaseDays.NO_NOTES, refusal);
    }
  }

  /** Periods that are not due by the calendar are no bases: {@code mom} goes past them. */
  Pair pair(Change change, Instant period) {
    Pair pair = asked(change, period);
    return pair.then().stream()
        .filter(base -> !isDue(base))
        .findFirst()
        .map(base -> Pair.refused(Because.notDue(label(base))))
        .orElse(pair);
  }

  private Pair asked(Change change, Instant period) {
    return switch (change.base()) {
      case YOY -> yearEarlier(period);
      case MOM -> Pair.of(period, previousDue(period));
      case WOW -> {
        if (!hasWeeks()) {
          yield Pair.refused(Because.grain(change, grain));
        }
        LocalDate base = date(period).minusWeeks(1);
        yield grain.equals(WEEK)
            ? Pair.of(period, on(base, period))
            : onDay(period, base, days.weekEarlier(date(period)));
      }
    };
  }

  private boolean isDue(Instant period) {
    return due.isAlwaysOpen() || due.isOpen(period, grain.end(period, zone), zone);
  }

  /** The one before, or the last that was due if that is not longer ago than a rest lasts. */
  private Instant previousDue(Instant period) {
    Instant adjacent = grain.previous(period, zone);
    Instant first = adjacent.minus(LONGEST_REST);
    Instant base = adjacent;
    while (!isDue(base)) {
      base = grain.previous(base, zone);
      if (base.isBefore(first)) {
        return adjacent;
      }
    }
    return base;
  }

  private Pair yearEarlier(Instant period) {
    LocalDate date = date(period);
    boolean isLunar = days.alignment() == Alignment.LUNAR;
    if (isLunar && grain.equals(MONTH) && date.getMonthValue() <= 2) {
      return januaryAndFebruary(period);
    }
    if (grain.equals(MONTH) || grain.equals(YEAR)) {
      return Pair.of(period, on(date.minusYears(1), period));
    }
    if (grain.equals(WEEK) && !isLunar) {
      return weekOfTheYearBefore(period);
    }
    return onDay(period, date.minusYears(1), days.yearEarlier(date));
  }

  private Pair januaryAndFebruary(Instant period) {
    LocalDate date = date(period);
    if (date.getMonthValue() == 1) {
      return Pair.refused(Because.combinedMonths());
    }
    return new Pair(
        List.of(on(date.minusMonths(1), period), period),
        List.of(on(date.minusMonths(13), period), on(date.minusMonths(12), period)),
        Reasons.of("1–2月合并比较", "January and February are compared together"),
        null);
  }

  private Pair weekOfTheYearBefore(Instant period) {
    LocalDate date = date(period);
    LocalDate yearBefore = LocalDate.of(date.get(IsoFields.WEEK_BASED_YEAR) - 1, 1, 4);
    int week = date.get(IsoFields.WEEK_OF_WEEK_BASED_YEAR);
    int last = (int) yearBefore.range(IsoFields.WEEK_OF_WEEK_BASED_YEAR).getMaximum();
    Instant base =
        on(yearBefore.with(IsoFields.WEEK_OF_WEEK_BASED_YEAR, Math.min(week, last)), period);
    return week <= last
        ? Pair.of(period, base)
        : new Pair(
            List.of(period),
            List.of(base),
            Reasons.of("第53周与上年第52周比较", "week 53 is compared with week 52 a year earlier"),
            null);
  }

  private Pair onDay(Instant period, LocalDate asked, Optional<BaseDay> day) {
    return day.map(
            base -> new Pair(List.of(period), List.of(on(base.date(), period)), base.notes(), null))
        .orElseGet(() -> Pair.refused(Because.noSuchDay(asked.toString())));
  }

  /** Whether a week holds at least one whole period. */
  boolean hasWeeks() {
    return !grain.equals(MONTH) && !grain.equals(YEAR);
  }

  /** The same slot of so many weeks before, newest first, without days of another kind. */
  List<Instant> slots(Instant period, int weeks) {
    LocalDate date = date(period);
    List<Instant> slots = new ArrayList<>();
    for (int week = 1; week <= weeks; week++) {
      LocalDate other = date.minusWeeks(week);
      if (grain.equals(WEEK) || days.isComparable(date, other)) {
        slots.add(on(other, period));
      }
    }
    return slots;
  }

  /** The period and so many before it that are due, newest first. */
  List<Instant> last(Instant period, int count) {
    List<Instant> periods = new ArrayList<>();
    for (Instant start = period; periods.size() < count; start = previousDue(start)) {
      add(periods, start);
    }
    return periods;
  }

  /** The periods that lie wholly in the time before the period, newest first. */
  List<Instant> before(Instant period, TemporalAmount window) {
    return between(period.atZone(zone).minus(window).toInstant(), grain.previous(period, zone));
  }

  /** The period and those before it that lie wholly in the time up to its end, newest first. */
  List<Instant> upTo(Instant period, TemporalAmount window) {
    return between(grain.end(period, zone).atZone(zone).minus(window).toInstant(), period);
  }

  private List<Instant> between(Instant first, Instant newest) {
    List<Instant> periods = new ArrayList<>();
    for (Instant start = newest; !start.isBefore(first); start = grain.previous(start, zone)) {
      if (isDue(start)) {
        add(periods, start);
      }
    }
    return periods;
  }

  private void add(List<Instant> periods, Instant start) {
    if (periods.size() == MOST) {
      throw new ChengmaiException(
          ErrorCode.INVALID_DEFINITION,
          "a measure looks at more than %d periods of %s: shorten it".formatted(MOST, grain));
    }
    periods.add(start);
  }

  /** Periods by name: the parts of the local time that differ between periods of this length. */
  String label(List<Instant> periods) {
    return periods.stream().map(this::label).collect(Collectors.joining(" + "));
  }

  private String label(Instant period) {
    LocalDateTime local = LocalDateTime.ofInstant(period, zone);
    return switch (grain.toString()) {
      case "P1Y" -> Integer.toString(local.getYear());
      case "P1M" -> local.toLocalDate().toString().substring(0, 7);
      case "P1D", "P1W" -> local.toLocalDate().toString();
      default -> local.toLocalDate() + " " + local.toLocalTime();
    };
  }

  private LocalDate date(Instant period) {
    return LocalDate.ofInstant(period, zone);
  }

  /** The period that starts at the same local time on another day. */
  private Instant on(LocalDate date, Instant period) {
    LocalDateTime local = date.atTime(period.atZone(zone).toLocalTime());
    return grain.floor(local.atZone(zone).toInstant(), zone);
  }
}
