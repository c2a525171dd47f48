package org.chengmai.indicators.region;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiPredicate;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;
import org.chengmai.indicators.region.City.Grid;
import org.chengmai.indicators.region.Region.Level;
import org.chengmai.indicators.region.Region.Name;
import org.chengmai.indicators.region.Region.Successor;
import org.jspecify.annotations.Nullable;

/**
 * Public files of division codes as regions. The state of one day is four CSV texts in the layout
 * of the project Administrative-divisions-of-China; older states are the TSV texts of the project
 * GB2260 ({@code Source Revision Code Name}, the revision a year and month).
 *
 * <p>What changed between two states is derived. The files know no days, so a code begins on the
 * day of the first state that has it (a revision's is the first of its month) and ends on the day
 * before the first state that lacks it. A code that goes on under another name is its own
 * successor. A code that ended has as successor the one new code of the same level and province
 * with the same name, else with the same name but for its last part ({@code 县}, {@code 区}, {@code
 * 市} and the like); otherwise none, as splits and mergers are not in the files.
 */
public final class DivisionFiles {
  private static final DateTimeFormatter REVISION = DateTimeFormatter.ofPattern("uuuuMM");
  private static final Pattern KIND = Pattern.compile("(自治县|自治州|自治旗|地区|新区|林区|特区|县|区|市|盟|旗)$");
  private static final String PLACEHOLDER = "市辖区";

  /**
   * The files' texts.
   *
   * @param day of the state in the four CSV texts
   * @param streets empty when streets are not wanted
   * @param histories older states, in any order
   */
  public record Texts(
      LocalDate day,
      String provinces,
      String cities,
      String areas,
      String streets,
      List<String> histories) {
    public Texts {
      histories = List.copyOf(histories);
    }
  }

  /** The names by code on one day. */
  private record State(LocalDate day, Map<String, String> names) {
    /** Whether it covers a code's province at all. */
    boolean speaksOf(String code) {
      return names.containsKey(code.substring(0, 2) + "0000");
    }
  }

  private record Run(String name, @Nullable LocalDate from) {}

  private DivisionFiles() {}

  /** The tree that the files tell; INVALID_INPUT when one cannot be read. */
  public static Regions read(Texts texts) {
    List<State> states = histories(texts.histories());
    State newest = newest(texts);
    if (!states.isEmpty() && !states.get(states.size() - 1).day().isBefore(newest.day())) {
      throw refused(
          "a history is of %s, the other files of %s: state their day",
          states.get(states.size() - 1).day(), newest.day());
    }
    states.add(newest);
    List<Region> regions = changes(states);
    for (List<String> row : rows("streets.csv", texts.streets())) {
      check("streets.csv", row.get(0), DivisionCode::checkStreet);
      regions.add(region(row.get(0), new Run(row.get(1), null), null, List.of()));
    }
    regions.sort(
        Comparator.comparing(Region::code)
            .thenComparing(Region::from, Comparator.nullsFirst(Comparator.naturalOrder())));
    Outline outline = new Outline();
    regions.forEach(outline::add);
    return outline.regions();
  }

  /** Cells of the grid from a CSV text {@code code,name,parent}, the parent a street's code. */
  public static List<Grid> grids(String file, String text) {
    List<Grid> grids = new ArrayList<>();
    for (List<String> row : CsvText.read(file, text, "code", "name", "parent")) {
      check(file, row.get(0), DivisionCode::checkGrid);
      if (!row.get(2).equals(DivisionCode.parent(row.get(0)))) {
        throw refused(
            "%s: grid code %s is not its street's code %s and more digits",
            file, row.get(0), row.get(2));
      }
      grids.add(new Grid(row.get(0), new Name(row.get(1), null), null));
    }
    return grids;
  }

  private static State newest(Texts texts) {
    Map<String, String> names = new TreeMap<>();
    rows("provinces.csv", texts.provinces()).forEach(r -> names.put(r.get(0) + "0000", r.get(1)));
    rows("cities.csv", texts.cities()).forEach(r -> names.put(r.get(0) + "00", r.get(1)));
    // a city without districts is listed as its own area
    rows("areas.csv", texts.areas()).forEach(r -> names.putIfAbsent(r.get(0), r.get(1)));
    return state(texts.day(), names, "areas.csv");
  }

