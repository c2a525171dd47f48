package org.chengmai.indicators.quality;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.chengmai.indicators.Anomaly.Reasons;
import org.chengmai.indicators.Grain;
import org.chengmai.indicators.Numbers;

/**
 * No favourite last digits, as people have who write down what they did not measure. Two tests on
 * the last decimal of the values of two digits or more: Pearson's chi-square over the ten digits,
 * and the exact binomial tail of how many end in 0 or 5; the smaller probability, doubled because
 * there are two, is held against the bound.
 *
 * <p>Last digits are even and independent only where the values move by several of their last units
 * from period to period: fewer than a hundred such values, or a median step below five units, say
 * nothing. A rule that is judged every hour meets chance every hour: bounds of 0.001 and less are
 * for windows that are judged often.
 */
record Digits(double least, Duration over) implements QualityRule {
  private static final int LEAST_VALUES = 100;
  private static final double LEAST_STEP = 5;

  /** A value of one digit is what instruments show at their limit. */
  private static final long LEAST_UNITS = 10;

  /** Beyond, a double does not hold the last digit. */
  private static final double MOST = 1e15;

  static Digits parse(RuleText text) {
    RuleText.Parts parts = text.like("p >= 0.001 over P28D");
    parts.require(
        parts.number(1) > 0 && parts.number(1) <= 0.05, "the probability is above 0, at most 0.05");
    return new Digits(parts.number(1), parts.duration(2));
  }

  @Override
  public String id() {
    return "digits";
  }

  @Override
  public Duration lookBack(Grain grain) {
    return over;
  }

  @Override
  public int leastPeriods() {
    return LEAST_VALUES;
  }

  @Override
  public Optional<Finding> judge(Evidence evidence) {
    Map<Instant, Long> units = new TreeMap<>();
    List<Double> steps = new ArrayList<>();
    Long last = null;
    for (Map.Entry<Instant, Double> one : evidence.window(over).entrySet()) {
      double scaled = one.getValue() * Math.pow(10, evidence.decimals());
      if (Math.abs(scaled) < MOST) {
        long unit = Math.round(scaled);
        if (last != null) {
          steps.add((double) Math.abs(unit - last));
        }
        last = unit;
        if (Math.abs(unit) >= LEAST_UNITS) {
          units.put(one.getKey(), unit);
        }
      }
    }
    if (units.size() < LEAST_VALUES || new Numbers(steps).median() < LEAST_STEP) {
      return Optional.empty();
    }
    int[] counts = new int[10];
    units.values().forEach(unit -> counts[digit(unit)]++);
    double probability = probability(counts);
    List<Integer> favourites =
        IntStream.range(0, 10).filter(digit -> isFavourite(counts, digit)).boxed().toList();
    return Optional.of(
        evidence.finding(
            this,
            probability >= least,
            probability,
            least,
            Finding.Row.of(
                evidence.key(),
                units.entrySet().stream()
                    .filter(one -> favourites.contains(digit(one.getValue())))
                    .map(Map.Entry::getKey)
                    .toList()),
            () ->
                Reasons.of(
                    "末位数字偏好：%d 个数值中 %s（偶然概率 %s）"
                        .formatted(
                            units.size(), told(counts, favourites), Finding.text(probability)),
                    "favourite last digits: of %d values %s (probability by chance %s)"
                        .formatted(
                            units.size(), told(counts, favourites), Finding.text(probability)))));
  }

  private static int digit(long unit) {
    return (int) (Math.abs(unit) % 10);
  }

  static double probability(int[] counts) {
    int n = IntStream.of(counts).sum();
    double expected = n / 10.0;
    double square = 0;
    for (int count : counts) {
      square += (count - expected) * (count - expected) / expected;
    }
    return Math.min(
        1,
        2
            * Math.min(
                Chance.ofChiSquare(square, 9), Chance.ofAtLeast(counts[0] + counts[5], n, 0.2)));
  }

  /** Two standard deviations above its tenth. */
  private static boolean isFavourite(int[] counts, int digit) {
    int n = IntStream.of(counts).sum();
    return counts[digit] > n / 10.0 + 2 * Math.sqrt(n * 0.09);
  }

  private static String told(int[] counts, List<Integer> favourites) {
    return favourites.stream()
        .map(digit -> "%d × %d".formatted(digit, counts[digit]))
        .collect(Collectors.joining(", "));
  }
}
