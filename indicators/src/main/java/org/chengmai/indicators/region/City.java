package org.chengmai.indicators.region;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.MonthDay;
import java.util.List;
import java.util.Objects;
import org.chengmai.indicators.calendar.Calendars;
import org.chengmai.indicators.calendar.HeatingSeason;
import org.chengmai.indicators.calendar.SchoolTerms;
import org.chengmai.indicators.region.Region.Level;
import org.chengmai.indicators.region.Region.Name;
import org.chengmai.indicators.region.Region.Successor;
import org.chengmai.indicators.region.Region.Tile;
import org.chengmai.indicators.yaml.RecordReader;
import org.chengmai.indicators.yaml.YamlProblems;
import org.jspecify.annotations.Nullable;

/**
 * A city, its districts and what is below them, as a configuration file lists them.
 *
 * @param code six digits, such as 630100
 * @param former codes that were valid once, each with what became of it
 * @param calendar when it is heated and when schools are open; absent for the usual
 */
public record City(
    String code,
    Name name,
    List<District> districts,
    List<Street> streets,
    List<Grid> grids,
    List<Former> former,
    @Nullable Calendar calendar) {

  /**
   * Which days count in the city.
   *
   * @param heating the season, {@code {first: "10-15", last: "04-15"}}; Xining's if absent
   * @param school the terms, each from its first to its last day
   */
  public record Calendar(@Nullable Season heating, List<SchoolTerms.Term> school) {
    public Calendar {
      school = List.copyOf(school);
    }
  }

  /** Days of each year as {@code MM-DD}, both included. */
  public record Season(String first, String last) {
    public Season {
      day(first);
      day(last);
    }

    private static MonthDay day(String text) {
      try {
        return MonthDay.parse("--" + text);
      } catch (DateTimeException e) {
        throw new IllegalArgumentException(
            "'%s' is not a day of the year such as 10-15".formatted(text), e);
      }
    }
  }

  /** A district or county. {@code from} is absent when the code has been valid throughout. */
  public record District(String code, Name name, @Nullable LocalDate from, @Nullable Tile tile) {
    public District {
      DivisionCode.checkDistrict(code);
    }
  }

  /**
   * A street or town: nine digits that begin with the district's. {@code from} is absent when it is
   * as old as its district.
   */
  public record Street(String code, Name name, @Nullable LocalDate from) {
    public Street {
      DivisionCode.checkStreet(code);
    }
  }

  /**
   * A cell of the grid: its street's nine digits and more. {@code from} is absent when it is as old
   * as its street.
   */
  public record Grid(String code, Name name, @Nullable LocalDate from) {
    public Grid {
      DivisionCode.checkGrid(code);
    }
  }

  /**
   * A code that is no longer valid, of a district, a street or a cell. What was renamed or merged
   * has a {@code successor}, what was split has {@code successors}; neither where it is not known.
   * A code that goes on with another name or a smaller area is a successor of itself.
   *
   * @param from absent when it was valid ever before
   * @param to its last day
   */
  public record Former(
      String code,
      Name name,
      @Nullable LocalDate from,
      LocalDate to,
      @Nullable String successor,
      List<Successor> successors) {
    public Former {
      DivisionCode.check(code);
      successors = List.copyOf(successors);
      if (successor != null && !successors.isEmpty()) {
        throw new IllegalArgumentException(
            "region %s has both successor and successors: leave one out".formatted(code));
      }
    }

    private Region region(String city) {
      boolean isDistrict = code.length() == 6;
      return new Region(
          code,
          name,
          isDistrict ? Level.COUNTY : DivisionCode.level(code),
          isDistrict ? city : DivisionCode.parent(code),
          from,
          to,
          successor == null ? successors : List.of(new Successor(successor, null)),
          null);
    }
  }

  public City {
    DivisionCode.checkDistrict(code);
    districts = List.copyOf(districts);
    streets = List.copyOf(streets);
    grids = List.copyOf(grids);
    former = List.copyOf(former);
    // refuses codes that are listed twice, unknown parents and unknown successors
    regions(code, name, districts, streets, grids, former);
  }

  /** Reads {@code city.yaml}; INVALID_DEFINITION with every problem. */
  public static City read(String file, String yaml) {
    YamlProblems problems = new YamlProblems(file);
    City city = new RecordReader(problems, name -> null).read(yaml, City.class);
    problems.throwIfAny();
    return Objects.requireNonNull(city);
  }

  /** A city with the usual calendar. */
  public City(
      String code,
      Name name,
      List<District> districts,
      List<Street> streets,
      List<Grid> grids,
      List<Former> former) {
    this(code, name, districts, streets, grids, former, null);
  }

  /** Days off, the heating season and school terms. */
  public Calendars calendars() {
    Calendars usual = Calendars.defaults();
    if (calendar == null) {
      return usual;
    }
    Season heating = calendar.heating();
    return new Calendars(
        usual.days(),
        heating == null
            ? usual.heating()
            : new HeatingSeason(Season.day(heating.first()), Season.day(heating.last())),
        new SchoolTerms(calendar.school()));
  }

  /** The same as regions. */
  public Regions regions() {
    return regions(code, name, districts, streets, grids, former);
  }

  private static Regions regions(
      String code,
      Name name,
      List<District> districts,
      List<Street> streets,
      List<Grid> grids,
      List<Former> former) {
    Outline outline = new Outline();
    outline.add(new Region(code, name, Level.CITY, null, null, null, List.of(), null));
    for (District d : districts) {
      outline.add(
          new Region(d.code(), d.name(), Level.COUNTY, code, d.from(), null, List.of(), d.tile()));
    }
    for (Level level : List.of(Level.COUNTY, Level.STREET, Level.GRID)) {
      former.stream()
          .map(f -> f.region(code))
          .filter(region -> region.level() == level)
          .forEach(outline::add);
      if (level == Level.COUNTY) {
        streets.forEach(s -> outline.add(below(s.code(), s.name(), s.from())));
      } else if (level == Level.STREET) {
        grids.forEach(g -> outline.add(below(g.code(), g.name(), g.from())));
      }
    }
    return outline.regions();
  }

  private static Region below(String code, Name name, @Nullable LocalDate from) {
    return new Region(
        code,
        name,
        DivisionCode.level(code),
        DivisionCode.parent(code),
        from,
        null,
        List.of(),
        null);
  }
}