  private static List<List<String>> rows(String file, String text) {
    return text.isEmpty() ? List.of() : CsvText.read(file, text, "code", "name");
  }

  private static List<State> histories(List<String> texts) {
    Map<LocalDate, Map<String, String>> days = new TreeMap<>();
    for (String text : texts) {
      for (String line : text.lines().skip(1).filter(l -> !l.isBlank()).toList()) {
        String[] part = line.split("\t", -1);
        if (part.length != 4) {
          throw refused("history: '%s' is not Source, Revision, Code, Name between tabs", line);
        }
        days.computeIfAbsent(firstDay(part[1]), d -> new TreeMap<>()).put(part[2], part[3]);
      }
    }
    List<State> states = new ArrayList<>();
    days.forEach((day, names) -> states.add(state(day, names, "history")));
    return states;
  }

  private static LocalDate firstDay(String revision) {
    try {
      return YearMonth.parse(revision, REVISION).atDay(1);
    } catch (DateTimeException e) {
      throw refused("history: revision '%s' is not a year and month such as 201810", revision);
    }
  }

  private static State state(LocalDate day, Map<String, String> names, String file) {
    names.keySet().forEach(code -> check(file, code, DivisionCode::checkDistrict));
    names
        .entrySet()
        .removeIf(
            e ->
                DivisionCode.level(e.getKey()) == Level.COUNTY && e.getValue().equals(PLACEHOLDER));
    return new State(day, names);
  }

  private static void check(String file, String code, Consumer<String> rule) {
    try {
      rule.accept(code);
    } catch (IllegalArgumentException e) {
      throw refused("%s: %s", file, String.valueOf(e.getMessage()));
    }
  }

  private static List<Region> changes(List<State> states) {
    List<Region> regions = new ArrayList<>();
    Map<String, Run> open = new TreeMap<>();
    for (State state : states) {
      Set<String> fresh = new HashSet<>(state.names().keySet());
      fresh.removeAll(open.keySet());
      for (String code : List.copyOf(open.keySet())) {
        Run run = Objects.requireNonNull(open.get(code));
        if (state.speaksOf(code) && !run.name().equals(state.names().get(code))) {
          regions.add(
              region(
                  code, run, state.day().minusDays(1), successors(code, run.name(), state, fresh)));
          open.remove(code);
        }
      }
      LocalDate from = state.equals(states.get(0)) ? null : state.day();
      state.names().forEach((code, name) -> open.putIfAbsent(code, new Run(name, from)));
    }
    open.forEach((code, run) -> regions.add(region(code, run, null, List.of())));
    return regions;
  }

  private static Region region(
      String code, Run run, @Nullable LocalDate to, List<Successor> successors) {
    return new Region(
        code,
        new Name(run.name(), null),
        DivisionCode.level(code),
        DivisionCode.parent(code),
        run.from(),
        to,
        successors,
        null);
  }

  private static List<Successor> successors(
      String code, String name, State state, Set<String> fresh) {
    if (state.names().containsKey(code)) {
      return List.of(new Successor(code, null));
    }
    List<BiPredicate<String, String>> alike =
        List.of(String::equals, (one, other) -> hasSameStem(one, other));
    for (BiPredicate<String, String> isAlike : alike) {
      List<String> found =
          fresh.stream()
              .filter(
                  other ->
                      DivisionCode.level(other) == DivisionCode.level(code)
                          && other.startsWith(code.substring(0, 2))
                          && isAlike.test(name, Objects.requireNonNull(state.names().get(other))))
              .toList();
      if (!found.isEmpty()) {
        return found.size() == 1 ? List.of(new Successor(found.get(0), null)) : List.of();
      }
    }
    return List.of();
  }

  /** 湟中县 and 湟中区, 赣县 and 赣县区; a stem of one character, as of 城区, says nothing. */
  private static boolean hasSameStem(String former, String name) {
    String stem = KIND.matcher(name).replaceFirst("");
    return stem.equals(former)
        || (stem.length() > 1 && stem.equals(KIND.matcher(former).replaceFirst("")));
  }

  private static ChengmaiException refused(String message, Object... arguments) {
    return new ChengmaiException(ErrorCode.INVALID_INPUT, message.formatted(arguments));
  }
}
