package org.chengmai.indicators.quality;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.chengmai.indicators.Numbers;

/**
 * Not far from the neighbours: the distance to their median is at most so many times their median
 * distance to it (MAD, not scaled to a standard deviation). Fewer than five neighbours, or
 * neighbours that mostly agree exactly, measure no distance.
 */
record CrossCheck(double times) implements QualityRule {
  private static final int LEAST_NEIGHBOURS = 5;

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
  public boolean readsNeighbours() {
    return true;
  }

  @Override
  public Optional<Finding> judge(Evidence evidence) {
    List<Double> values =
        evidence.neighbours().values().stream()
            .map(neighbour -> neighbour.get(evidence.period()))
            .filter(Objects::nonNull)
            .toList();
    if (values.size() < LEAST_NEIGHBOURS) {
      return Optional.empty();
    }
    Numbers neighbours = new Numbers(values);
    double median = neighbours.median();
    double distance = neighbours.medianDistance();
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
            "与 %d 个相邻区域不符：数值 %s，中位数 %s，偏离 %s 倍绝对中位差"
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
                    Finding.text(measured))));
  }
}
