package org.chengmai.indicators.quality;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.chengmai.indicators.Anomaly.Reasons;
import org.chengmai.indicators.Grain;
import org.chengmai.indicators.Numbers;

/**
 * Not calmer than the series ever is: the standard deviation of the newest stretch is at least a
 * share of the median of those of the seven stretches before, and the stretch repeats none of these
 * value by value (a copy carried forward, which adds no spread of its own: 0 is measured). Says
 * nothing of stretches of zeros, with many gaps, or of a series that hardly moved before.
 */
record Constancy(double least, Duration over) implements QualityRule {
  private static final int PAST = 7;
  private static final int LEAST_PAST = 4;
  private static final double LEAST_PRESENT = 0.75;

  static Constancy parse(RuleText text) {
    RuleText.Parts parts = text.like(">=0.05 over P1D");
    parts.require(parts.number(1) > 0 && parts.number(1) < 1, "the share is between 0 and 1");
    return new Constancy(parts.number(1), parts.duration(2));
  }

  @Override
  public String id() {
    return "constancy";
  }

  @Override
  public Duration lookBack(Grain grain) {
    return over.multipliedBy(PAST + 1);
  }

  @Override
  public Duration window(Grain grain) {
    return over;
  }

  @Override
  public int leastPeriods() {
    return Copies.LEAST_VALUES;
  }

  @Override
  public Optional<Finding> judge(Evidence evidence) {
    NavigableMap<Instant, Double> newest = evidence.window(over);
    List<NavigableMap<Instant, Double>> past =
        IntStream.rangeClosed(1, PAST)
            .mapToObj(i -> evidence.window(over, over.multipliedBy(i)))
            .toList();
    if (!isFull(newest, evidence) || newest.values().stream().allMatch(value -> value == 0)) {
      return Optional.empty();
    }
    OptionalLong copied = copied(newest, past);
    if (copied.isPresent()) {
      Duration back = over.multipliedBy(copied.getAsLong());
      return Optional.of(
          evidence.finding(
              this,
              false,
              0,
              least,
              Stream.of(past.get((int) copied.getAsLong() - 1), newest)
                  .flatMap(one -> Finding.Row.of(evidence.key(), one.keySet()).stream())
                  .toList(),
              () ->
                  Reasons.of(
                      "%d 期数值与 %s 前完全相同".formatted(newest.size(), back),
                      "%d values are exactly those of %s before".formatted(newest.size(), back))));
    }
    List<Double> spreads =
        past.stream().filter(one -> isFull(one, evidence)).map(Constancy::spread).toList();
    if (spreads.size() < LEAST_PAST) {
      return Optional.empty();
    }
    double usual = new Numbers(spreads).median();
    if (new Numbers(List.copyOf(newest.values())).isNothing(usual)) {
      return Optional.empty();
    }
    double share = spread(newest) / usual;
    return Optional.of(
        evidence.finding(
            this,
            share >= least,
            share,
            least,
            Finding.Row.of(evidence.key(), newest.keySet()),
            () ->
                Reasons.of(
                    "波动异常小：%s 内的标准差为以往的 %s 倍".formatted(over, Finding.text(share)),
                    "implausibly constant: over %s the standard deviation is %s of what it was before"
                        .formatted(over, Finding.text(share)))));
  }

  private boolean isFull(NavigableMap<Instant, Double> stretch, Evidence evidence) {
    long periods = over.dividedBy(evidence.grain().typical());
    return stretch.size() >= Math.max(Copies.LEAST_VALUES, LEAST_PRESENT * periods);
  }

  /** How many stretches back the values are the same, if any are. */
  private OptionalLong copied(
      NavigableMap<Instant, Double> newest, List<NavigableMap<Instant, Double>> past) {
    if (!Copies.isTelling(newest)) {
      return OptionalLong.empty();
    }
    return LongStream.rangeClosed(1, past.size())
        .filter(
            back ->
                newest.entrySet().stream()
                    .allMatch(
                        one ->
                            one.getValue()
                                .equals(
                                    past.get((int) back - 1)
                                        .get(one.getKey().minus(over.multipliedBy(back))))))
        .findFirst();
  }

  private static double spread(NavigableMap<Instant, Double> stretch) {
    return new Numbers(List.copyOf(stretch.values())).standardDeviation();
  }
}
