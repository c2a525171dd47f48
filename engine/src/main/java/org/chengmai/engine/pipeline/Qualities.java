package org.chengmai.engine.pipeline;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.chengmai.engine.pipeline.ComputationGroup.Computed;
import org.chengmai.indicators.Grain;
import org.chengmai.indicators.IndicatorStore;
import org.chengmai.indicators.SeriesKey;
import org.chengmai.indicators.Trust;
import org.chengmai.indicators.definition.IndicatorDefinition;
import org.chengmai.indicators.definition.IndicatorGroup;
import org.chengmai.indicators.quality.Evidence;
import org.chengmai.indicators.quality.Finding;
import org.chengmai.indicators.quality.QualityRule;
import org.chengmai.indicators.region.Region;

/**
 * Judges computed values by their definition's quality rules: one that breaks a rule is partial,
 * and what failed is kept. The past and the neighbours are read from the store once a run for all
 * indicators that look back alike, and never where no rule looks back.
 */
final class Qualities {
  private final IndicatorGroup group;
  private final IndicatorStore store;
  private final FindingLog log;

  Qualities(IndicatorGroup group, IndicatorStore store, FindingLog log) {
    this.group = group;
    this.store = store;
    this.log = log;
  }

  /** The values of some indicators with their trust; {@code from} and {@code to} were computed. */
  Map<IndicatorDefinition, List<Computed>> judge(
      Map<IndicatorDefinition, List<Computed>> values, Instant from, Instant to) {
    List<Past.Asked> asked = new ArrayList<>();
    values.forEach(
        (definition, own) -> {
          if (!definition.qualityRules().isEmpty()) {
            asked.add(
                new Past.Asked(
                    definition,
                    before(definition, definition.qualityRules(), own),
                    own.stream().map(Past.Value::of).toList()));
          }
        });
    Map<String, Map<SeriesKey, NavigableMap<Instant, Double>>> series = new HashMap<>();
    Past.read(store, asked)
        .forEach(
            (key, past) ->
                series.computeIfAbsent(key.code(), c -> new HashMap<>()).put(key, past.values()));
    Map<IndicatorDefinition, List<Computed>> judged = new LinkedHashMap<>(values);
    List<Finding> failed = new ArrayList<>();
    Set<String> codes = new HashSet<>();
    for (Past.Asked one : asked) {
      codes.add(one.definition().code());
      judged.computeIfPresent(
          one.definition(),
          (definition, own) ->
              judge(definition, own, series.getOrDefault(definition.code(), Map.of()), failed));
    }
    log.keep(codes, from, to, failed);
    return judged;
  }

  /**
   * @param failed gets what broke a rule
   */
  private List<Computed> judge(
      IndicatorDefinition definition,
      List<Computed> values,
      Map<SeriesKey, NavigableMap<Instant, Double>> series,
      List<Finding> failed) {
    List<QualityRule> rules = definition.qualityRules();
    Map<SeriesKey, Map<SeriesKey, NavigableMap<Instant, Double>>> neighbours =
        rules.stream().anyMatch(QualityRule::readsNeighbours) ? neighbours(series) : Map.of();
    boolean expectsInputs = rules.stream().anyMatch(QualityRule::readsExpected);
    List<Computed> judged = new ArrayList<>(values.size());
    for (Computed value : values) {
      Evidence evidence =
          evidence(
              definition,
              value,
              expectsInputs
                  ? group.expected(definition, value.key().region(), value.periodStart())
                  : OptionalDouble.empty(),
              series.getOrDefault(value.key(), Collections.emptyNavigableMap()),
              neighbours.getOrDefault(value.key(), Map.of()));
      List<Finding> own =
          rules.stream()
              .map(rule -> rule.judge(evidence))
              .flatMap(Optional::stream)
              .filter(finding -> !finding.passed())
              .toList();
      judged.add(own.isEmpty() ? value : doubtful(value, own));
      failed.addAll(own);
    }
    return judged;
  }

  /** The periods before the first that rules look back to. */
  private static Set<Instant> before(
      IndicatorDefinition definition, List<QualityRule> rules, List<Computed> values) {
    Duration back =
        rules.stream()
            .map(rule -> rule.lookBack(definition.grain()))
            .max(Comparator.naturalOrder())
            .orElse(Duration.ZERO);
    Set<Instant> periods = new TreeSet<>();
    if (back.isZero() || values.isEmpty()) {
      return periods;
    }
    Grain grain = definition.grain();
    ZoneId zone = definition.period().zone();
    Instant start =
        values.stream().map(Computed::periodStart).min(Comparator.naturalOrder()).orElseThrow();
    Instant earliest = grain.end(start, zone).minus(back);
    do {
      start = grain.previous(start, zone);
      periods.add(start);
    } while (start.isAfter(earliest));
    return periods;
  }

  private static Evidence evidence(
      IndicatorDefinition definition,
      Computed value,
      OptionalDouble expected,
      NavigableMap<Instant, Double> own,
      Map<SeriesKey, NavigableMap<Instant, Double>> neighbours) {
    ZoneId zone = definition.period().zone();
    return new Evidence(
        value.key(),
        value.periodStart(),
        definition.grain(),
        zone,
        value.n(),
        expected.isPresent() ? (Double) expected.getAsDouble() : null,
        definition.unit().decimals(),
        own,
        neighbours,
        definition.grain().end(value.periodStart(), zone));
  }

  private record Kind(Optional<Region.Level> level, SortedMap<String, String> dimensions) {}

  /** To each series the others of its level and dimensions. */
  private Map<SeriesKey, Map<SeriesKey, NavigableMap<Instant, Double>>> neighbours(
      Map<SeriesKey, NavigableMap<Instant, Double>> series) {
    Map<Kind, List<SeriesKey>> kinds =
        series.keySet().stream()
            .collect(
                Collectors.groupingBy(
                    key ->
                        new Kind(
                            group.regions().find(key.region()).map(Region::level),
                            key.dimensions())));
    Map<SeriesKey, Map<SeriesKey, NavigableMap<Instant, Double>>> neighbours = new HashMap<>();
    for (List<SeriesKey> alike : kinds.values()) {
      Map<SeriesKey, NavigableMap<Instant, Double>> all = new HashMap<>(series);
      all.keySet().retainAll(alike);
      for (SeriesKey key : alike) {
        Map<SeriesKey, NavigableMap<Instant, Double>> others = new HashMap<>(all);
        others.remove(key);
        neighbours.put(key, others);
      }
    }
    return neighbours;
  }

  /** Other verdicts on the same inputs are another revision, so that readers see them. */
  private static Computed doubtful(Computed value, List<Finding> failed) {
    String verdict = failed.stream().map(Finding::rule).collect(Collectors.joining("+", "!", ""));
    return value.withTrust(Trust.PARTIAL, value.inputHash() + verdict);
  }
}
