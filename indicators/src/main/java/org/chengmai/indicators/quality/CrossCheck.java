package org.chengmai.indicators.quality;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import org.chengmai.indicators.Anomaly.Reasons;
import org.chengmai.indicators.Grain;
import org.chengmai.indicators.Numbers;

/**
 * Not far from the neighbours: the distance to their median is at most so many times the usual one
 * (MAD): the median of the distances that the neighbours themselves have, each to the median of the
 * others, over the last 24 periods together, not scaled to a standard deviation. Like is compared
 * with like: the distances of six values of one period to their own median are so small and
 * uncertain that one in twelve honest values lies beyond five times their median. Fewer than five
 * neighbours, or neighbours that mostly agree exactly, measure no distance.
 */
record CrossCheck(double times) implements QualityRule {
  private static final int LEAST_NEIGHBOURS = 5;
  private static final int PERIODS = 24;

  static CrossCheck parse(RuleText text) {
    RuleText.Parts parts = text.like("abs(v - neighbour_median) <= 5*mad");
    parts.require(parts.number(1) > 0, "a bound of zero would allow the median alone");
    return new CrossCheck(parts.number(1));
  }

  @Override
  public String id() {
    return "cross";
  }

  @Override
  public Duration lookBack(Grain grain) {
    return grain.typical().multipliedBy(PERIODS);
  }

  @Override
  public boolean readsNeighbours() {
    return true;
  }

  @Override
  public Optional<Finding> judge(Evidence evidence) {
    Map<Instant, List<Double>> byPeriod = new TreeMap<>();
    Instant from = evidence.end().minus(lookBack(evidence.grain()));
    for (NavigableMap<Instant, Double> neighbour : evidence.neighbours().values()) {
      neighbour
          .subMap(from, true, evidence.period(), true)
          .forEach(
              (period, value) ->
                  byPeriod.computeIfAbsent(period, p -> new ArrayList<>()).add(value));
    }
    List<Double> values = byPeriod.getOrDefault(evidence.period(), List.of());
    if (values.size() < LEAST_NEIGHBOURS) {
      return Optional.empty();
    }
    Numbers neighbours = new Numbers(values);
    double median = neighbours.median();
    double distance = new Numbers(distances(byPeriod.values())).median();
    if (neighbours.isNothing(distance)) {
      return Optional.empty();
    }
    double measured = Math.abs(evidence.value() - median) / distance;
    return Optional.of(
        evidence.finding(
            this,
            measured <= times,
            measured,
            times,
            () ->
                Reasons.of(
                    "与 %d 个相邻区域不符：数值 %s，中位数 %s，偏离为绝对中位差的 %s 倍"
                        .formatted(
                            values.size(),
                            Finding.text(evidence.value()),
                            Finding.text(median),
                            Finding.text(measured)),
                    "unlike its %d neighbours: %s against a median of %s, %s times their median distance"
                        .formatted(
                            values.size(),
                            Finding.text(evidence.value()),
                            Finding.text(median),
                            Finding.text(measured)))));
  }

  /** Of each value to the median of the others of its period. */
  private static List<Double> distances(Collection<List<Double>> periods) {
    List<Double> distances = new ArrayList<>();
    for (List<Double> period : periods) {
      for (int i = 0; i < period.size() && period.size() > 1; i++) {
        List<Double> others = new ArrayList<>(period);
        others.remove(i);
        distances.add(Math.abs(period.get(i) - new Numbers(others).median()));
      }
    }
    return distances;
  }
}
