package org.chengmai.indicators.definition;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.chengmai.indicators.Grain;
import org.chengmai.indicators.SeriesKey;
import org.chengmai.indicators.Table;
import org.chengmai.indicators.Trust;
import org.chengmai.indicators.definition.IndicatorDefinition.Type;
import org.chengmai.indicators.region.Region;
import org.chengmai.indicators.region.Regions;
import org.jspecify.annotations.Nullable;

/**
 * Turns one result of a group's SQL into values of base regions and of the regions above them. One
 * use per result.
 */
final class GroupReader {
  private static final int[] NOBODY = {};

  private record Cell(int member, Instant period, SortedMap<String, String> dimensions) {}

  private record Slot(int member, Instant period) {}

  private final IndicatorGroup group;
  private final Regions regions;
  private final BaseRegions base;
  private final Map<Cell, Map<String, Contribution>> parts = new LinkedHashMap<>();
  private final Map<Slot, List<SortedMap<String, String>>> splits = new LinkedHashMap<>();
  private final Map<Instant, SortedSet<String>> strangers = new LinkedHashMap<>();
  private final SortedSet<Instant> periods = new TreeSet<>();

  GroupReader(IndicatorGroup group, Regions regions) {
    this.group = group;
    this.regions = regions;
    this.base = new BaseRegions(regions);
  }

  void take(Table result) {
    List<String> names = group.key().dimensions();
    List<Member> members = group.members();
    int time = result.index("period_start");
    int place = result.index("region_code");
    int[] split = columns(result, "dim_", names.size());
    Asked asked = group.asked();
    int discriminator = asked.discriminator() == null ? -1 : result.index("discriminator");
    int[] count = new int[members.size()];
    int[][] numerator = new int[members.size()][];
    int[][] denominator = new int[members.size()][];
    for (int i = 0; i < members.size(); i++) {
      Asked.Names columns = asked.members().get(i);
      count[i] = result.index(columns.count());
      numerator[i] = indices(result, columns.numerators());
      denominator[i] = indices(result, columns.denominators());
    }
    Map<@Nullable String, int[]> counting = counting(asked);
    int sample = group.key().sample() == null ? -1 : result.index("sample");
    for (List<@Nullable Object> row : result.rows()) {
      Instant period = (Instant) row.get(time);
      if (period == null) {
        continue; // a row without a time belongs to no period
      }
      periods.add(period);
      Object code = row.get(place);
      SortedMap<String, String> dimensions = new TreeMap<>();
      for (int i = 0; i < names.size(); i++) {
        Object part = row.get(split[i]);
        // the text form of dimensions joins them by = and ;
        dimensions.put(
            names.get(i), part == null ? "-" : part.toString().replace(';', '；').replace('=', '＝'));
      }
      Object value = discriminator < 0 ? null : row.get(discriminator);
      // a CHAR comes with the blanks that fill it
      String own = value == null ? null : value.toString().stripTrailing();
      for (int i : counting.getOrDefault(own, NOBODY)) {
        Member member = members.get(i);
        long n = count(row.get(count[i]));
        if (n > 0) {
          Contribution contribution =
              new Contribution(
                  partials(
                      member,
                      row,
                      numerator[i],
                      denominator[i],
                      place(sample < 0 ? null : row.get(sample), period)),
                  n);
          Optional<String> region = base.of(member.definition(), code, group.dateOf(period));
          if (region.isEmpty()) {
            strangers.computeIfAbsent(period, p -> new TreeSet<>()).add(String.valueOf(code));
          } else {
            put(new Cell(i, period, dimensions), region.get(), contribution, member);
          }
        }
      }
    }
  }

  private static int[] columns(Table result, String prefix, int count) {
    return IntStream.range(0, count).map(i -> result.index(prefix + i)).toArray();
  }

  /** The columns of some names; -1 for none. */
  private static int[] indices(Table result, List<? extends @Nullable String> names) {
    return names.stream().mapToInt(name -> name == null ? -1 : result.index(name)).toArray();
  }

