package org.chengmai.engine.pipeline;

import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.chengmai.engine.pipeline.ComputationGroup.Computed;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;
import org.chengmai.indicators.Grain;
import org.chengmai.indicators.IndicatorPoint;
import org.chengmai.indicators.IndicatorStore;
import org.chengmai.indicators.SeriesKey;
import org.chengmai.indicators.definition.IndicatorDefinition;

/**
 * The store as a definition that is tried sees it: its own values are as if they had been
 * published. They are held in memory where the definition compares with its past. Not thread-safe.
 */
final class DraftStore implements IndicatorStore {
  private static final int MOST_VALUES = 300_000;

  private final IndicatorDefinition definition;
  private final IndicatorStore store;
  private final boolean isNeeded;
  private final Map<Instant, Map<SeriesKey, IndicatorPoint>> points = new HashMap<>();
  private int size;

  DraftStore(IndicatorDefinition definition, IndicatorStore store) {
    this.definition = definition;
    this.store = store;
    this.isNeeded = !definition.compared().isEmpty() || !definition.qualityRules().isEmpty();
  }

  /** Takes values of new periods; RESOURCES when they become too many to hold. */
  void put(List<Computed> values) {
    if (!isNeeded) {
      return;
    }
    size += values.size();
    if (size > MOST_VALUES) {
      throw new ChengmaiException(
          ErrorCode.RESOURCES,
          "%s compares with its own past and has more than %,d values in this time; try it on a shorter one"
              .formatted(definition.code(), MOST_VALUES));
    }
    for (Computed value : values) {
      points
          .computeIfAbsent(value.periodStart(), start -> new HashMap<>())
          .put(value.key(), point(value, definition));
    }
  }

  /** A value as the first revision of its point. */
  static IndicatorPoint point(Computed value, IndicatorDefinition definition) {
    Grain grain = definition.grain();
    Instant end = grain.end(value.periodStart(), definition.period().zone());
    return value.point(definition.version(), grain, value.trust(), 1, end);
  }

  @Override
  public List<IndicatorPoint> asOf(SeriesKey key, Instant from, Instant to, Instant known) {
    return store.asOf(key, from, to, known);
  }

  @Override
  public List<IndicatorPoint> at(Collection<String> codes, Collection<Instant> periodStarts) {
    if (!codes.contains(definition.code())) {
      return store.at(codes, periodStarts);
    }
    return Stream.concat(
            store.at(codes, periodStarts).stream()
                .filter(
                    point ->
                        !point.key().code().equals(definition.code())
                            || !points.containsKey(point.periodStart())),
            periodStarts.stream()
                .flatMap(start -> points.getOrDefault(start, Map.of()).values().stream()))
        .toList();
  }

  @Override
  public List<IndicatorPoint> between(Collection<String> codes, Instant from, Instant to) {
    return store.between(codes, from, to);
  }

  @Override
  public List<IndicatorPoint> history(SeriesKey key, Instant from, Instant to) {
    return store.history(key, from, to);
  }

  @Override
  public List<IndicatorPoint> newest(List<String> codes, Instant from) {
    return store.newest(codes, from);
  }

  @Override
  public void append(List<IndicatorPoint> points) {
    throw new UnsupportedOperationException("a trial publishes nothing");
  }

  @Override
  public void awaitReadable() {
    store.awaitReadable();
  }
}
