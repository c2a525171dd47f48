package org.chengmai.indicators.quality;

import java.time.Instant;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.chengmai.indicators.Grain;
import org.chengmai.indicators.SeriesKey;
import org.jspecify.annotations.Nullable;

/** Hourly values to judge. */
final class Cases {
  static final SeriesKey KEY = SeriesKey.of("CVS-ENV-0001", "630102");
  static final Instant START = Instant.parse("2026-03-01T00:00:00Z");
  static final Grain HOUR = Grain.of("PT1H");
  static final ZoneId CHINA = ZoneId.of("Asia/Shanghai");

  private Cases() {}

  static Instant hour(int hour) {
    return START.plusSeconds(3600L * hour);
  }

  /** Values of one series, from {@link #START} on; null leaves a gap. */
  static NavigableMap<Instant, Double> hours(@Nullable Double... values) {
    NavigableMap<Instant, Double> hours = new TreeMap<>();
    for (int i = 0; i < values.length; i++) {
      if (values[i] != null) {
        hours.put(hour(i), values[i]);
      }
    }
    return hours;
  }

  static NavigableMap<Instant, Double> hours(List<Double> values) {
    return hours(values.toArray(new Double[0]));
  }

  /** The newest of the values, with nothing expected and no neighbours. */
  static Evidence newest(NavigableMap<Instant, Double> own, int decimals) {
    return evidence(own, decimals, 1, null, Map.of());
  }

  static Evidence newest(@Nullable Double... own) {
    return newest(hours(own), 2);
  }

  static Evidence inputs(long n, @Nullable Double expected) {
    return evidence(hours(5.0), 0, n, expected, Map.of());
  }

  static Evidence beside(
      NavigableMap<Instant, Double> own, List<NavigableMap<Instant, Double>> others) {
    Map<SeriesKey, NavigableMap<Instant, Double>> neighbours = new LinkedHashMap<>();
    for (int i = 0; i < others.size(); i++) {
      neighbours.put(SeriesKey.of(KEY.code(), "63010" + (3 + i)), others.get(i));
    }
    return evidence(own, 0, 1, null, neighbours);
  }

  private static Evidence evidence(
      NavigableMap<Instant, Double> own,
      int decimals,
      long n,
      @Nullable Double expected,
      Map<SeriesKey, NavigableMap<Instant, Double>> neighbours) {
    Instant period = own.lastKey();
    return new Evidence(
        KEY, period, HOUR, CHINA, n, expected, decimals, own, neighbours, HOUR.end(period, CHINA));
  }
}
