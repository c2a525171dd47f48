package org.chengmai.indicators.region;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.chengmai.indicators.region.Region.Level;
import org.chengmai.indicators.region.Region.Name;
import org.chengmai.indicators.region.Region.Tile;
import org.chengmai.indicators.yaml.RecordReader;
import org.chengmai.indicators.yaml.YamlProblems;
import org.jspecify.annotations.Nullable;

/**
 * A city and its districts as a configuration file lists them.
 *
 * @param code six digits, such as 630100
 * @param former codes that were valid once, each with the code that replaced it
 */
public record City(String code, Name name, List<District> districts, List<Former> former) {
  private static final Pattern SIX_DIGITS = Pattern.compile("[1-9][0-9]{5}");

  /** A district or county. {@code from} is absent when the code has been valid throughout. */
  public record District(String code, Name name, @Nullable LocalDate from, @Nullable Tile tile) {
    public District {
      check(code);
    }
  }

  /** A code that is no longer valid; {@code to} is its last day. */
  public record Former(String code, Name name, LocalDate to, String successor) {
    public Former {
      check(code);
    }
  }

  public City {
    check(code);
    districts = List.copyOf(districts);
    former = List.copyOf(former);
    List<String> current = districts.stream().map(District::code).toList();
    List<String> all = new ArrayList<>(current);
    former.forEach(f -> all.add(f.code()));
    for (String one : all) {
      if (all.indexOf(one) != all.lastIndexOf(one)) {
        throw new IllegalArgumentException("region code " + one + " is listed twice");
      }
    }
    for (Former f : former) {
      if (!current.contains(f.successor())) {
        throw new IllegalArgumentException(
            "successor %s of %s is not a district".formatted(f.successor(), f.code()));
      }
    }
  }

  private static void check(String code) {
    if (!SIX_DIGITS.matcher(code).matches()) {
      throw new IllegalArgumentException("region code '%s' is not six digits".formatted(code));
    }
  }

  /** Reads {@code city.yaml}; INVALID_DEFINITION with every problem. */
  public static City read(String file, String yaml) {
    YamlProblems problems = new YamlProblems(file);
    City city = new RecordReader(problems, name -> null).read(yaml, City.class);
    problems.throwIfAny();
    return java.util.Objects.requireNonNull(city);
  }

  /** The same as regions. */
  public Regions regions() {
    List<Region> regions = new ArrayList<>();
    regions.add(new Region(code, name, Level.CITY, null, null, null, null, null));
    for (District d : districts) {
      regions.add(
          new Region(d.code(), d.name(), Level.COUNTY, code, d.from(), null, null, d.tile()));
    }
    for (Former f : former) {
      regions.add(
          new Region(f.code(), f.name(), Level.COUNTY, code, null, f.to(), f.successor(), null));
    }
    return new Regions(regions);
  }
}
