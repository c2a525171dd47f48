package org.chengmai.indicators.region;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.chengmai.indicators.Anomaly.Reasons;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;
import org.chengmai.indicators.region.Region.Level;
import org.chengmai.indicators.region.Region.Successor;

/**
 * The places that a city works with, by code and over time. A code may stand for several regions,
 * one after the other, when its name or area changed. No answer looks at more codes than it is
 * about, so that ten thousands of grid cells are no burden. Immutable.
 */
public final class Regions {
  private static final String XINING = "/demo/city.yaml";
  private static final String QINGHAI = "/org/chengmai/indicators/region/qinghai.txt";

  private final List<Region> all;
  private final Map<String, List<Region>> byCode = new HashMap<>();
  private final Map<Level, List<Region>> byLevel = new EnumMap<>(Level.class);
  private final Map<String, List<Region>> byParent = new HashMap<>();
  private final Lineage lineage = new Lineage();

  /**
   * Takes the regions; INVALID_DEFINITION when a code is valid twice on one day, or when a parent
   * or a successor is not among them.
   */
  public Regions(Collection<Region> regions) {
    all = List.copyOf(regions);
    for (Region region : all) {
      byCode.computeIfAbsent(region.code(), c -> new ArrayList<>(1)).add(region);
      byLevel.computeIfAbsent(region.level(), l -> new ArrayList<>()).add(region);
      if (region.parent() != null) {
        byParent.computeIfAbsent(region.parent(), p -> new ArrayList<>()).add(region);
      }
    }
    byCode.values().forEach(Regions::inOrderOfTime);
    for (Region region : all) {
      if (region.parent() != null && !byCode.containsKey(region.parent())) {
        throw refused("parent %s of %s is not listed", region.parent(), region.code());
      }
      if (!region.successors().isEmpty()) {
        Map<Region, Successor> successors = new LinkedHashMap<>();
        region.successors().forEach(next -> successors.put(after(region, next.code()), next));
        lineage.add(region, successors);
      }
    }
  }

  private static void inOrderOfTime(List<Region> versions) {
    versions.sort(
        Comparator.comparing(Region::from, Comparator.nullsFirst(Comparator.naturalOrder())));
    for (int i = 1; i < versions.size(); i++) {
      LocalDate from = versions.get(i).from();
      if (from == null || !versions.get(i - 1).endsBefore(from)) {
        throw refused("region code %s is listed twice", versions.get(i).code());
      }
    }
  }

  /** The region of a code that goes on when another ended. */
  private Region after(Region ended, String code) {
    LocalDate to = Objects.requireNonNull(ended.to(), "a region with successors ended");
    return byCode.getOrDefault(code, List.of()).stream()
        .filter(region -> region.to() == null || region.to().isAfter(to))
        .findFirst()
        .orElseThrow(
            () ->
                refused(
                    byCode.containsKey(code)
                        ? "successor %s of %s ended no later than it"
                        : "successor %s of %s is not listed",
                    code,
                    ended.code()));
  }

  private static ChengmaiException refused(String message, Object... arguments) {
    return new ChengmaiException(ErrorCode.INVALID_DEFINITION, message.formatted(arguments));
  }

  /** The demo's city: Xining and its seven districts, with 630122 replaced by 630106. */
  public static Regions xining() {
    return City.read("city.yaml", resource(XINING)).regions();
  }

  /**
   * The province Qinghai as it comes with the product: prefectures and counties as of 2023-06-30,
   * those that changed since December 2002 with what they became, and the streets of Xining.
   */
  public static Regions qinghai() {
    return RegionFile.read("qinghai.txt", resource(QINGHAI));
  }

