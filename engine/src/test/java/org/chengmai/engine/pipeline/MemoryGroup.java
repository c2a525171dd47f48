package org.chengmai.engine.pipeline;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.chengmai.indicators.Grain;
import org.chengmai.indicators.SeriesKey;
import org.chengmai.indicators.Trust;

/**
 * A group of one indicator whose value is the sum of the numbers that were put into each period.
 */
final class MemoryGroup implements ComputationGroup {
  private final String code;
  private final Grain grain;
  private final Duration watermark;
  private final Duration lateness;
  private final Set<SeriesKey> expected;
  private final Map<Instant, Map<SeriesKey, Double>> inputs = new TreeMap<>();
  final List<ClosePlan.Span> computed = new ArrayList<>();

  /** When rows changed, and the periods that they belong to. */
  final NavigableMap<Instant, List<Instant>> changed = new TreeMap<>();

  boolean isBroken;
  int version = 3;

  MemoryGroup(
      String code, String grain, Duration watermark, Duration lateness, Set<SeriesKey> expected) {
    this.code = code;
    this.grain = Grain.of(grain);
    this.watermark = watermark;
    this.lateness = lateness;
    this.expected = expected;
  }

  SeriesKey key(String region) {
    return SeriesKey.of(code, region);
  }

  void put(String region, Instant time, double value) {
    inputs
        .computeIfAbsent(
            grain.floor(time, zone()),
            period -> new TreeMap<>(Comparator.comparing(SeriesKey::toString)))
        .merge(key(region), value, Double::sum);
  }

  void remove(Instant time) {
    inputs.remove(grain.floor(time, zone()));
  }

  @Override
  public String name() {
    return code;
  }

  @Override
  public Grain grain() {
    return grain;
  }

  @Override
  public ZoneId zone() {
    return ZoneId.of("Asia/Shanghai");
  }

  @Override
  public Duration watermark() {
    return watermark;
  }

  @Override
  public Duration lateness() {
    return lateness;
  }

  @Override
  public Map<String, Integer> versions() {
    return Map.of(code, version);
  }

  @Override
  public Set<SeriesKey> expected() {
    return expected;
  }

  /** Rows of a time were changed, at another time by the source's clock. */
  void change(Instant at, Instant time) {
    changed.computeIfAbsent(at, a -> new ArrayList<>()).add(grain.floor(time, zone()));
  }

  @Override
  public Optional<SourceChanges> changes() {
    return Optional.of(
        new SourceChanges() {
          @Override
          public Optional<Instant> newest() {
            return changed.isEmpty() ? Optional.empty() : Optional.of(changed.lastKey());
          }

          @Override
          public List<IndicatorScheduler.Window> since(Instant seen, Instant from, Instant to) {
            return changed.tailMap(seen, false).values().stream()
                .flatMap(List::stream)
                .filter(period -> !period.isBefore(from) && period.isBefore(to))
                .map(period -> new IndicatorScheduler.Window(period, grain.end(period, zone())))
                .toList();
          }
        });
  }

  @Override
  public List<Computed> compute(Instant from, Instant to) {
    computed.add(new ClosePlan.Span(from, to));
    if (isBroken) {
      throw new IllegalStateException("the source is down");
    }
    List<Computed> values = new ArrayList<>();
    inputs.forEach(
        (period, series) -> {
          if (!period.isBefore(from) && period.isBefore(to)) {
            series.forEach(
                (key, value) ->
                    values.add(
                        new Computed(
                            key,
                            period,
                            value,
                            null,
                            null,
                            1,
                            null,
                            Map.of(),
                            Trust.COMPLETE,
                            "hash of " + value)));
          }
        });
    return values;
  }
}
