package org.chengmai.indicators.quality;

import java.util.Optional;
import org.chengmai.indicators.Anomaly.Reasons;

/** Enough inputs: n is at least a share of those expected. */
record Completeness(double least) implements QualityRule {
  static Completeness parse(RuleText text) {
    RuleText.Parts parts = text.like(">=0.9");
    parts.require(parts.number(1) > 0 && parts.number(1) <= 1, "the share is above 0, at most 1");
    return new Completeness(parts.number(1));
  }

  @Override
  public String id() {
    return "completeness";
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
                    share >= least,
                    share,
                    least,
                    () ->
                        Reasons.of(
                            "输入不全：实有 %d，占应有的 %s".formatted(evidence.n(), Finding.text(share)),
                            "too few inputs: %d, which is %s of those expected"
                                .formatted(evidence.n(), Finding.text(share)))));
  }
}
