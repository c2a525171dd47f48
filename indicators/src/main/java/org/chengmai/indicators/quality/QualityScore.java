package org.chengmai.indicators.quality;

import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * How many of the judged rules passed, weighted: 100 when all did.
 *
 * @param score 0 to 100
 * @param judged number of findings; what could not be judged counts neither way
 * @param passed how many of them passed
 */
public record QualityScore(double score, long judged, long passed) {

  /**
   * Weighs each finding by its rule; empty when nothing was judged, which is not a good score.
   *
   * @param weights by the rule's id; 1 where a rule is not listed, 0 leaves it out
   */
  public static Optional<QualityScore> of(
      Collection<Finding> findings, Map<String, Double> weights) {
    double all = 0;
    double good = 0;
    long judged = 0;
    long passed = 0;
    for (Finding finding : findings) {
      double weight = weights.getOrDefault(finding.rule(), 1.0);
      if (weight > 0) {
        all += weight;
        judged++;
        if (finding.passed()) {
          good += weight;
          passed++;
        }
      }
    }
    return judged == 0
        ? Optional.empty()
        : Optional.of(new QualityScore(100 * good / all, judged, passed));
  }

  /** The score of each indicator, by its code. */
  public static SortedMap<String, QualityScore> byIndicator(
      Collection<Finding> findings, Map<String, Double> weights) {
    return by(findings, weights, Function.identity());
  }

  /**
   * The score of each department over its indicators.
   *
   * @param department whose data an indicator's are, by its code
   */
  public static SortedMap<String, QualityScore> byDepartment(
      Collection<Finding> findings,
      Map<String, Double> weights,
      Function<String, String> department) {
    return by(findings, weights, department);
  }

  private static SortedMap<String, QualityScore> by(
      Collection<Finding> findings, Map<String, Double> weights, Function<String, String> group) {
    SortedMap<String, QualityScore> scores = new TreeMap<>();
    findings.stream()
        .collect(Collectors.groupingBy(finding -> group.apply(finding.value().key().code())))
        .forEach((name, some) -> of(some, weights).ifPresent(score -> scores.put(name, score)));
    return scores;
  }
}
