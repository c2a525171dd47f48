package org.chengmai.engine.history;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.chengmai.engine.pipeline.CatalogueGroups;
import org.chengmai.engine.pipeline.ComputationGroup;
import org.chengmai.indicators.Grain;
import org.chengmai.indicators.definition.IndicatorDefinition;
import org.chengmai.indicators.definition.IndicatorDefinition.Effective;

/**
 * Cuts a range of the past into slices: at the days on which other versions come into force, at the
 * ends of months, and after so many periods. What reads other indicators comes after them.
 */
final class HistoryPlan {
  private static final Grain MONTH = Grain.of("P1M");

  private final CatalogueGroups groups;
  private final Function<Set<String>, Instant> closedTo;
  private final int mostPeriods;

  /**
   * @param closedTo up to when the periods of some indicators are closed: later ones are left to
   *     the scheduler
   * @param mostPeriods of a slice, of all its indicators together
   */
  HistoryPlan(CatalogueGroups groups, Function<Set<String>, Instant> closedTo, int mostPeriods) {
    this.groups = groups;
    this.closedTo = closedTo;
    this.mostPeriods = mostPeriods;
  }

  /**
   * The slices of some indicators between two times, each period by the version that was in force
   * on the day of its start.
   */
  List<Slice> slices(Set<String> codes, Instant from, Instant to) {
    TreeSet<LocalDate> changes = new TreeSet<>();
    for (IndicatorDefinition definition : groups.catalogue().all()) {
      if (codes.contains(definition.code()) && definition.isActive()) {
        Effective effective = definition.metadata().effective();
        changes.add(effective.from());
        if (effective.to() != null) {
          changes.add(effective.to().plusDays(1));
        }
      }
    }
    List<Slice> slices = new ArrayList<>();
    for (LocalDate since : changes) {
      LocalDate next = changes.higher(since);
      // nothing of a stretch that lies apart from the range is looked at: zones differ by a day
      if (next != null
          && next.plusDays(1).atStartOfDay(ZoneOffset.UTC).toInstant().isBefore(from)) {
        continue;
      }
      for (ComputationGroup group : groups.past(since, codes)) {
        Instant begin = start(group, since.atStartOfDay(group.zone()).toInstant());
        Instant end = next == null ? to : start(group, next.atStartOfDay(group.zone()).toInstant());
        slices.addAll(slices(group, later(begin, from), earlier(end, to)));
      }
    }
    slices.sort(
        Comparator.comparingInt((Slice slice) -> slice.group().stage())
            .thenComparing(Slice::from)
            .thenComparing(Slice::name));
    return slices;
  }

  /** The slices of one group, from the period that holds {@code from}, of closed periods only. */
  List<Slice> slices(ComputationGroup group, Instant from, Instant to) {
    Grain grain = group.grain();
    Instant end = grain.floor(earlier(to, closedTo.apply(group.versions().keySet())), group.zone());
    int most = Math.max(1, mostPeriods / group.versions().size());
    List<Slice> slices = new ArrayList<>();
    Instant start = grain.floor(from, group.zone());
    while (start.isBefore(end)) {
      Instant month = MONTH.end(MONTH.floor(start, group.zone()), group.zone());
      Instant stop = start;
      int periods = 0;
      do {
        stop = grain.end(stop, group.zone());
        periods++;
      } while (stop.isBefore(end) && stop.isBefore(month) && periods < most);
      slices.add(new Slice(group, start, stop));
      start = stop;
    }
    return slices;
  }

  /** The first boundary of periods that is not before a time. */
  private static Instant start(ComputationGroup group, Instant time) {
    Instant floor = group.grain().floor(time, group.zone());
    return floor.equals(time) ? floor : group.grain().end(floor, group.zone());
  }

  private static Instant later(Instant one, Instant other) {
    return one.isAfter(other) ? one : other;
  }

  private static Instant earlier(Instant one, Instant other) {
    return one.isBefore(other) ? one : other;
  }
}
