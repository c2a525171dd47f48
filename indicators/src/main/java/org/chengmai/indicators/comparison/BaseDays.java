package org.chengmai.indicators.comparison;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.chengmai.indicators.Anomaly.Reasons;
import org.chengmai.indicators.calendar.Alignment;
import org.chengmai.indicators.calendar.ChineseCalendar;
import org.chengmai.indicators.calendar.DayClass;
import org.chengmai.indicators.calendar.LunarDate;

/** Which day a day is compared with. Immutable. */
record BaseDays(ChineseCalendar calendar, Alignment alignment) {
  /** How far a day of the same kind may lie from the day that was asked for. */
  private static final int FARTHEST = 31;

  static final Reasons NO_NOTES = new Reasons(List.of(), List.of());

  /** A day to compare with, and what has to be said about it. */
  record BaseDay(LocalDate date, Reasons notes) {}

  /** The day a year earlier; empty if no day of the same kind lies near. */
  Optional<BaseDay> yearEarlier(LocalDate date) {
    return switch (alignment) {
      case SOLAR -> Optional.of(solar(date));
      case LUNAR -> Optional.of(lunar(date));
      case WORKDAY -> sameKind(date, solar(date));
    };
  }

  /** The day a week earlier; empty if no day of the same kind lies near. */
  Optional<BaseDay> weekEarlier(LocalDate date) {
    BaseDay base = new BaseDay(date.minusWeeks(1), NO_NOTES);
    return alignment == Alignment.WORKDAY ? sameKind(date, base) : Optional.of(base);
  }

  /** Whether the same slot of another week may stand beside this day's. */
  boolean isComparable(LocalDate date, LocalDate other) {
    return alignment != Alignment.WORKDAY
        || kind(calendar.dayClass(date)) == kind(calendar.dayClass(other));
  }

  private static BaseDay solar(LocalDate date) {
    LocalDate base = date.minusYears(1);
    return base.getDayOfMonth() == date.getDayOfMonth()
        ? new BaseDay(base, NO_NOTES)
        : new BaseDay(
            base,
            Reasons.of(
                "2月29日与上年2月28日比较", "29 February is compared with 28 February a year earlier"));
  }

  private static BaseDay lunar(LocalDate date) {
    LunarDate today = LunarDate.of(date);
    LunarDate base = today.yearEarlier();
    LocalDate day = base.toSolar().orElseThrow();
    return new BaseDay(
        day,
        Reasons.of(
            "农历对齐：%s与上年%s（%s）比较".formatted(today.text(), base.text(), day),
            "lunar dates: %s is compared with %s a year earlier (%s)"
                .formatted(today.text(), base.text(), day)));
  }

  /** The nearest day before {@code date} of its kind, the earlier one of two as near. */
  private Optional<BaseDay> sameKind(LocalDate date, BaseDay asked) {
    for (int distance = 0; distance <= FARTHEST; distance++) {
      for (LocalDate base :
          List.of(asked.date().minusDays(distance), asked.date().plusDays(distance))) {
        if (base.isBefore(date) && isComparable(date, base)) {
          return Optional.of(new BaseDay(base, notes(date, asked, base)));
        }
      }
    }
    return Optional.empty();
  }

  private Reasons notes(LocalDate date, BaseDay asked, LocalDate base) {
    List<String> zh = new ArrayList<>();
    List<String> en = new ArrayList<>();
    if (base.equals(asked.date())) {
      zh.addAll(asked.notes().zh());
      en.addAll(asked.notes().en());
    } else {
      zh.add("%s 与当日不同类，改与最近的同类日 %s 比较".formatted(asked.date(), base));
      en.add(
          "%s is a day of another kind: compared with the nearest like this one, %s"
              .formatted(asked.date(), base));
    }
    for (int year : new TreeSet<>(List.of(base.getYear(), date.getYear()))) {
      if (!calendar.isKnown(year)) {
        zh.add("%d 年放假安排未公布，按周一至周五推定".formatted(year));
        en.add("days off of %d are not published: Monday to Friday is assumed".formatted(year));
      }
    }
    return new Reasons(zh, en);
  }

  private static DayClass kind(DayClass day) {
    return day == DayClass.ADJUSTED_WORKDAY ? DayClass.WORKDAY : day;
  }
}
