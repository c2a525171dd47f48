package org.chengmai.indicators.quality;

import java.util.Optional;
import org.chengmai.indicators.Anomaly.Reasons;

/** Within what is plausible, both ends included. */
record Range(double least, double greatest) implements QualityRule {
  @Override
  public String id() {
    return "range";
  }

  @Override
  public Optional<Finding> judge(Evidence evidence) {
    double value = evidence.value();
    double bound = value < least ? least : greatest;
    return Optional.of(
        evidence.finding(
            this,
            value >= least && value <= greatest,
            value,
            bound,
            () ->
                Reasons.of(
                    "数值 %s 超出合理范围 %s 至 %s"
                        .formatted(
                            Finding.text(value), Finding.text(least), Finding.text(greatest)),
                    "%s is outside the plausible range from %s to %s"
                        .formatted(
                            Finding.text(value), Finding.text(least), Finding.text(greatest)))));
  }
}
