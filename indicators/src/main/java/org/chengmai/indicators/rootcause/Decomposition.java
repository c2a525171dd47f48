package org.chengmai.indicators.rootcause;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;
import org.chengmai.indicators.composite.RunningSum;
import org.chengmai.indicators.rootcause.Attribution.Contribution;
import org.chengmai.indicators.rootcause.Attribution.Explained;
import org.chengmai.indicators.rootcause.Attribution.Kind;
import org.chengmai.indicators.rootcause.Attribution.Unexplained;
import org.chengmai.indicators.rootcause.Form.Effect;
import org.jspecify.annotations.Nullable;

/** The exact decomposition of one change. */
final class Decomposition {
  private final Form form;
  private final Part whole;
  private final double start;
  private final double end;

  private Decomposition(Form form, Part whole) {
    this.form = form;
    this.whole = whole;
    this.start = form.value(whole.from());
    this.end = form.value(whole.to());
  }

  /** See {@link Attribution#of}. */
  static Attribution of(Form form, Part whole, List<Part> parts) {
    if (whole.before() == null || !form.hasValue(whole.before())) {
      return Unexplained.because("变化前总体没有值", "the whole had no value before");
    }
    if (whole.after() == null || !form.hasValue(whole.after())) {
      return Unexplained.because("变化后总体没有值", "the whole has no value after");
    }
    Set<String> names = new HashSet<>();
    List<Part> known = new ArrayList<>();
    List<String> missing = new ArrayList<>();
    for (Part part : parts.stream().sorted(Comparator.comparing(Part::name)).toList()) {
      if (!names.add(part.name())) {
        throw new ChengmaiException(
            ErrorCode.INVALID_INPUT, "part '%s' is there twice".formatted(part.name()));
      }
      if (part.isKnown()) {
        known.add(part);
      } else {
        missing.add(part.name());
      }
    }
    return new Decomposition(form, whole).explained(known, missing);
  }

  private Explained explained(List<Part> known, List<String> missing) {
    List<Part> all = new ArrayList<>(known);
    Part rest = rest(known);
    if (rest != null) {
      all.add(rest);
    }
    RunningSum sum = new RunningSum(start, form.decimals(), form.rounding());
    List<Ranked> ranked = new ArrayList<>();
    double way = start;
    for (int i = 0; i < all.size(); i++) {
      Effect effect = form.effect(all.get(i), whole);
      way += effect.total();
      BigDecimal rate = form.isQuotient() ? sum.add(effect.rate()) : BigDecimal.ZERO;
      BigDecimal last = sum.reach(i == all.size() - 1 ? end : way);
      boolean isRest = i == known.size();
      ranked.add(
          new Ranked(
              effect.total(),
              new Contribution(
                  isRest ? Kind.UNKNOWN : Kind.PART,
                  isRest ? null : all.get(i).name(),
                  rate.add(last),
                  form.isQuotient() ? rate : null,
                  form.isQuotient() ? last : null,
                  share(effect.total()))));
    }
    // Stable: equals stay in the order of their names.
    ranked.sort(Comparator.comparingDouble(one -> -Math.abs(one.size())));
    return new Explained(
        new RunningSum(start, form.decimals(), form.rounding()).reach(end),
        ranked.stream().map(Ranked::contribution).toList(),
        missing);
  }

  /** What the known parts leave of the whole; null where that is no more than doubles lose. */
  private @Nullable Part rest(List<Part> known) {
    Amount before = whole.from();
    Amount after = whole.to();
    Amount size = magnitude(before).plus(magnitude(after));
    for (Part part : known) {
      before = before.minus(part.from());
      after = after.minus(part.to());
      size = size.plus(magnitude(part.from())).plus(magnitude(part.to()));
    }
    boolean isNothing =
        isDust(before.numerator(), size.numerator())
            && isDust(after.numerator(), size.numerator())
            && isDust(before.denominator(), size.denominator())
            && isDust(after.denominator(), size.denominator());
    return isNothing ? null : new Part("unknown", before, after);
  }

  private @Nullable Double share(double size) {
    double change = end - start;
    return isDust(change, Math.abs(start) + Math.abs(end)) ? null : Double.valueOf(size / change);
  }

  private static Amount magnitude(Amount amount) {
    return new Amount(Math.abs(amount.numerator()), Math.abs(amount.denominator()));
  }

  /** Whether a difference is no more than rounding leaves in numbers of this size. */
  private static boolean isDust(double difference, double size) {
    return Math.abs(difference) <= 1e-12 * size;
  }

  /**
   * A contribution by its size.
   *
   * @param size before rounding
   */
  private record Ranked(double size, Contribution contribution) {}
}
