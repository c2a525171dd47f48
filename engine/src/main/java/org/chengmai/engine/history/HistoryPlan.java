package org.chengmai.engine.history;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.chengmai.engine.pipeline.CatalogueGroups;
import org.chengmai.engine.pipeline.ComputationGroup;
import org.chengmai.engine.pipeline.GroupSchedule;
import org.chengmai.indicators.Grain;

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
    List<Slice> slices = new ArrayList<>();
    for (GroupSchedule.Stretch stretch : groups.over(codes, from, to)) {
      slices.addAll(slices(stretch.group(), stretch.from(), stretch.to()));
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

  /** The bounds of parts of a length, the last one shorter. */
  static List<Instant> bounds(Instant from, Instant to, Duration length) {
    List<Instant> bounds = new ArrayList<>();
    for (Instant at = from; at.isBefore(to); at = at.plus(length)) {
      bounds.add(at);
    }
    bounds.add(to);
    return bounds;
  }

  private static Instant earlier(Instant one, Instant other) {
    return one.isBefore(other) ? one : other;
  }
}
