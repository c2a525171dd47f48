package org.chengmai.engine.pipeline;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.chengmai.indicators.Grain;
import org.chengmai.indicators.IndicatorPoint;
import org.chengmai.indicators.IndicatorStore;
import org.chengmai.indicators.SeriesKey;
import org.chengmai.indicators.Trust;
import org.chengmai.indicators.calendar.PeriodCalendar;
import org.chengmai.indicators.definition.IndicatorDefinition;
import org.chengmai.indicators.definition.IndicatorIndex;
import org.chengmai.indicators.region.Region;
import org.chengmai.indicators.region.Regions;

/**
 * A composite indicator as the scheduler runs it: computed from the newest points of its inputs up
 * to a period's end, in the same region.
 */
public final class IndexGroup implements ComputationGroup {
  /** So much of the inputs' past is held in memory at once. */
  private static final Duration SLICE = Duration.ofDays(7);

  private final IndicatorIndex index;
  private final int stage;
  private final Duration lateness;
  private final Function<IndicatorDefinition, PeriodCalendar> calendars;
  private final Regions regions;
  private final IndicatorStore store;

  /**
   * @param stage one more than that of the indices that it reads, 1 if there are none
   * @param lateness at least that of all that it reads, so that their last revisions reach it
   */
  IndexGroup(
      IndicatorIndex index,
      int stage,
      Duration lateness,
      Function<IndicatorDefinition, PeriodCalendar> calendars,
      Regions regions,
      IndicatorStore store) {
    this.index = index;
    this.stage = stage;
    this.lateness = lateness;
    this.calendars = calendars;
    this.regions = regions;
    this.store = store;
  }

  /**
   * The groups of some indices.
   *
   * @param indices each after those that it reads
   * @param calendars which of an input's periods count
   */
  public static List<IndexGroup> of(
      List<IndicatorIndex> indices,
      Function<IndicatorDefinition, PeriodCalendar> calendars,
      Regions regions,
      IndicatorStore store) {
    Map<String, Integer> stages = new HashMap<>();
    Map<String, Duration> latenesses = new HashMap<>();
    List<IndexGroup> groups = new ArrayList<>();
    for (IndicatorIndex index : indices) {
      int stage =
          1
              + index.inputs().stream()
                  .mapToInt(input -> stages.getOrDefault(input.code(), 0))
                  .max()
                  .orElse(0);
      Duration lateness =
          Stream.concat(Stream.of(index.definition()), index.inputs().stream())
              .map(one -> latenesses.getOrDefault(one.code(), one.period().lateness()))
              .max(Comparator.naturalOrder())
              .orElseThrow();
      stages.put(index.definition().code(), stage);
      latenesses.put(index.definition().code(), lateness);
      groups.add(new IndexGroup(index, stage, lateness, calendars, regions, store));
    }
    return groups;
  }

  @Override
  public String name() {
    return index.definition().code() + "@" + grain();
  }

  @Override
  public int stage() {
    return stage;
  }

  @Override
  public Grain grain() {
    return index.definition().grain();
  }

  @Override
  public ZoneId zone() {
    return index.definition().period().zone();
  }

  @Override
  public Duration watermark() {
    return index.definition().period().watermark();
  }

  @Override
  public Duration lateness() {
    return lateness;
  }

  @Override
  public Map<String, Integer> versions() {
    return Map.of(index.definition().code(), index.definition().version());
  }

  @Override
  public Object formula() {
    return List.of(index.definition(), index.inputs());
  }

  /** None: there is a value or a missing one for every region. */
  @Override
  public Set<SeriesKey> expected() {
    return Set.of();
  }

  @Override
  public List<Computed> compute(Instant from, Instant to) {
    List<Computed> values = new ArrayList<>();
    Instant start = from;
    while (start.isBefore(to)) {
      Instant most = start.plus(SLICE);
      Instant end = most.isBefore(to) ? most : to;
      Map<String, Map<String, NavigableMap<Instant, IndicatorPoint>>> points = points(start, end);
      for (; start.isBefore(end); start = grain().end(start, zone())) {
        compute(start, points, values);
      }
    }
    return values;
  }

  private void compute(
      Instant start,
      Map<String, Map<String, NavigableMap<Instant, IndicatorPoint>>> points,
      List<Computed> values) {
    Instant end = grain().end(start, zone());
    LocalDate date = start.atZone(zone()).toLocalDate();
    Set<String> restingNow = resting(end);
    for (Region.Level level : index.definition().region().levels()) {
      for (Region region : regions.at(level, date)) {
        Map<String, IndicatorPoint> newest =
            newest(points.getOrDefault(region.code(), Map.of()), end);
        Set<String> resting = new HashSet<>(restingNow);
        resting.removeAll(newest.keySet());
        var value = index.compute(region.code(), start, newest, resting);
        if (value.value() != null) {
          // inputs that are mended, with the same values, make another revision
          String hash = value.inputHash() + (value.trust() == Trust.PARTIAL ? "!" : "");
          values.add(CatalogueGroup.computed(value, value.trust()).withTrust(value.trust(), hash));
        }
      }
    }
  }

  /** The inputs of which no period counts as far back as one would be taken. */
  private Set<String> resting(Instant end) {
    return index.inputs().stream()
        .filter(input -> !calendars.apply(input).isAlwaysOpen())
        .filter(
            input ->
                !calendars
                    .apply(input)
                    .isOpen(end.minus(IndicatorIndex.mostAge(input)), end, input.period().zone()))
        .map(IndicatorDefinition::code)
        .collect(Collectors.toSet());
  }

  /** The inputs' points by region, code and the end of their period. */
  private Map<String, Map<String, NavigableMap<Instant, IndicatorPoint>>> points(
      Instant from, Instant to) {
    Map<Grain, List<IndicatorDefinition>> byGrain =
        index.inputs().stream().collect(Collectors.groupingBy(IndicatorDefinition::grain));
    Map<String, Map<String, NavigableMap<Instant, IndicatorPoint>>> points = new HashMap<>();
    byGrain.forEach(
        (grain, inputs) -> {
          Duration age =
              inputs.stream()
                  .map(IndicatorIndex::mostAge)
                  .max(Comparator.naturalOrder())
                  .orElse(Duration.ZERO)
                  .plus(grain.typical().multipliedBy(2));
          ZoneId zone = inputs.get(0).period().zone();
          List<String> codes = inputs.stream().map(IndicatorDefinition::code).toList();
          for (IndicatorPoint point : store.between(codes, from.minus(age), to)) {
            if (point.key().dimensions().isEmpty()) {
              points
                  .computeIfAbsent(point.key().region(), region -> new HashMap<>())
                  .computeIfAbsent(point.key().code(), code -> new TreeMap<>())
                  .put(grain.end(point.periodStart(), zone), point);
            }
          }
        });
    return points;
  }

  /** Of each input the newest point whose period has ended, unless that is too long ago. */
  private Map<String, IndicatorPoint> newest(
      Map<String, NavigableMap<Instant, IndicatorPoint>> points, Instant end) {
    Map<String, IndicatorPoint> newest = new HashMap<>();
    for (IndicatorDefinition input : index.inputs()) {
      NavigableMap<Instant, IndicatorPoint> ended = points.get(input.code());
      Map.Entry<Instant, IndicatorPoint> last = ended == null ? null : ended.floorEntry(end);
      if (last != null && last.getKey().isAfter(end.minus(IndicatorIndex.mostAge(input)))) {
        newest.put(input.code(), last.getValue());
      }
    }
    return newest;
  }
}
