package org.chengmai.engine.pipeline;

import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeSet;

/** Which groups there are on which days, as versions of definitions come into force. Immutable. */
public interface GroupSchedule {

  /** All that is computed on a day. */
  List<? extends ComputationGroup> on(LocalDate day);

  /** The days on which some group changes. */
  NavigableSet<LocalDate> changes();

  /**
   * The days on which what computes some indicators changes; a group of an earlier day computes the
   * periods that began before.
   */
  NavigableSet<LocalDate> changes(Set<String> codes);

  /**
   * What computes some indicators' periods between two times, each by the versions that were in
   * force on the day of its start; without snapshots.
   */
  List<Stretch> over(Set<String> codes, Instant from, Instant to);

  /** A group with the times whose periods it computes. */
  record Stretch(ComputationGroup group, Instant from, Instant to) {}

  /** Groups that never change. */
  static GroupSchedule of(List<? extends ComputationGroup> groups) {
    return new GroupSchedule() {
      @Override
      public List<? extends ComputationGroup> on(LocalDate day) {
        return groups;
      }

      @Override
      public NavigableSet<LocalDate> changes() {
        return new TreeSet<>();
      }

      @Override
      public NavigableSet<LocalDate> changes(Set<String> codes) {
        return new TreeSet<>();
      }

      @Override
      public List<Stretch> over(Set<String> codes, Instant from, Instant to) {
        return List.of();
      }
    };
  }

  /** The start of the first of a group's periods that begins on a day or later. */
  static Instant begin(ComputationGroup group, LocalDate day) {
    Instant midnight = day.atStartOfDay(group.zone()).toInstant();
    Instant floor = group.grain().floor(midnight, group.zone());
    return floor.equals(midnight) ? floor : group.grain().end(floor, group.zone());
  }
}
