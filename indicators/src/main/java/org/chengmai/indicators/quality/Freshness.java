package org.chengmai.indicators.quality;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.chengmai.indicators.Anomaly.Reasons;

/**
 * Not too old: a value's age, from the end of its period on, is at most this. It is the newest
 * value of a series that grows old, and it does so while it is looked at: a value is fresh whenever
 * it is computed.
 */
public record Freshness(Duration within) implements QualityRule {
  static Freshness parse(RuleText text) {
    return new Freshness(text.like(text.isDuration() ? "PT90M" : "<=PT90M").duration(1));
  }

  /** Whether the newest value of a series is too old to stand for now. */
  public boolean isStale(Instant periodEnd, Instant now) {
    return now.isAfter(periodEnd.plus(within));
  }

  @Override
  public String id() {
    return "freshness";
  }

  @Override
  public Optional<Finding> judge(Evidence evidence) {
    Duration age = Duration.between(evidence.end(), evidence.asOf());
    return Optional.of(
        evidence.finding(
            this,
            !isStale(evidence.end(), evidence.asOf()),
            age.toMillis() / 1000.0,
            within.toMillis() / 1000.0,
            () ->
                Reasons.of(
                    "数据滞后：已过 %s，允许 %s".formatted(age, within),
                    "stale: %s old, %s allowed".formatted(age, within))));
  }
}
