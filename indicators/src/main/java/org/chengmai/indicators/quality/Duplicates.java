package org.chengmai.indicators.quality;

import java.util.Optional;
import org.chengmai.indicators.Anomaly.Reasons;

/** No input twice: n is at most so many for each one expected. */
record Duplicates(double most) implements QualityRule {
  static Duplicates parse(RuleText text) {
    RuleText.Parts parts = text.like("<=1.1");
    parts.require(parts.number(1) >= 1, "fewer than one for each expected input would always fail");
    return new Duplicates(parts.number(1));
  }

  @Override
  public String id() {
    return "duplicates";
  }

  @Override
  public boolean readsExpected() {
    return true;
  }

  @Override
  public Optional<Finding> judge(Evidence evidence) {
    return evidence
        .share()
        .map(
            share ->
                evidence.finding(
                    this,
                    share <= most,
                    share,
                    most,
                    () ->
                        Reasons.of(
                            "输入重复：实有 %d，为应有的 %s 倍".formatted(evidence.n(), Finding.text(share)),
                            "inputs came twice: %d, which is %s times those expected"
                                .formatted(evidence.n(), Finding.text(share)))));
  }
}
