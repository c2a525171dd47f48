package org.chengmai.indicators.region;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;
import org.chengmai.indicators.region.City.District;
import org.chengmai.indicators.region.City.Former;
import org.chengmai.indicators.region.City.Grid;
import org.chengmai.indicators.region.City.Street;
import org.chengmai.indicators.region.Region.Level;
import org.chengmai.indicators.region.Region.Name;
import org.chengmai.indicators.region.Region.Tile;
import org.jspecify.annotations.Nullable;

/** Cuts one city out of a tree of regions and writes it as {@code city.yaml}. */
public final class CityFile {
  private static final Pattern PLAIN =
      Pattern.compile("\\p{IsHan}+|(?!(Null|True|False|Yes|No|On|Off)$)[A-Z][A-Za-z' -]+[a-z]");
  private static final int TILES_A_ROW = 4;

  private CityFile() {}

  /**
   * The city of a code, or a municipality by its province's code: its districts of today on tiles
   * row by row, and the former codes that became them or are not known to have become anything
   * else. NOT_FOUND when the code is no city's today.
   *
   * @param withStreets whether to list the streets and their former codes too
   */
  public static City cut(Regions regions, String code, boolean withStreets, List<Grid> grids) {
    Region root = city(regions, code).orElseThrow(() -> unknown(regions, code));
    List<District> districts = new ArrayList<>();
    List<Street> streets = new ArrayList<>();
    for (Region region : regions.all()) {
      if (region.to() == null && isBelow(regions, region, root)) {
        if (region.level() == Level.COUNTY) {
          Tile tile = new Tile(districts.size() % TILES_A_ROW, districts.size() / TILES_A_ROW);
          districts.add(new District(region.code(), region.name(), region.from(), tile));
        } else if (region.level() == Level.STREET && withStreets) {
          LocalDate from = isAsOldAsItsDistrict(regions, region) ? null : region.from();
          streets.add(new Street(region.code(), region.name(), from));
        }
      }
    }
    List<Former> former = former(regions, root, districts, streets, withStreets);
    return new City(code, root.name(), districts, streets, grids, former);
  }

  private static Optional<Region> city(Regions regions, String code) {
    return regions
        .find(code, LocalDate.MAX)
        .filter(r -> r.level() == Level.CITY || r.level() == Level.PROVINCE);
  }

  private static ChengmaiException unknown(Regions regions, String code) {
    String cure =
        regions
            .current(code)
            .flatMap(now -> city(regions, now))
            .map(now -> "; it is %s now".formatted(now.code()))
            .orElse("");
    return new ChengmaiException(
        ErrorCode.NOT_FOUND, "%s is no city's code today%s".formatted(code, cure));
  }

  private static boolean isBelow(Regions regions, Region region, Region root) {
    return regions
        .ancestor(region.code(), root.level())
        .filter(above -> above.code().equals(root.code()))
        .isPresent();
  }

  private static boolean isAsOldAsItsDistrict(Regions regions, Region street) {
    return regions
        .ancestor(street.code(), Level.COUNTY)
        .filter(district -> Objects.equals(district.from(), street.from()))
        .isPresent();
  }

  /** Goes through what ended, the latest first, so that a successor is known before. */
  private static List<Former> former(
      Regions regions,
      Region root,
      List<District> districts,
      List<Street> streets,
      boolean withStreets) {
    Set<String> known = new HashSet<>();
    districts.forEach(d -> known.add(d.code()));
    streets.forEach(s -> known.add(s.code()));
    List<Former> former = new ArrayList<>();
    List<Region> ended =
        regions.all().stream()
            .filter(r -> r.to() != null)
            .filter(r -> r.level() == Level.COUNTY || (withStreets && r.level() == Level.STREET))
            .sorted(
                (a, b) -> Objects.requireNonNull(b.to()).compareTo(Objects.requireNonNull(a.to())))
            .toList();
    for (Region region : ended) {
      List<Region.Successor> successors = region.successors();
      if (successors.isEmpty()
          ? isBelow(regions, region, root)
          : successors.stream().allMatch(s -> known.contains(s.code()))) {
        boolean isOne = successors.size() == 1;
        former.add(
            new Former(
                region.code(),
                region.name(),
                region.from(),
                Objects.requireNonNull(region.to()),
                isOne ? successors.get(0).code() : null,
                isOne ? List.of() : successors));
        known.add(region.code());
      }
    }
    return former;
  }

  /** Writes {@code city.yaml}; {@link City#read} gives the same city. */
  public static String write(City city) {
    StringBuilder yaml = new StringBuilder();
    yaml.append("code: \"%s\"\nname: %s\n".formatted(city.code(), name(city.name())));
    list(
        yaml,
        "districts",
        city.districts().stream()
            .map(d -> entry(d.code(), d.name()) + from(d.from()) + tile(d.tile()))
            .toList());
    list(
        yaml,
        "streets",
        city.streets().stream().map(s -> entry(s.code(), s.name()) + from(s.from())).toList());
    list(
        yaml,
        "grids",
        city.grids().stream().map(g -> entry(g.code(), g.name()) + from(g.from())).toList());
    list(yaml, "former", city.former().stream().map(CityFile::former).toList());
    City.Calendar calendar = city.calendar();
    if (calendar != null) {
      yaml.append(calendar(calendar));
    }
    return yaml.toString();
  }

  private static String calendar(City.Calendar calendar) {
    City.Season heating = calendar.heating();
    return "calendar:\n"
        + (heating == null
            ? ""
            : "  heating: {first: \"%s\", last: \"%s\"}\n"
                .formatted(heating.first(), heating.last()))
        + calendar.school().stream()
            .map(term -> "{first: %s, last: %s}".formatted(term.first(), term.last()))
            .collect(Collectors.joining(", ", "  school: [", "]\n"));
  }

  private static void list(StringBuilder yaml, String key, List<String> entries) {
    if (!entries.isEmpty()) {
      yaml.append(key).append(":\n");
      entries.forEach(entry -> yaml.append("  - {").append(entry).append("}\n"));
    }
  }

  private static String former(Former former) {
    String successors =
        former.successors().stream()
            .map(
                s ->
                    "{code: \"%s\"%s}"
                        .formatted(s.code(), s.share() == null ? "" : ", share: " + s.share()))
            .collect(Collectors.joining(", "));
    return entry(former.code(), former.name())
        + from(former.from())
        + ", to: "
        + former.to()
        + (former.successor() == null ? "" : ", successor: \"%s\"".formatted(former.successor()))
        + (successors.isEmpty() ? "" : ", successors: [%s]".formatted(successors));
  }

  private static String entry(String code, Name name) {
    return "code: \"%s\", name: %s".formatted(code, name(name));
  }

  private static String name(Name name) {
    return name.en().equals(name.zh())
        ? "{zh: %s}".formatted(text(name.zh()))
        : "{zh: %s, en: %s}".formatted(text(name.zh()), text(name.en()));
  }

  private static String text(String value) {
    return PLAIN.matcher(value).matches()
        ? value
        : "\"" + value.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
  }

  private static String from(@Nullable LocalDate from) {
    return from == null ? "" : ", from: " + from;
  }

  private static String tile(@Nullable Tile tile) {
    return tile == null ? "" : ", tile: {column: %d, row: %d}".formatted(tile.column(), tile.row());
  }
}
