package org.chengmai.indicators.rootcause;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.chengmai.indicators.Anomaly.Reasons;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.IndicatorPoint;
import org.chengmai.indicators.composite.RunningSum;
import org.chengmai.indicators.definition.IndicatorDefinition;
import org.jspecify.annotations.Nullable;

/** What the parts of a whole gave to the change of its value, or why that cannot be told. */
public sealed interface Attribution {

  /** What a contribution is of. */
  enum Kind {
    /** A region or dimension value. */
    PART,
    /** Parts beyond a cut-off, together. */
    OTHERS,
    /**
     * What the whole holds and no known part does: rows of no known region, parts whose amount is
     * missing in one of the periods, and what the rounding of parts leaves.
     */
    UNKNOWN
  }

  /**
   * What one part gave, in the indicator's unit.
   *
   * @param name the part's, null for the other kinds
   * @param points {@code rate} and {@code mix} together
   * @param rate of a quotient: because the part's own rate changed; null for a sum
   * @param mix of a quotient: because the part's share of the denominators changed; null for a sum
   * @param share of the whole's change before rounding: 1 is all of it, below 0 is against it; null
   *     where the whole did not change
   */
  record Contribution(
      Kind kind,
      @Nullable String name,
      BigDecimal points,
      @Nullable BigDecimal rate,
      @Nullable BigDecimal mix,
      @Nullable Double share) {}

  /**
   * Contributions that sum exactly to the change, see {@link RunningSum}.
   *
   * @param change the later published value less the earlier
   * @param contributions the largest first, whatever their sign and before rounding
   * @param missing parts whose amount is not known in one of the periods, by name
   */
  record Explained(BigDecimal change, List<Contribution> contributions, List<String> missing)
      implements Attribution {
    public Explained {
      contributions = List.copyOf(contributions);
      missing = List.copyOf(missing);
    }

    /** The largest so many parts, the unknown, and last the others together. */
    public Explained top(int most) {
      List<Contribution> kept = new ArrayList<>();
      List<Contribution> others = new ArrayList<>();
      int parts = 0;
      for (Contribution one : contributions) {
        boolean isCut = one.kind() != Kind.UNKNOWN && parts++ >= most;
        (isCut ? others : kept).add(one);
      }
      others.stream().reduce(Explained::together).ifPresent(kept::add);
      return new Explained(change, kept, missing);
    }

    private static Contribution together(Contribution one, Contribution other) {
      return new Contribution(
          Kind.OTHERS,
          null,
          one.points().add(other.points()),
          one.rate() == null || other.rate() == null ? null : one.rate().add(other.rate()),
          one.mix() == null || other.mix() == null ? null : one.mix().add(other.mix()),
          one.share() == null || other.share() == null
              ? null
              : Double.valueOf(one.share() + other.share()));
    }
  }

  /** No contributions, and why. */
  record Unexplained(Reasons reasons) implements Attribution {
    static Unexplained because(String zh, String en) {
      return new Unexplained(Reasons.of(zh, en));
    }
  }

  /**
   * Explains the change of a whole by its parts; their order does not matter. For an anomaly,
   * before is what was expected.
   *
   * @throws ChengmaiException INVALID_INPUT when two parts have one name
   */
  static Attribution of(Form form, Part whole, List<Part> parts) {
    return Decomposition.of(form, whole, parts);
  }

  /**
   * Explains the change between two points of a series by points of the regions below it, or of its
   * dimension values: where there are several regions, a region's points together are its part. A
   * part that has no point was not there; one whose point has no value is missing.
   *
   * @param before the whole; null where no series states it, which makes it the sum of the parts
   * @param after as {@code before}
   * @throws ChengmaiException INVALID_INPUT when points are of another indicator or version, or two
   *     of one period are of one part
   */
  static Attribution between(
      IndicatorDefinition definition,
      @Nullable IndicatorPoint before,
      @Nullable IndicatorPoint after,
      Collection<IndicatorPoint> partsBefore,
      Collection<IndicatorPoint> partsAfter) {
    return new PointParts(definition, partsBefore, partsAfter).attribution(before, after);
  }
}
