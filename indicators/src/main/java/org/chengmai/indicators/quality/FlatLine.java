package org.chengmai.indicators.quality;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.chengmai.indicators.Anomaly.Reasons;
import org.chengmai.indicators.Grain;

/**
 * No value that stays exactly the same for so long. A zero may rest, as rain and fires do; a
 * missing period ends a flat line, as nobody knows what was there.
 */
record FlatLine(Duration longest) implements QualityRule {
  static FlatLine parse(RuleText text) {
    return new FlatLine(text.like("PT6H").duration(1));
  }

  @Override
  public String id() {
    return "flatline";
  }

  @Override
  public Duration lookBack(Grain grain) {
    return longest;
  }

  @Override
  public int leastPeriods() {
    return 2;
  }

  @Override
  public Optional<Finding> judge(Evidence evidence) {
    Double value = evidence.value();
    Instant since = evidence.period();
    while (Duration.between(since, evidence.end()).compareTo(longest) < 0
        && value.equals(evidence.before(since))) {
      since = evidence.grain().previous(since, evidence.zone());
    }
    Duration length = Duration.between(since, evidence.end());
    return Optional.of(
        evidence.finding(
            this,
            value == 0 || since.equals(evidence.period()) || length.compareTo(longest) < 0,
            length.toSeconds(),
            longest.toSeconds(),
            Finding.Row.of(
                evidence.key(),
                evidence.own().subMap(since, true, evidence.period(), true).keySet()),
            () ->
                Reasons.of(
                    "数值恒定：%s 已保持至少 %s 不变".formatted(Finding.text(value), length),
                    "flat line: %s has not changed for at least %s"
                        .formatted(Finding.text(value), length))));
  }
}
