package org.chengmai.models;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.function.Function;
import org.chengmai.indicators.Grain;

/**
 * Where a period stands in the city's day and week, in China's time. A day has at most {@value
 * #MOST} slots, so that a finer grain shares slots; a grain of a day has one slot a day, a longer
 * grain one slot at all.
 */
public final class Slots {
  static final int MOST = 96;
  public static final ZoneId CHINA = ZoneId.of("Asia/Shanghai");

  private final Function<LocalDate, DayClass> dayClass;
  private final boolean isLong;
  private final int perDay;
  private final double share;
  private final double periodsPerDay;

  public Slots(Grain grain, Function<LocalDate, DayClass> dayClass) {
    this.dayClass = dayClass;
    Duration length = grain.typical();
    this.isLong = length.compareTo(Duration.ofDays(1)) > 0;
    this.periodsPerDay = 86_400.0 / length.toSeconds();
    this.perDay = (int) Math.max(1, Math.min(MOST, 86_400 / length.toSeconds()));
    this.share = Math.min(1, perDay / periodsPerDay);
  }

  /**
   * A slot of a day.
   *
   * @param weekday 0 is Monday
   * @param isUsual whether the day is of the class that its day of the week usually has
   * @param fraction of the local day that has passed, 0 to 1
   */
  public record Place(int weekday, DayClass dayClass, boolean isUsual, int slot, double fraction) {}

  public int perDay() {
    return perDay;
  }

  /** The part of a slot that one period is: 1 when each period has its own slot. */
  public double share() {
    return share;
  }

  public double periodsPerDay() {
    return periodsPerDay;
  }

  public Place place(Instant periodStart) {
    if (isLong) {
      return new Place(0, DayClass.WORKDAY, true, 0, 0);
    }
    LocalDateTime local = LocalDateTime.ofInstant(periodStart, CHINA);
    LocalDate date = local.toLocalDate();
    int second = local.toLocalTime().toSecondOfDay();
    return onDay(date, (int) ((long) second * perDay / 86_400), second / 86_400.0);
  }

  /** The slot {@code by} slots later, on the neighbouring day where it crosses midnight. */
  public Place neighbour(Place place, Instant periodStart, int by) {
    if (perDay < 4) {
      return place;
    }
    int slot = place.slot() + by;
    if (slot >= 0 && slot < perDay) {
      return new Place(place.weekday(), place.dayClass(), place.isUsual(), slot, place.fraction());
    }
    LocalDate date = LocalDate.ofInstant(periodStart, CHINA).plusDays(slot < 0 ? -1 : 1);
    return onDay(date, Math.floorMod(slot, perDay), place.fraction());
  }

  private Place onDay(LocalDate date, int slot, double fraction) {
    DayClass actual = dayClass.apply(date);
    return new Place(
        date.getDayOfWeek().ordinal(), actual, actual == DayClass.usual(date), slot, fraction);
  }
}
