package org.chengmai.indicators.composite;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;
import org.chengmai.indicators.composite.IndexValue.Part;
import org.jspecify.annotations.Nullable;

/**
 * What changed an index from one value to another. The contributions sum to the change exactly, as
 * decimals: all are whole multiples of 0.0001, made by rounding the running sum and not each
 * contribution, so that none is off what it really is by more than 0.0001.
 *
 * @param change the later published score less the earlier
 * @param contributions first the inputs by code, then coverage, then the cap
 */
public record Explanation(BigDecimal change, List<Contribution> contributions) {

  /** Where a contribution comes from. */
  public enum Kind {
    /**
     * The change of an input that was there both times: w(s_t − s_{t−1}) in the arithmetic mean,
     * its LMDI share (Ang, 2005) in the geometric one. w are the weights over these inputs alone.
     */
    INPUT,
    /** Inputs that came or went, with the weights that they gave or took. */
    COVERAGE,
    /** The cap by a life-line came, went or changed. */
    CAP
  }

  /**
   * One part of the change.
   *
   * @param code the input's code, null for coverage and cap
   * @param points index points
   */
  public record Contribution(Kind kind, @Nullable String code, BigDecimal points) {}

  public Explanation {
    contributions = List.copyOf(contributions);
  }

  /**
   * Explains a change between two values of one index.
   *
   * @return empty when one of them has no score
   * @throws ChengmaiException INVALID_INPUT when the two were made with other weights or another
   *     mean: a change of the definition is no change of the city. A change of bands shows as cap
   */
  public static Optional<Explanation> between(IndexValue before, IndexValue after) {
    if (!before.code().equals(after.code())
        || before.mean() != after.mean()
        || !weights(before).equals(weights(after))) {
      throw new ChengmaiException(
          ErrorCode.INVALID_INPUT,
          "%s and %s were computed by other weights or means; compare values of one version"
              .formatted(before.code(), after.code()));
    }
    if (before.score() == null
        || before.uncapped() == null
        || after.score() == null
        || after.uncapped() == null) {
      return Optional.empty();
    }
    List<Contribution> contributions = ofTheMean(before, after);
    BigDecimal change = difference(before.score(), after.score());
    BigDecimal capChange = change.subtract(difference(before.uncapped(), after.uncapped()));
    if (capChange.signum() != 0) {
      contributions.add(new Contribution(Kind.CAP, null, capChange));
    }
    return Optional.of(new Explanation(change, contributions));
  }

  /** Sums to the change of the score before the cap. */
  private static List<Contribution> ofTheMean(IndexValue before, IndexValue after) {
    List<Part> from = new ArrayList<>();
    List<Part> to = new ArrayList<>();
    boolean coverageChanged = false;
    for (int i = 0; i < before.parts().size(); i++) {
      Part old = before.parts().get(i);
      Part now = after.parts().get(i);
      if (old.counts() && now.counts()) {
        from.add(old);
        to.add(now);
      }
      coverageChanged |= old.counts() != now.counts();
    }
    double common = from.stream().mapToDouble(Part::weight).sum();
    double[] points =
        before
            .mean()
            .contributions(
                from.stream().mapToDouble(p -> p.weight() / common).toArray(),
                from.stream().mapToDouble(IndexValue::score).toArray(),
                to.stream().mapToDouble(IndexValue::score).toArray());

    List<Contribution> contributions = new ArrayList<>();
    double end = IndexValue.average(after.mean(), after.parts());
    RunningSum sum =
        new RunningSum(
            IndexValue.average(before.mean(), before.parts()),
            Scores.UNIT.scale(),
            RoundingMode.HALF_EVEN);
    for (int i = 0; i < points.length; i++) {
      boolean isLast = i == points.length - 1 && !coverageChanged;
      BigDecimal step = isLast ? sum.reach(end) : sum.add(points[i]);
      contributions.add(new Contribution(Kind.INPUT, from.get(i).code(), step));
    }
    if (coverageChanged) {
      contributions.add(new Contribution(Kind.COVERAGE, null, sum.reach(end)));
    }
    return contributions;
  }

  private static BigDecimal difference(double before, double after) {
    return Scores.published(after).subtract(Scores.published(before));
  }

  private static Map<String, Double> weights(IndexValue value) {
    Map<String, Double> weights = new HashMap<>();
    value.parts().forEach(part -> weights.put(part.code(), part.weight()));
    return weights;
  }
}
