package org.chengmai.indicators.region;

import java.time.LocalDate;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.chengmai.indicators.Anomaly.Reasons;
import org.chengmai.indicators.region.Region.Successor;
import org.jspecify.annotations.Nullable;

/**
 * What became of places, and of what places others came. A successor always outlives the place that
 * names it, so there are no circles. Immutable.
 */
final class Lineage {
  /** The weights of regions in an area, or the reasons why they are not known. */
  record Parts(Map<Region, Double> weights, @Nullable Reasons unknown) {
    private static Parts unknown(String zh, String en) {
      return new Parts(Map.of(), Reasons.of(zh, en));
    }
  }

  private final Map<Region, Map<Region, Successor>> after = new HashMap<>();
  private final Map<Region, Set<Region>> before = new HashMap<>();

  /** Takes the successors of a region that ended, each with the place that it means. */
  void add(Region region, Map<Region, Successor> successors) {
    after.put(region, successors);
    successors
        .keySet()
        .forEach(next -> before.computeIfAbsent(next, n -> new LinkedHashSet<>()).add(region));
  }

  /** The regions that a region replaced. */
  Set<Region> before(Region region) {
    return before.getOrDefault(region, Set.of());
  }

  /**
   * What a region is on a day: itself, or all that it became or came from by then; nothing when
   * what became of a part of it is not known.
   */
  Set<Region> on(Region region, LocalDate date) {
    Set<Region> found = new LinkedHashSet<>();
    if (region.isValidOn(date)) {
      found.add(region);
    } else if (region.endsBefore(date)) {
      if (lost(region, date).isEmpty()) {
        after(region).keySet().forEach(next -> found.addAll(on(next, date)));
      }
    } else {
      before(region).stream()
          .filter(former -> !former.endsBefore(date))
          .forEach(former -> found.addAll(on(former, date)));
    }
    return found;
  }

  /** The region on the way to a day that ended without a successor. */
  private Optional<Region> lost(Region region, LocalDate date) {
    if (!region.endsBefore(date)) {
      return Optional.empty();
    }
    Set<Region> successors = after(region).keySet();
    if (successors.isEmpty() || successors.stream().anyMatch(next -> next.beginsAfter(date))) {
      return Optional.of(region);
    }
    return successors.stream().flatMap(next -> lost(next, date).stream()).findFirst();
  }

  private Map<Region, Successor> after(Region region) {
    return after.getOrDefault(region, Map.of());
  }

  /** Of what regions of a day the area consists that a region has on its own day. */
  Parts parts(Region region, LocalDate own, LocalDate date) {
    return date.isBefore(own) ? earlier(region, own, date) : later(region, own, date);
  }

  /** The area is that of its successors, provided that these hold nothing else. */
  private Parts later(Region region, LocalDate own, LocalDate date) {
    Optional<Region> lost = lost(region, date);
    if (lost.isPresent()) {
      Region end = lost.get();
      return Parts.unknown(
          "%s有效至%s，此后的代码未知".formatted(zh(end), end.to()),
          "%s ended on %s and what it became is not known".formatted(en(end), end.to()));
    }
    Map<Region, Double> weights = new LinkedHashMap<>();
    for (Region successor : on(region, date)) {
      for (Region former : sources(successor, date, own)) {
        if (!former.equals(region)) {
          return Parts.unknown(
              "%s已与%s合并为%s".formatted(zh(region), zh(former), zh(successor)),
              "%s was merged with %s into %s".formatted(en(region), en(former), en(successor)));
        }
      }
      weights.put(successor, 1.0);
    }
    return new Parts(weights, null);
  }

  /** The regions of an earlier day of which all or a part belongs to the area. */
  private Set<Region> sources(Region region, LocalDate own, LocalDate date) {
    Set<Region> found = new LinkedHashSet<>();
    if (region.isValidOn(date)) {
      found.add(region);
    }
    for (Region former : changes(region, own, date)) {
      found.addAll(sources(former, Objects.requireNonNull(former.to()), date));
    }
    return found;
  }

  /**
   * Walks back through the changes, the latest first. A former place counts as much as what it
   * became where all of that counts the same, so what was split and merged again is whole; else by
   * shares.
   */
  private Parts earlier(Region region, LocalDate own, LocalDate date) {
    Map<Region, Double> weights = new LinkedHashMap<>();
    weights.put(region, 1.0);
    PriorityQueue<Region> open =
        new PriorityQueue<>(Comparator.comparing(Region::to, Comparator.reverseOrder()));
    open.addAll(changes(region, own, date));
    while (!open.isEmpty()) {
      Region former = open.remove();
      if (!weights.containsKey(former)) {
        Optional<Double> weight = weight(former, weights);
        if (weight.isEmpty()) {
          return Parts.unknown(
              "%s已拆分为%s，各部分占比未知".formatted(zh(former), joined(former, "、", Lineage::zh)),
              "%s was split into %s and the shares are not known"
                  .formatted(en(former), joined(former, ", ", Lineage::en)));
        }
        weights.put(former, weight.get());
        open.addAll(changes(former, Objects.requireNonNull(former.to()), date));
      }
    }
    for (Region one : weights.keySet()) {
      if (one.beginsAfter(date) && before(one).stream().noneMatch(weights::containsKey)) {
        return Parts.unknown(
            "%s自%s起有效，此前的代码未知".formatted(zh(one), one.from()),
            "%s began on %s and what it was before is not known".formatted(en(one), one.from()));
      }
    }
    weights.keySet().removeIf(one -> !one.isValidOn(date));
    return new Parts(weights, null);
  }

  /** What a region took over from a day on and before its own day. */
  private List<Region> changes(Region region, LocalDate own, LocalDate date) {
    return before(region).stream()
        .filter(former -> !former.endsBefore(date) && former.endsBefore(own))
        .toList();
  }

  private Optional<Double> weight(Region former, Map<Region, Double> weights) {
    Map<Region, Successor> successors = after(former);
    List<Double> given =
        successors.keySet().stream().map(s -> weights.getOrDefault(s, 0.0)).toList();
    if (given.stream().distinct().count() == 1) {
      return Optional.of(given.get(0));
    }
    double sum = 0;
    for (Map.Entry<Region, Successor> successor : successors.entrySet()) {
      Double share = successor.getValue().share();
      if (share == null) {
        return Optional.empty();
      }
      sum += share * weights.getOrDefault(successor.getKey(), 0.0);
    }
    return Optional.of(sum);
  }

  private String joined(Region former, String separator, Function<Region, String> name) {
    return after(former).keySet().stream().map(name).collect(Collectors.joining(separator));
  }

  private static String zh(Region region) {
    return region.code() + region.name().zh();
  }

  private static String en(Region region) {
    return region.code() + " " + region.name().en();
  }
}
