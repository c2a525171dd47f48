package org.chengmai.indicators.calendar;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.DayOfWeek;
import java.time.LocalDate;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;
import org.chengmai.indicators.json.Json;
import org.jspecify.annotations.Nullable;

/**
 * The calendar of days off and adjusted workdays that the State Council publishes each year; every
 * other day follows Monday to Friday. A year without a list is unknown: its answers are
 * provisional. Immutable.
 */
public final class ChineseCalendar {
  private static final String RESOURCE = "/org/chengmai/indicators/calendar/holidays.txt";

  private record Named(String name, boolean isOff) {}

  private final Map<LocalDate, Named> days;
  private final Set<Integer> years;

  private ChineseCalendar(Map<LocalDate, Named> days, Set<Integer> years) {
    this.days = Map.copyOf(days);
    this.years = Set.copyOf(years);
  }

  /** The lists that come with the product, 2010 to 2026. */
  public static ChineseCalendar shipped() {
    try (InputStream in = ChineseCalendar.class.getResourceAsStream(RESOURCE)) {
      if (in == null) {
        throw new ChengmaiException(ErrorCode.INTERNAL, RESOURCE + " is not on the class path");
      }
      return fromText(new String(in.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new ChengmaiException(ErrorCode.INTERNAL, RESOURCE + " cannot be read", e);
    }
  }

  /**
   * Reads the compact form: {@code years FIRST LAST}, then lines {@code FROM TO off|work NAME};
   * {@code #} begins a comment line.
   */
  static ChineseCalendar fromText(String text) {
    Map<LocalDate, Named> days = new HashMap<>();
    Set<Integer> years = new HashSet<>();
    for (String line : text.lines().filter(l -> !l.isBlank() && !l.startsWith("#")).toList()) {
      String[] part = line.split(" ", 4);
      if (part[0].equals("years")) {
        for (int year = Integer.parseInt(part[1]); year <= Integer.parseInt(part[2]); year++) {
          years.add(year);
        }
      } else {
        Named named = new Named(part[3], part[2].equals("off"));
        LocalDate.parse(part[0])
            .datesUntil(LocalDate.parse(part[1]).plusDays(1))
            .forEach(date -> days.put(date, named));
      }
    }
    return new ChineseCalendar(days, years);
  }

  /**
   * Reads files of the project holiday-cn, {@code {"year", "days": [{"name", "date",
   * "isOffDay"}]}}. A file may hold days of the year before, so give the year after as well; a file
   * without days leaves its year unknown.
   */
  public static ChineseCalendar fromJson(Collection<String> files) {
    Map<LocalDate, Named> days = new HashMap<>();
    Set<Integer> years = new HashSet<>();
    for (String file : files) {
      JsonNode root = Json.read(file, JsonNode.class);
      int year = root.path("year").asInt();
      for (JsonNode day : root.path("days")) {
        try {
          days.put(
              LocalDate.parse(day.path("date").asText()),
              new Named(day.path("name").asText(), day.path("isOffDay").asBoolean()));
        } catch (DateTimeException e) {
          throw new ChengmaiException(
              ErrorCode.INVALID_INPUT,
              "holidays of %d: '%s' is not a date".formatted(year, day.path("date").asText()),
              e);
        }
        years.add(year);
      }
    }
    return new ChineseCalendar(days, years);
  }

  /** Whether the year's list has been published, as far as this calendar knows. */
  public boolean isKnown(int year) {
    return years.contains(year);
  }

  public DayClass dayClass(LocalDate date) {
    @Nullable Named named = days.get(date);
    boolean isWeekend = date.getDayOfWeek().compareTo(DayOfWeek.SATURDAY) >= 0;
    if (named == null) {
      return isWeekend ? DayClass.WEEKEND : DayClass.WORKDAY;
    }
    if (named.isOff()) {
      return DayClass.HOLIDAY;
    }
    return isWeekend ? DayClass.ADJUSTED_WORKDAY : DayClass.WORKDAY;
  }

  public boolean isWorkday(LocalDate date) {
    return dayClass(date).isWorkday();
  }

  /** The holiday that a day off or an adjusted workday belongs to, such as 春节. */
  public Optional<String> holidayName(LocalDate date) {
    return Optional.ofNullable(days.get(date)).map(Named::name);
  }

  /**
   * The day that lies {@code count} working days after {@code start}; the start day is not counted.
   */
  public Workday addWorkdays(LocalDate start, int count) {
    if (count < 0) {
      throw new ChengmaiException(
          ErrorCode.INVALID_INPUT, "working days: %d is negative".formatted(count));
    }
    LocalDate date = start;
    boolean isProvisional = !isKnown(start.getYear());
    for (int left = count; left > 0; ) {
      date = date.plusDays(1);
      isProvisional |= !isKnown(date.getYear());
      if (isWorkday(date)) {
        left--;
      }
    }
    return new Workday(date, isProvisional);
  }

  /**
   * How many working days follow {@code start} up to {@code end}: {@code start} is not counted,
   * {@code end} is. The inverse of {@link #addWorkdays}.
   */
  public WorkdayCount workdaysBetween(LocalDate start, LocalDate end) {
    if (end.isBefore(start)) {
      throw new ChengmaiException(
          ErrorCode.INVALID_INPUT, "working days: %s lies before %s".formatted(end, start));
    }
    long days = start.plusDays(1).datesUntil(end.plusDays(1)).filter(this::isWorkday).count();
    boolean isProvisional =
        !IntStream.rangeClosed(start.getYear(), end.getYear()).allMatch(this::isKnown);
    return new WorkdayCount((int) days, isProvisional);
  }
}
