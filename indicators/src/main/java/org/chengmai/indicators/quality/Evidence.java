package org.chengmai.indicators.quality;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import org.chengmai.indicators.Anomaly.Reasons;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;
import org.chengmai.indicators.Grain;
import org.chengmai.indicators.SeriesKey;
import org.jspecify.annotations.Nullable;

/**
 * One value and what rules may judge it by. A view: the maps are not copied and must not change.
 *
 * @param key of the series
 * @param period start of the judged period, UTC
 * @param n number of inputs that the value rests on
 * @param expected how many inputs there should be, null where nobody said so
 * @param decimals of the unit
 * @param own the series' values by the start of their period, the judged one among them; later ones
 *     are not looked at
 * @param neighbours the values of the series that this one may be compared with, such as those of
 *     the other districts
 * @param asOf when the value is judged, for its age
 */
public record Evidence(
    SeriesKey key,
    Instant period,
    Grain grain,
    ZoneId zone,
    long n,
    @Nullable Double expected,
    int decimals,
    NavigableMap<Instant, Double> own,
    Map<SeriesKey, NavigableMap<Instant, Double>> neighbours,
    Instant asOf) {
  public Evidence {
    own = Collections.unmodifiableNavigableMap(own);
    neighbours = Collections.unmodifiableMap(neighbours);
    if (own.get(period) == null) {
      throw new ChengmaiException(
          ErrorCode.INTERNAL, "%s has no value at %s to judge".formatted(key, period));
    }
  }

  double value() {
    return Objects.requireNonNull(own.get(period));
  }

  Instant end() {
    return grain.end(period, zone);
  }

  /** The own value of the period before another, if there is one. */
  @Nullable Double before(Instant start) {
    return own.get(grain.previous(start, zone));
  }

  /** The own values of the periods in the time that ends so long before the period's end. */
  NavigableMap<Instant, Double> window(Duration over, Duration before) {
    Instant end = end().minus(before);
    return own.subMap(end.minus(over), true, end, false);
  }

  /** The own values of the periods in the time up to the period's end. */
  NavigableMap<Instant, Double> window(Duration over) {
    return window(over, Duration.ZERO);
  }

  /** Inputs for each expected one; empty where nothing was expected. */
  Optional<Double> share() {
    return expected == null || expected <= 0 ? Optional.empty() : Optional.of(n / expected);
  }

  /** The judged value's place. */
  Finding.Row row() {
    return new Finding.Row(key, period);
  }

  /** A finding on the value as a whole. */
  Finding finding(
      QualityRule rule, boolean passed, double measured, double bound, Supplier<Reasons> reasons) {
    return finding(rule, passed, measured, bound, List.of(row()), reasons);
  }

  /** A finding on some rows, which count only if the rule failed, as do the sentences. */
  Finding finding(
      QualityRule rule,
      boolean passed,
      double measured,
      double bound,
      List<Finding.Row> rows,
      Supplier<Reasons> reasons) {
    return Finding.of(row(), rule.id(), passed, measured, bound, rows, reasons);
  }
}
