package org.chengmai.engine.pipeline;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.chengmai.indicators.Grain;
import org.chengmai.indicators.IndicatorPoint;
import org.chengmai.indicators.IndicatorStore;
import org.chengmai.indicators.SeriesKey;
import org.chengmai.indicators.definition.IndicatorCatalogue;
import org.chengmai.indicators.definition.IndicatorDefinition;

/**
 * The newest point of every series, in memory: what is published while the engine runs, and from
 * the store what was before. Safe for use by several threads.
 */
public final class NewestPoints {
  /** Older points are no standing of today. */
  private static final int MOST_PERIODS = 3;

  private static final Duration LEAST = Duration.ofDays(2);

  private final IndicatorCatalogue catalogue;
  private final IndicatorStore store;
  private final InstantSource clock;
  private final Map<String, Map<SeriesKey, IndicatorPoint>> newest = new ConcurrentHashMap<>();
  private volatile boolean isFilled;
  private volatile Watcher watcher = (code, isLive) -> {};

  /** Is told of each indicator that was published; must be quick. */
  @FunctionalInterface
  interface Watcher {
    /**
     * @param isLive whether a newest point changed, and not by work over the past
     */
    void published(String code, boolean isLive);
  }

  public NewestPoints(IndicatorCatalogue catalogue, IndicatorStore store, InstantSource clock) {
    this.catalogue = catalogue;
    this.store = store;
    this.clock = clock;
  }

  void onPublished(Watcher watcher) {
    this.watcher = watcher;
  }

  /**
   * Takes what was published, in any order.
   *
   * @param isHistory whether work over the past made it
   */
  public void accept(List<IndicatorPoint> points, boolean isHistory) {
    Map<String, Boolean> published = new HashMap<>();
    points.forEach(point -> published.merge(point.key().code(), take(point), Boolean::logicalOr));
    published.forEach((code, isNewest) -> watcher.published(code, isNewest && !isHistory));
  }

  /** Answers whether it is the newest of its series and was not before. */
  private boolean take(IndicatorPoint point) {
    Map<SeriesKey, IndicatorPoint> series =
        newest.computeIfAbsent(point.key().code(), code -> new ConcurrentHashMap<>());
    IndicatorPoint before = series.get(point.key());
    return before != point
        && series.merge(
                point.key(), point, (known, other) -> other.isNewerThan(known) ? other : known)
            == point;
  }

  /**
   * Takes what the store holds. One question for each length of period: a month's newest point is
   * weeks old, a minute's is not. Answers the codes of which that is news.
   */
  synchronized Set<String> fill() {
    Instant now = clock.instant();
    Map<Grain, List<String>> codes = new HashMap<>();
    catalogue.all().stream()
        .filter(IndicatorDefinition::isActive)
        .forEach(
            definition ->
                codes
                    .computeIfAbsent(definition.grain(), grain -> new ArrayList<>())
                    .add(definition.code()));
    Set<String> news = new TreeSet<>();
    codes.forEach(
        (grain, of) -> {
          for (IndicatorPoint point : store.newest(of, now.minus(reach(grain)))) {
            if (take(point)) {
              news.add(point.key().code());
            }
          }
        });
    isFilled = true;
    return news;
  }

  private static Duration reach(Grain grain) {
    Duration reach = grain.typical().multipliedBy(MOST_PERIODS);
    return reach.compareTo(LEAST) > 0 ? reach : LEAST;
  }

  /**
   * The newest points of some indicators as they look now: those that grew old are stale, and those
   * that are more than three periods and two days old are left out. Ordered by code as asked, then
   * by series.
   */
  public List<IndicatorPoint> of(Collection<String> codes) {
    if (!isFilled) {
      Set<String> unused = fill();
    }
    Instant now = clock.instant();
    return codes.stream().distinct().flatMap(code -> of(code, now).stream()).toList();
  }

  /** The newest point of one series as it was published; empty when none is known. Never blocks. */
  public Optional<IndicatorPoint> of(SeriesKey key) {
    return Optional.ofNullable(newest.getOrDefault(key.code(), Map.of()).get(key));
  }

  private List<IndicatorPoint> of(String code, Instant now) {
    Optional<IndicatorDefinition> definition = catalogue.find(code);
    return newest.getOrDefault(code, Map.of()).values().stream()
        .filter(point -> !point.periodStart().isBefore(now.minus(reach(point.grain()))))
        .map(
            point ->
                definition
                    .map(known -> known.aged(point, now, catalogue.calendar(known)))
                    .orElse(point))
        .sorted(Comparator.comparing(point -> point.key().toString()))
        .toList();
  }
}