  /** The members that a row counts for, by its discriminator; all where there is none. */
  private static Map<@Nullable String, int[]> counting(Asked asked) {
    Map<@Nullable String, List<Integer>> members = new HashMap<>();
    for (int i = 0; i < asked.members().size(); i++) {
      String value = asked.members().get(i).value();
      members
          .computeIfAbsent(value == null ? null : value.stripTrailing(), v -> new ArrayList<>())
          .add(i);
    }
    Map<@Nullable String, int[]> arrays = new HashMap<>();
    members.forEach(
        (value, all) -> arrays.put(value, all.stream().mapToInt(Integer::intValue).toArray()));
    return arrays;
  }

  private static List<Partial> partials(
      Member member,
      List<@Nullable Object> row,
      int[] numerator,
      int[] denominator,
      @Nullable Double sample) {
    List<Partial> partials = new ArrayList<>(numerator.length);
    for (int j = 0; j < numerator.length; j++) {
      Component component = member.components().get(j);
      Double top = number(row.get(numerator[j]));
      Double bottom = denominator[j] < 0 ? null : number(row.get(denominator[j]));
      if (component.sample() == null) {
        partials.add(new Partial(top, bottom, new TreeMap<>()));
      } else if (sample == null || top == null || bottom == null) {
        partials.add(Partial.NONE);
      } else {
        SortedMap<Double, Partial.Sum> sums = new TreeMap<>();
        sums.put(sample, new Partial.Sum(top, bottom));
        partials.add(new Partial(null, null, sums));
      }
    }
    return partials;
  }

  /** A sampled value, or the hours since the period's start. */
  private static @Nullable Double place(@Nullable Object sample, Instant period) {
    return sample instanceof Instant time
        ? (Double) (Duration.between(period, time).toSeconds() / 3600.0)
        : number(sample);
  }

  private void put(Cell cell, String region, Contribution contribution, Member member) {
    Map<String, Contribution> cells = parts.get(cell);
    if (cells == null) {
      cells = new LinkedHashMap<>();
      parts.put(cell, cells);
      splits
          .computeIfAbsent(new Slot(cell.member(), cell.period()), s -> new ArrayList<>())
          .add(cell.dimensions());
    }
    // several samples, or two codes of one place, such as 630122 and 630106
    cells.merge(region, contribution, (one, other) -> one.merge(other, member.components()));
  }

  /** The starts of all periods from the first to the last one in the result. */
  List<Instant> periodsTaken() {
    if (periods.isEmpty()) {
      return List.of();
    }
    return group.isSnapshot()
        ? List.of(periods.last())
        : group.periods(periods.first(), group.grain().end(periods.last(), group.zone()));
  }

  List<Computed> computed(List<Instant> starts) {
    List<Computed> all = new ArrayList<>();
    for (int i = 0; i < group.members().size(); i++) {
      for (Instant start : starts) {
        boolean isSplit = !group.key().dimensions().isEmpty();
        List<SortedMap<String, String>> keys =
            isSplit ? splits.getOrDefault(new Slot(i, start), List.of()) : List.of(new TreeMap<>());
        for (SortedMap<String, String> dimensions : keys) {
          compute(i, start, dimensions, isSplit, all);
        }
      }
    }
    return all;
  }

  private void compute(
      int index,
      Instant start,
      SortedMap<String, String> dimensions,
      boolean isSplit,
      List<Computed> all) {
    Member member = group.members().get(index);
    IndicatorDefinition definition = member.definition();
    Map<String, Contribution> given = given(index, start, dimensions);
    List<Region> covered = base.of(definition, group.dateOf(start));
    boolean isZero = isZeroWithoutRows(definition, given);
    Map<String, Contribution> usable = new LinkedHashMap<>();
    for (Region region : covered) {
      Contribution contribution = given.get(region.code());
      if (contribution == null && isZero && !isSplit) {
        contribution = Contribution.of(Partial.ZERO, member.components().size());
      }
      if (contribution != null && member.isUsable(contribution)) {
        usable.put(region.code(), contribution);
      }
      if (contribution != null || !isSplit) {
        SeriesKey key = new SeriesKey(definition.code(), region.code(), dimensions);
        all.add(value(member, key, start, contribution, 1, new Notes()));
      }
    }
    if (BaseRegions.isApart(definition)) {
      return;
    }
    for (Region.Level level : definition.region().levels()) {
      if (level != definition.region().base()) {
        rollUp(member, start, dimensions, level, covered, usable, isZero, isSplit, all);
      }
    }
  }

