package org.chengmai.engine.pipeline;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import org.chengmai.engine.pipeline.ComputationGroup.Computed;
import org.chengmai.indicators.IndicatorPoint;
import org.chengmai.indicators.IndicatorStore;
import org.chengmai.indicators.SeriesKey;
import org.chengmai.indicators.Trust;
import org.chengmai.indicators.definition.Formula.Missing;
import org.chengmai.indicators.definition.IndicatorDefinition;
import org.jspecify.annotations.Nullable;

/**
 * Stands in for values that are missing, where {@code missing.policy} says so: {@code carry} goes
 * on with the last measured one, {@code interpolate} puts one between the neighbours once the next
 * is known. Such a value rests on no input (n is 0), is stale or partial, and says in its hash what
 * it is, so that nobody compares with it or learns from it. Safe for use by several threads.
 */
final class Estimates {
  private final IndicatorStore store;

  Estimates(IndicatorStore store) {
    this.store = store;
  }

  /** A value that was measured. */
  private record Measured(
      double value,
      @Nullable Double numerator,
      @Nullable Double denominator,
      @Nullable String parts) {}

  /** A series' period without a value. */
  record Gap(SeriesKey key, Instant period) {}

  /**
   * Values for those gaps that have measured neighbours near enough.
   *
   * @param measured what was just computed of the indicator
   */
  List<Computed> of(IndicatorDefinition definition, List<Computed> measured, List<Gap> gaps) {
    Missing missing = definition.definition().missing();
    if (gaps.isEmpty() || !missing.isEstimated()) {
      return List.of();
    }
    Map<SeriesKey, NavigableMap<Instant, Measured>> known =
        known(definition, measured, gaps, missing);
    List<Computed> estimates = new ArrayList<>();
    for (Gap gap : gaps) {
      NavigableMap<Instant, Measured> series = known.get(gap.key());
      Map.Entry<Instant, Measured> before =
          series == null
              ? null
              : near(series.lowerEntry(gap.period()), gap.period(), missing.maxCarry());
      Map.Entry<Instant, Measured> after =
          series == null || !missing.isInterpolated()
              ? null
              : near(series.higherEntry(gap.period()), gap.period(), missing.maxCarry());
      if (before != null && !missing.isInterpolated()) {
        estimates.add(carried(gap, before));
      } else if (before != null && after != null) {
        estimates.add(interpolated(definition, gap, before, after));
      }
    }
    return estimates;
  }

  private Map<SeriesKey, NavigableMap<Instant, Measured>> known(
      IndicatorDefinition definition, List<Computed> measured, List<Gap> gaps, Missing missing) {
    Instant first = gaps.stream().map(Gap::period).min(Comparator.naturalOrder()).orElseThrow();
    Instant last = gaps.stream().map(Gap::period).max(Comparator.naturalOrder()).orElseThrow();
    Instant to = missing.isInterpolated() ? last.plus(missing.maxCarry()).plusMillis(1) : last;
    Map<SeriesKey, NavigableMap<Instant, Measured>> known = new HashMap<>();
    for (IndicatorPoint point :
        store.between(Set.of(definition.code()), first.minus(missing.maxCarry()), to)) {
      Double value = point.value();
      if (value != null && point.isMeasured()) {
        known
            .computeIfAbsent(point.key(), key -> new TreeMap<>())
            .put(
                point.periodStart(),
                new Measured(value, point.numerator(), point.denominator(), point.parts()));
      }
    }
    // what has just been found empty was measured once and is no more
    gaps.forEach(
        gap -> known.computeIfAbsent(gap.key(), key -> new TreeMap<>()).remove(gap.period()));
    for (Computed one : measured) {
      Double value = one.value();
      if (value != null) {
        known
            .computeIfAbsent(one.key(), key -> new TreeMap<>())
            .put(
                one.periodStart(),
                new Measured(value, one.numerator(), one.denominator(), one.parts()));
      }
    }
    return known;
  }

  private static Map.@Nullable Entry<Instant, Measured> near(
      Map.@Nullable Entry<Instant, Measured> neighbour, Instant period, Duration most) {
    return neighbour == null
            || Duration.between(neighbour.getKey(), period).abs().compareTo(most) > 0
        ? null
        : neighbour;
  }

  private static Computed carried(Gap gap, Map.Entry<Instant, Measured> from) {
    Measured last = from.getValue();
    return new Computed(
        gap.key(),
        gap.period(),
        last.value(),
        last.numerator(),
        last.denominator(),
        0,
        last.parts(),
        Map.of(),
        Trust.STALE,
        IndicatorPoint.CARRIED + from.getKey() + "=" + last.value());
  }

  private static Computed interpolated(
      IndicatorDefinition definition,
      Gap gap,
      Map.Entry<Instant, Measured> before,
      Map.Entry<Instant, Measured> after) {
    double all = Duration.between(before.getKey(), after.getKey()).toMillis();
    double part = Duration.between(before.getKey(), gap.period()).toMillis() / all;
    double one = before.getValue().value();
    double other = after.getValue().value();
    Double value = definition.unit().rounded(one + (other - one) * part);
    return new Computed(
        gap.key(),
        gap.period(),
        value,
        null,
        null,
        0,
        null,
        Map.of(),
        value == null ? Trust.MISSING : Trust.PARTIAL,
        IndicatorPoint.INTERPOLATED + value);
  }
}