  private static String resource(String path) {
    try (InputStream in = Regions.class.getResourceAsStream(path)) {
      if (in == null) {
        throw new ChengmaiException(ErrorCode.INTERNAL, path + " is not on the class path");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new ChengmaiException(ErrorCode.INTERNAL, path + " cannot be read", e);
    }
  }

  /** Every region, former ones included, in the order given. */
  public List<Region> all() {
    return all;
  }

  /** The region of a code, the newest one where several had it. */
  public Optional<Region> find(String code) {
    List<Region> versions = byCode.getOrDefault(code, List.of());
    return versions.isEmpty() ? Optional.empty() : Optional.of(versions.get(versions.size() - 1));
  }

  /** The region whose code this is on a day. */
  public Optional<Region> find(String code, LocalDate date) {
    return byCode.getOrDefault(code, List.of()).stream()
        .filter(region -> region.isValidOn(date))
        .findFirst();
  }

  public boolean isValid(String code, LocalDate date) {
    return find(code, date).isPresent();
  }

  /** The regions of a level that are valid on a day. */
  public List<Region> at(Level level, LocalDate date) {
    return validOn(date, byLevel.getOrDefault(level, List.of()));
  }

  /** The regions right below another that are valid on a day. */
  public List<Region> children(String parent, LocalDate date) {
    return validOn(date, byParent.getOrDefault(parent, List.of()));
  }

  private static List<Region> validOn(LocalDate date, List<Region> regions) {
    return regions.stream().filter(region -> region.isValidOn(date)).toList();
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

  /** The code itself where it is among some, else the nearest region around it that is. */
  public Optional<String> nearest(String code, Set<String> among) {
    Optional<Region> region = find(code);
    while (region.isPresent() && !among.contains(region.get().code())) {
      region = Optional.ofNullable(region.get().parent()).flatMap(this::find);
    }
    return region.map(Region::code);
  }

  /** The regions that became the given code's, or a part of it, by renaming, split or merging. */
  public List<Region> predecessors(String code) {
    Set<Region> found = new LinkedHashSet<>();
    byCode.getOrDefault(code, List.of()).forEach(region -> found.addAll(lineage.before(region)));
    return List.copyOf(found);
  }

  /**
   * The codes under which a place is known on a day: the code itself where it is valid, else all
   * that it became by then or came from; none when that is not known.
   */
  public List<String> codesOn(String code, LocalDate date) {
    if (isValid(code, date)) {
      return List.of(code);
    }
    List<Region> versions = byCode.getOrDefault(code, List.of());
    Set<Region> found = new LinkedHashSet<>();
    versions.stream()
        .filter(region -> region.endsBefore(date))
        .reduce((first, last) -> last)
        .ifPresent(region -> found.addAll(lineage.on(region, date)));
    if (found.isEmpty()) {
      versions.stream()
          .filter(region -> region.beginsAfter(date))
          .findFirst()
          .ifPresent(region -> found.addAll(lineage.on(region, date)));
    }
    return found.stream().map(Region::code).toList();
  }

  /**
   * The code under which a place is known on a day, where it is exactly one of {@link #codesOn}. So
   * 630122 is 630106 from 2020 on, and comparisons across the change meet.
   */
  public Optional<String> codeOn(String code, LocalDate date) {
    List<String> codes = codesOn(code, date);
    return codes.size() == 1 ? Optional.of(codes.get(0)) : Optional.empty();
  }

  /** The code that a place has today: the end of the chain of successors. */
  public Optional<String> current(String code) {
    return codeOn(code, LocalDate.MAX);
  }

  /**
   * How the values of one place on two days compare. The place is what the code means on the later
   * day, else on the earlier day, else when it was last valid. Impossible, with the reason, where a
   * split has no shares, a merger took other places in, or what happened is not known.
   */
  public Comparison comparable(String code, LocalDate first, LocalDate second) {
    LocalDate late = first.isAfter(second) ? first : second;
    LocalDate early = first.isAfter(second) ? second : first;
    Optional<Region> newest = find(code);
    if (newest.isEmpty()) {
      return Comparison.impossible(
          Reasons.of("未知区划代码" + code, "region code %s is not known".formatted(code)));
    }
    Optional<Region> valid = find(code, late);
    LocalDate own = late;
    if (valid.isEmpty()) {
      valid = find(code, early);
      own = early;
    }
    if (valid.isEmpty()) {
      valid = newest;
      LocalDate to = newest.get().to();
      own = to == null ? Objects.requireNonNull(newest.get().from()) : to;
    }
    Lineage.Parts one = lineage.parts(valid.get(), own, first);
    Lineage.Parts two = lineage.parts(valid.get(), own, second);
    Reasons unknown = one.unknown() == null ? two.unknown() : one.unknown();
    return unknown == null
        ? new Comparison(byCode(one), byCode(two), new Reasons(List.of(), List.of()))
        : Comparison.impossible(unknown);
  }

  private static Map<String, Double> byCode(Lineage.Parts parts) {
    Map<String, Double> weights = new TreeMap<>();
    parts.weights().forEach((region, weight) -> weights.put(region.code(), weight));
    return weights;
  }
}
