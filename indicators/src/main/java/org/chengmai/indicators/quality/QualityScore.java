package org.chengmai.indicators.quality;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/**
 * How far the judged rules were kept, weighted: 100 when all were.
 *
 * @param score 0 to 100
 * @param judged number of verdicts; what could not be judged counts neither way
 * @param passed how many of them passed
 */
public record QualityScore(double score, long judged, long passed) {

  /** What one rule says of a value or of some rows. */
  public interface Verdict {
    boolean passed();

    /** The share that kept the rule, 0 to 1: all or nothing where one value was judged. */
    default double share() {
      return passed() ? 1 : 0;
    }
  }

  /**
   * Weighs each verdict; empty when nothing was judged, which is not a good score.
   *
   * @param weight 0 leaves a verdict out
   */
  public static <V extends Verdict> Optional<QualityScore> of(
      Collection<V> verdicts, ToDoubleFunction<? super V> weight) {
    double all = 0;
    double good = 0;
    long judged = 0;
    long passed = 0;
    for (V verdict : verdicts) {
      double weighs = weight.applyAsDouble(verdict);
      if (weighs > 0) {
        all += weighs;
        good += weighs * verdict.share();
        judged++;
        passed += verdict.passed() ? 1 : 0;
      }
    }
    return judged == 0
        ? Optional.empty()
        : Optional.of(new QualityScore(100 * good / all, judged, passed));
  }

  /** The score of each group, such as an indicator's, a table's or a department's. */
  public static <V extends Verdict> SortedMap<String, QualityScore> by(
      Function<? super V, String> group,
      Collection<V> verdicts,
      ToDoubleFunction<? super V> weight) {
    SortedMap<String, QualityScore> scores = new TreeMap<>();
    verdicts.stream()
        .collect(Collectors.groupingBy(group))
        .forEach(
            (String name, List<V> some) ->
                of(some, weight).ifPresent(score -> scores.put(name, score)));
    return scores;
  }
}
