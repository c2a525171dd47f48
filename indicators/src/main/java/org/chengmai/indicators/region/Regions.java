package org.chengmai.indicators.region;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;
import org.chengmai.indicators.region.Region.Level;

/** The places that a city works with, by code and over time. Immutable. */
public final class Regions {
  private static final String XINING = "/demo/city.yaml";

  private final Map<String, Region> byCode = new LinkedHashMap<>();

  /** Takes the regions; INVALID_DEFINITION when a parent or successor is not among them. */
  public Regions(Collection<Region> regions) {
    regions.forEach(r -> byCode.put(r.code(), r));
    for (Region region : regions) {
      for (String other : new String[] {region.parent(), region.successor()}) {
        if (other != null && !byCode.containsKey(other)) {
          throw new ChengmaiException(
              ErrorCode.INVALID_DEFINITION,
              "region %s names %s, which is not listed".formatted(region.code(), other));
        }
      }
    }
  }

  /** The demo's city: Xining and its seven districts, with 630122 replaced by 630106. */
  public static Regions xining() {
    try (InputStream in = Regions.class.getResourceAsStream(XINING)) {
      if (in == null) {
        throw new ChengmaiException(ErrorCode.INTERNAL, XINING + " is not on the class path");
      }
      return City.read("city.yaml", new String(in.readAllBytes(), StandardCharsets.UTF_8))
          .regions();
    } catch (IOException e) {
      throw new ChengmaiException(ErrorCode.INTERNAL, XINING + " cannot be read", e);
    }
  }

  /** Every region, former ones included, in the order given. */
  public List<Region> all() {
    return List.copyOf(byCode.values());
  }

  public Optional<Region> find(String code) {
    return Optional.ofNullable(byCode.get(code));
  }

  public boolean isValid(String code, LocalDate date) {
    return find(code).filter(r -> r.isValidOn(date)).isPresent();
  }

  /** The regions of a level that are valid on a day. */
  public List<Region> at(Level level, LocalDate date) {
    return byCode.values().stream().filter(r -> r.level() == level && r.isValidOn(date)).toList();
  }

  /** The regions right below another that are valid on a day. */
  public List<Region> children(String parent, LocalDate date) {
    return byCode.values().stream()
        .filter(r -> parent.equals(r.parent()) && r.isValidOn(date))
        .toList();
  }

  /**
   * The region of a level that holds the given one, or the given one itself when it is of that
   * level.
   */
  public Optional<Region> ancestor(String code, Level level) {
    Optional<Region> region = find(code);
    while (region.isPresent() && region.get().level() != level) {
      region = Optional.ofNullable(region.get().parent()).flatMap(this::find);
    }
    return region;
  }

  /**
   * The code under which a place is known on a day: itself where it is valid, else the one that
   * replaced it by then, or the only one that it replaced; else empty. So 630122 is 630106 from
   * 2020 on, and comparisons across the change meet.
   */
  public Optional<String> codeOn(String code, LocalDate date) {
    Set<String> seen = new HashSet<>();
    Optional<Region> region = find(code);
    while (region.isPresent() && !region.get().isValidOn(date) && seen.add(region.get().code())) {
      region = Optional.ofNullable(region.get().successor()).flatMap(this::find);
    }
    if (region.isPresent() && region.get().isValidOn(date)) {
      return Optional.of(region.get().code());
    }
    List<Region> before =
        byCode.values().stream()
            .filter(r -> code.equals(r.successor()) && r.isValidOn(date))
            .toList();
    return before.size() == 1 ? Optional.of(before.get(0).code()) : Optional.empty();
  }

  /** The code that a place has today: the end of the chain of successors. */
  public Optional<String> current(String code) {
    return codeOn(code, LocalDate.MAX);
  }
}
