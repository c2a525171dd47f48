package org.chengmai.indicators.quality;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import org.chengmai.indicators.Anomaly.Reasons;
import org.chengmai.indicators.Grain;
import org.chengmai.indicators.SeriesKey;

/**
 * No other series with the very same values over a time: two districts do not count the same, hour
 * by hour. Says nothing of fewer than eight values or four different ones, which may agree by
 * chance.
 */
record Copies(Duration over) implements QualityRule {
  /** So many values, and different ones among them, do not agree by chance. */
  static final int LEAST_VALUES = 8;

  static final int LEAST_DIFFERENT = 4;

  static Copies parse(RuleText text) {
    return new Copies(text.like("PT24H").duration(1));
  }

  @Override
  public String id() {
    return "duplicates";
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
  public boolean readsNeighbours() {
    return true;
  }

  static boolean isTelling(NavigableMap<Instant, Double> values) {
    return values.size() >= LEAST_VALUES
        && values.values().stream().distinct().count() >= LEAST_DIFFERENT;
  }

  @Override
  public Optional<Finding> judge(Evidence evidence) {
    NavigableMap<Instant, Double> own = evidence.window(over);
    if (evidence.neighbours().isEmpty() || !isTelling(own)) {
      return Optional.empty();
    }
    List<SeriesKey> same =
        evidence.neighbours().entrySet().stream()
            .filter(
                other ->
                    own.equals(other.getValue().subMap(own.firstKey(), true, own.lastKey(), true)))
            .map(Map.Entry::getKey)
            .toList();
    List<Finding.Row> rows = new ArrayList<>(Finding.Row.of(evidence.key(), own.keySet()));
    same.forEach(key -> rows.addAll(Finding.Row.of(key, own.keySet())));
    return Optional.of(
        evidence.finding(
            this,
            same.isEmpty(),
            same.size(),
            0,
            rows,
            () ->
                Reasons.of(
                    "连续 %d 期与 %s 完全相同".formatted(own.size(), same),
                    "%d periods in a row are exactly those of %s".formatted(own.size(), same))));
  }
}
