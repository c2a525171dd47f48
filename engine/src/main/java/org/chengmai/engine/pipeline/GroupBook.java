package org.chengmai.engine.pipeline;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The groups that are scheduled, as versions of definitions come into force at local midnight. A
 * group that does not change goes on untouched. A changed one of the same name goes on where it
 * stands, and its earlier periods stay those of the earlier version; what has no successor of its
 * name ends, but is looked at again until its lateness is over. {@link #keep} and {@link #onChange}
 * are for one thread at a time, the rest for any.
 */
final class GroupBook {
  /** Days begin where the city is; periods begin by the zone of their definition. */
  private static final ZoneId CITY = ZoneId.of("Asia/Shanghai");

  /** Makes the place in time of a group. */
  interface Factory {
    ScheduledGroup create(
        ComputationGroup group,
        Instant since,
        ClosePlan.@Nullable Progress progress,
        @Nullable Instant updatedAt);
  }

  private final GroupSchedule schedule;
  private final Factory factory;
  private Consumer<LocalDate> listener = day -> {};
  private LocalDate day;
  private volatile Map<String, ScheduledGroup> groups;

  GroupBook(GroupSchedule schedule, ProgressBook book, Instant now, Factory factory) {
    this.schedule = schedule;
    this.factory = factory;
    this.day = now.atZone(CITY).toLocalDate();
    Map<String, ClosePlan.Progress> saved = book.progress();
    Map<String, Instant> updates = book.updates();
    List<? extends ComputationGroup> today = schedule.on(day);
    Set<String> names = today.stream().map(ComputationGroup::name).collect(Collectors.toSet());
    Map<String, ScheduledGroup> all = new LinkedHashMap<>(ended(saved, updates, names));
    for (ComputationGroup group : today) {
      ClosePlan.Progress progress = saved.get(group.name());
      Instant after = progress == null ? successor(group, all.values()) : null;
      all.put(
          group.name(),
          factory.create(
              group,
              since(group),
              after == null ? progress : ClosePlan.Progress.at(after),
              updates.get(group.name())));
    }
    for (ProgressBook.Recomputation waiting : book.recomputations()) {
      ScheduledGroup group = all.get(waiting.group());
      if (group != null) {
        group.add(waiting);
      }
    }
    this.groups = Collections.unmodifiableMap(all);
  }

  /** Groups of earlier days that left periods to be computed when the engine stopped. */
  private Map<String, ScheduledGroup> ended(
      Map<String, ClosePlan.Progress> saved, Map<String, Instant> updates, Set<String> names) {
    Map<String, ScheduledGroup> ended = new HashMap<>();
    for (LocalDate change : schedule.changes().headSet(day, true)) {
      for (ComputationGroup group : schedule.on(change.minusDays(1))) {
        ClosePlan.Progress progress = saved.get(group.name());
        Instant until = GroupSchedule.begin(group, change);
        if (!names.contains(group.name())
            && schedule.on(change).stream().noneMatch(g -> g.name().equals(group.name()))
            && progress != null
            && progress.lateness().isBefore(until)) {
          ScheduledGroup last =
              factory.create(
                  group, since(group, change.minusDays(1)), progress, updates.get(group.name()));
          last.end(until);
          ended.put(group.name(), last);
        }
      }
    }
    return ended;
  }

  private Instant since(ComputationGroup group) {
    return since(group, day);
  }

  /** From when on a group is as it is on a day. */
  private Instant since(ComputationGroup group, LocalDate on) {
    LocalDate change = schedule.changes(group.versions().keySet()).floor(on);
    return change == null ? Instant.MIN : GroupSchedule.begin(group, change);
  }

  /** Where a group begins that takes over indicators of one that has ended; null if it does not. */
  private static @Nullable Instant successor(
      ComputationGroup group, Iterable<ScheduledGroup> others) {
    for (ScheduledGroup other : others) {
      if (!other.until().equals(Instant.MAX) && other.computes(group.versions().keySet())) {
        return group.grain().floor(other.until(), group.zone()).equals(other.until())
            ? other.until()
            : group.grain().end(group.grain().floor(other.until(), group.zone()), group.zone());
      }
    }
    return null;
  }

  void onChange(Consumer<LocalDate> told) {
    listener = told;
  }

  /** In the order of the schedule; those that have ended too, until nothing of them is left. */
  List<ScheduledGroup> all() {
    return List.copyOf(groups.values());
  }

  /** Makes the groups those of the day, and lets go what has ended. */
  void keep(Instant now) {
    LocalDate today = now.atZone(CITY).toLocalDate();
    while (day.isBefore(today)) {
      LocalDate next = schedule.changes().higher(day);
      if (next == null || next.isAfter(today)) {
        day = today;
      } else if (change(next)) {
        day = next;
        listener.accept(next);
      } else {
        return; // some group runs and changes after that
      }
    }
    if (groups.values().stream().anyMatch(group -> group.isOver(now))) {
      Map<String, ScheduledGroup> left = new LinkedHashMap<>(groups);
      left.values().removeIf(group -> group.isOver(now));
      groups = Collections.unmodifiableMap(left);
    }
  }

  /** False if a group that changes is running; what has changed already stays so. */
  private boolean change(LocalDate to) {
    Map<String, ComputationGroup> next = new LinkedHashMap<>();
    schedule.on(to).forEach(group -> next.put(group.name(), group));
    for (Map.Entry<String, ScheduledGroup> one : groups.entrySet()) {
      ComputationGroup other = next.get(one.getKey());
      boolean isSame =
          other != null
              && other.formula().equals(one.getValue().group().formula())
              && one.getValue().until().equals(Instant.MAX);
      if (other != null
          && !isSame
          && !one.getValue().become(other, GroupSchedule.begin(other, to))) {
        return false;
      }
    }
    Map<String, ScheduledGroup> all = new LinkedHashMap<>();
    groups.forEach(
        (name, group) -> {
          if (!next.containsKey(name)) {
            if (group.until().equals(Instant.MAX)) {
              group.end(GroupSchedule.begin(group.group(), to));
            }
            all.put(name, group);
          }
        });
    next.forEach(
        (name, group) -> {
          ScheduledGroup known = groups.get(name);
          all.put(
              name,
              known != null
                  ? known
                  : factory.create(
                      group,
                      GroupSchedule.begin(group, to),
                      ClosePlan.Progress.at(GroupSchedule.begin(group, to)),
                      null));
        });
    groups = Collections.unmodifiableMap(all);
    return true;
  }
}