  /** What the regions gave in a period, or from the beginning of the year or month to its end. */
  private Map<String, Contribution> given(
      int index, Instant start, SortedMap<String, String> dimensions) {
    Grain since = group.key().since();
    if (since == null) {
      return parts.getOrDefault(new Cell(index, start, dimensions), Map.of());
    }
    Map<String, Contribution> sums = new LinkedHashMap<>();
    for (Instant period = since.floor(start, group.zone());
        !period.isAfter(start);
        period = group.grain().end(period, group.zone())) {
      parts
          .getOrDefault(new Cell(index, period, dimensions), Map.of())
          .forEach(
              (region, contribution) ->
                  sums.merge(
                      region,
                      contribution,
                      (one, other) -> one.merge(other, group.members().get(index).components())));
    }
    return sums;
  }

  private void rollUp(
      Member member,
      Instant start,
      SortedMap<String, String> dimensions,
      Region.Level level,
      List<Region> covered,
      Map<String, Contribution> usable,
      boolean isZero,
      boolean isSplit,
      List<Computed> all) {
    Map<String, List<Region>> below = new LinkedHashMap<>();
    for (Region region : covered) {
      regions
          .ancestor(region.code(), level)
          .ifPresent(
              above -> below.computeIfAbsent(above.code(), c -> new ArrayList<>()).add(region));
    }
    below.forEach(
        (code, parts) -> {
          Contribution merged = null;
          Notes notes = new Notes();
          for (Region part : parts) {
            Contribution one = usable.get(part.code());
            if (one != null) {
              merged = merged == null ? one : merged.merge(one, member.components());
            } else if (!isSplit && !isZero && isMadeOfAll(member)) {
              notes.add("缺少" + part.name().zh(), part.name().en() + " is missing");
            }
          }
          SortedSet<String> unknown = strangers.get(start);
          if (unknown != null) {
            notes.add("有未知区划代码的数据: " + unknown, "rows of unknown regions are left out: " + unknown);
          }
          SeriesKey key = new SeriesKey(member.definition().code(), code, dimensions);
          all.add(value(member, key, start, merged, parts.size(), notes));
        });
  }

  /** Whether the value of many regions is wrong without one of them, as a sum is. */
  private static boolean isMadeOfAll(Member member) {
    return switch (member.first().kind()) {
      case ADDED, LEAST, GREATEST -> true;
      case DIVIDED, SAMPLED -> false;
    };
  }

  /**
   * Makes the value of one region; {@code regionCount} base regions were expected to contribute.
   */
  private Computed value(
      Member member,
      SeriesKey key,
      Instant start,
      @Nullable Contribution contribution,
      int regionCount,
      Notes notes) {
    IndicatorDefinition definition = member.definition();
    Contribution known =
        contribution == null
            ? Contribution.of(Partial.NONE, member.components().size())
            : contribution;
    Double raw = member.value(known);
    Double value = raw == null ? null : definition.unit().rounded(raw * definition.factor());
    Trust trust;
    if (value == null) {
      trust = Trust.MISSING;
      notes = Notes.whyMissing(member, known);
    } else {
      notes.addCoverage(definition, known.n(), regionCount);
      notes.addRange(definition, value);
      for (String absent : member.absent(known)) {
        notes.add("缺少" + absent, absent + " is missing");
      }
      trust = notes.isEmpty() ? Trust.COMPLETE : Trust.PARTIAL;
    }
    return Computed.of(
        member,
        key,
        start,
        definition.grain(),
        known,
        value,
        value == null ? Map.of() : member.readings(known, value),
        trust,
        notes.reasons());
  }

  /**
   * With policy zero a region without rows counts zero only when the source gave rows for some
   * other region of the period: a source that is silent everywhere may as well have stopped. A
   * snapshot's table was read, so it is zero.
   */
  private static boolean isZeroWithoutRows(
      IndicatorDefinition definition, Map<String, Contribution> given) {
    return definition.definition().missing().policy().equals("zero")
        && (definition.definition().type() == Type.SNAPSHOT || !given.isEmpty());
  }

  private static @Nullable Double number(@Nullable Object value) {
    return value == null ? null : Double.valueOf(((Number) value).doubleValue());
  }

  private static long count(@Nullable Object value) {
    return value == null ? 0 : ((Number) value).longValue();
  }
}
