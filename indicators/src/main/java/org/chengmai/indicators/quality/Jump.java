package org.chengmai.indicators.quality;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.chengmai.indicators.Anomaly.Reasons;
import org.chengmai.indicators.Grain;

/** No leap from the adjacent period before, in the indicator's unit. */
record Jump(double most) implements QualityRule {
  static Jump parse(RuleText text) {
    RuleText.Parts parts = text.like("<=500");
    parts.require(parts.number(1) > 0, "a bound of zero would forbid any change");
    return new Jump(parts.number(1));
  }

  @Override
  public String id() {
    return "jump";
  }

  @Override
  public Duration lookBack(Grain grain) {
    return grain.typical().multipliedBy(2);
  }

  @Override
  public Optional<Finding> judge(Evidence evidence) {
    Double before = evidence.before(evidence.period());
    if (before == null) {
      return Optional.empty();
    }
    double value = evidence.value();
    // in decimals: 0.8 - 0.7 is 0.1
    double step =
        BigDecimal.valueOf(value).subtract(BigDecimal.valueOf(before)).abs().doubleValue();
    return Optional.of(
        evidence.finding(
            this,
            step <= most,
            step,
            most,
            List.of(
                new Finding.Row(
                    evidence.key(), evidence.grain().previous(evidence.period(), evidence.zone())),
                evidence.row()),
            () ->
                Reasons.of(
                    "数值突变：由 %s 变为 %s，超过 %s"
                        .formatted(Finding.text(before), Finding.text(value), Finding.text(most)),
                    "a jump from %s to %s, by more than %s"
                        .formatted(
                            Finding.text(before), Finding.text(value), Finding.text(most)))));
  }
}
