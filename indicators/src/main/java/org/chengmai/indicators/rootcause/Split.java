package org.chengmai.indicators.rootcause;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.IndicatorPoint;
import org.chengmai.indicators.definition.IndicatorDefinition;
import org.chengmai.indicators.rootcause.Attribution.Contribution;
import org.chengmai.indicators.rootcause.Attribution.Explained;
import org.chengmai.indicators.rootcause.Attribution.Kind;
import org.jspecify.annotations.Nullable;

/**
 * A dimension by which a whole is split, judged as the place of a change's cause. After Bhagwan et
 * al., "Adtributor: Revenue Debugging in Advertising Systems", NSDI 2014: few parts that explain
 * most of the change, and whose shares of the whole moved most. A dimension whose parts all fell
 * alike explains a fall and tells nothing. Instead of the paper's finite differences, a quotient's
 * parts explain what {@link Attribution} says.
 *
 * @param dimension its name, such as {@code region}
 * @param surprise of the suspects together, in bits: their share of the Jensen–Shannon divergence
 *     between the parts' shares before and after, of numerators and of denominators added up; null
 *     where an amount is negative or a whole is zero, so that there are no shares
 * @param explained the suspects' share of the change
 * @param suspects the parts, the most surprising first
 * @param attribution of the change to all parts
 */
public record Split(
    String dimension,
    @Nullable Double surprise,
    double explained,
    List<String> suspects,
    Explained attribution) {
  /** The suspects of one dimension are to explain more than this share of the change. */
  public static final double ENOUGH = 0.67;

  /** A suspect explains at least this share of the change. */
  public static final double LEAST = 0.1;

  public Split {
    suspects = List.copyOf(suspects);
  }

  /** A part that may be a suspect. */
  private record Candidate(String name, double share, double surprise) {}

  /**
   * The dimensions, the most likely first: those whose suspects explain enough by surprise, then
   * the others by what they explain. Empty where the whole did not change or has no value.
   *
   * @param dimensions the whole's parts, by each of them
   * @throws ChengmaiException INVALID_INPUT when two parts of a dimension have one name
   */
  public static List<Split> rank(Form form, Part whole, Map<String, List<Part>> dimensions) {
    List<Split> splits = new ArrayList<>();
    dimensions.forEach(
        (dimension, parts) -> {
          if (Attribution.of(form, whole, parts) instanceof Explained explained
              && explained.contributions().stream().anyMatch(c -> c.share() != null)) {
            splits.add(of(dimension, form, whole, parts, explained));
          }
        });
    splits.sort(
        Comparator.comparing(Split::isEnough)
            .thenComparing(split -> split.isEnough() ? split.order() : split.explained())
            .reversed()
            .thenComparing(Split::dimension));
    return splits;
  }

  /**
   * The same for an indicator with dimensions: its points of one period are projected on each
   * dimension and, where there are several regions, on {@code region}. Empty also for an indicator
   * that is not made of its parts; {@link Attribution#between} says why.
   *
   * @param before the points of one period, or what was expected
   * @param after the points of another
   * @throws ChengmaiException INVALID_INPUT when points are of another indicator or version, or two
   *     of one period are of one series
   */
  public static List<Split> rank(
      IndicatorDefinition definition,
      Collection<IndicatorPoint> before,
      Collection<IndicatorPoint> after) {
    return new PointParts(definition, before, after).splits();
  }

  private boolean isEnough() {
    return explained > ENOUGH;
  }

  private double order() {
    return surprise == null ? 0 : surprise;
  }

  private static Split of(
      String dimension, Form form, Part whole, List<Part> parts, Explained attribution) {
    boolean hasShares =
        whole.from().isPositive()
            && whole.to().isPositive()
            && parts.stream().filter(Part::isKnown).noneMatch(Part::isNegative);
    List<Candidate> candidates = new ArrayList<>();
    for (Contribution one : attribution.contributions()) {
      if (one.kind() == Kind.PART && one.share() != null && one.share() >= LEAST) {
        Part part =
            parts.stream().filter(p -> p.name().equals(one.name())).findFirst().orElseThrow();
        candidates.add(
            new Candidate(part.name(), one.share(), hasShares ? surprise(form, part, whole) : 0));
      }
    }
    // Stable: without surprise, or of equal surprise, the larger contribution is first.
    candidates.sort(Comparator.comparingDouble(Candidate::surprise).reversed());
    double explained = 0;
    double surprise = 0;
    List<String> suspects = new ArrayList<>();
    for (Candidate one : candidates) {
      if (explained <= ENOUGH) {
        suspects.add(one.name());
        explained += one.share();
        surprise += one.surprise();
      }
    }
    return new Split(dimension, hasShares ? surprise : null, explained, suspects, attribution);
  }

  private static double surprise(Form form, Part part, Part whole) {
    double numerators =
        surprise(
            part.from().numerator() / whole.from().numerator(),
            part.to().numerator() / whole.to().numerator());
    return form.isQuotient()
        ? numerators
            + surprise(
                part.from().denominator() / whole.from().denominator(),
                part.to().denominator() / whole.to().denominator())
        : numerators;
  }

  /** A part's term of the Jensen–Shannon divergence. */
  private static double surprise(double before, double after) {
    double middle = (before + after) / 2;
    return (term(before, middle) + term(after, middle)) / 2;
  }

  private static double term(double share, double middle) {
    return share == 0 ? 0 : share * Math.log(share / middle) / Math.log(2);
  }
}
