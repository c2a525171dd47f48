package org.chengmai.indicators.rootcause;

import java.math.RoundingMode;
import org.chengmai.indicators.definition.IndicatorDefinition;

/**
 * How amounts make the published value: they add up, or numerators and denominators add up and are
 * divided.
 *
 * @param isQuotient of ratios and averages
 * @param scale multiplies the quotient; a sum's amounts are scaled already
 * @param decimals of the published value
 * @param rounding of the published value
 */
public record Form(boolean isQuotient, double scale, int decimals, RoundingMode rounding) {

  /** The form of an indicator whose {@code isAdded} or {@code isQuotient} is true. */
  static Form of(IndicatorDefinition definition) {
    return new Form(
        definition.isQuotient(),
        definition.isQuotient() ? definition.factor() : 1,
        definition.unit().decimals(),
        definition.unit().mode());
  }

  boolean hasValue(Amount amount) {
    return !isQuotient || amount.denominator() != 0;
  }

  /** The value, not rounded. */
  double value(Amount amount) {
    return isQuotient ? scale * amount.numerator() / amount.denominator() : amount.numerator();
  }

  /**
   * What a part gave to the change of the whole.
   *
   * @param rate by its own rate; of a sum all
   * @param mix by its weight; of a sum 0
   */
  record Effect(double rate, double mix) {
    double total() {
      return rate + mix;
    }
  }

  /**
   * The effect of one part. A quotient's change is Σ w̄·Δr + Σ (r̄ − R̄)·Δw, where w is the part's
   * share of the denominators, r its rate, R the rate of the whole, a bar the mean of before and
   * after: each factor moved in either order, and the mean of both (the Shapley value of two
   * factors), so that nothing is left over. R̄ takes nothing from the sum, as the weights' changes
   * sum to zero: a part that grows counts by how far its rate is from the whole's. A part without a
   * rate before or after has no change of its rate: all that it gives is mix. Rate and mix together
   * are linear in the part's amounts, so that parts of a part add up to it.
   */
  Effect effect(Part part, Part whole) {
    Amount before = part.from();
    Amount after = part.to();
    if (!isQuotient) {
      return new Effect(after.numerator() - before.numerator(), 0);
    }
    double oldWhole = whole.from().denominator();
    double newWhole = whole.to().denominator();
    double oldWeight = before.denominator() / oldWhole;
    double newWeight = after.denominator() / newWhole;
    double level = (value(whole.from()) + value(whole.to())) / 2;
    if (before.denominator() == 0 || after.denominator() == 0) {
      double moved = after.numerator() / newWhole - before.numerator() / oldWhole;
      return new Effect(0, scale * moved - level * (newWeight - oldWeight));
    }
    double oldRate = value(before);
    double newRate = value(after);
    return new Effect(
        (oldWeight + newWeight) / 2 * (newRate - oldRate),
        ((oldRate + newRate) / 2 - level) * (newWeight - oldWeight));
  }
}
