package org.chengmai.engine.pipeline;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.chengmai.engine.pipeline.Estimates.Gap;
import org.chengmai.indicators.Grain;
import org.chengmai.indicators.IndicatorStore;
import org.chengmai.indicators.Principal;
import org.chengmai.indicators.QueryRunner;
import org.chengmai.indicators.SeriesKey;
import org.chengmai.indicators.Trust;
import org.chengmai.indicators.calendar.Calendars;
import org.chengmai.indicators.calendar.PeriodCalendar;
import org.chengmai.indicators.definition.IndicatorDefinition;
import org.chengmai.indicators.definition.IndicatorGroup;

/** A group of the catalogue as the scheduler runs it: its SQL goes through the federated engine. */
public final class CatalogueGroup implements ComputationGroup {
  private final IndicatorGroup group;
  private final QueryRunner sql;
  private final Principal principal;
  private final Map<String, PeriodCalendar> resting = new HashMap<>();
  private final Comparisons comparisons;
  private final Qualities qualities;
  private final Estimates estimates;
  private final Supplier<Predicate<Instant>> underCorrection;

  /**
   * @param principal as whom the SQL runs
   * @param store where the past is that values are compared with
   * @param calendars what periods count by
   * @param findings where it is kept what quality rules found wrong
   * @param underCorrection answers, at each run, whether inputs of a time wait for a correction, so
   *     that values are partial until then
   */
  public CatalogueGroup(
      IndicatorGroup group,
      QueryRunner sql,
      Principal principal,
      IndicatorStore store,
      Calendars calendars,
      FindingLog findings,
      Supplier<Predicate<Instant>> underCorrection) {
    this.group = group;
    this.sql = sql;
    this.principal = principal;
    for (IndicatorDefinition definition : group.definitions()) {
      PeriodCalendar calendar = calendars.of(definition.period().calendar());
      if (!calendar.isAlwaysOpen()) {
        this.resting.put(definition.code(), calendar);
      }
    }
    this.comparisons = new Comparisons(store, calendars, group.regions());
    this.estimates = new Estimates(store);
    this.qualities = new Qualities(group, store, findings);
    this.underCorrection = underCorrection;
  }

  /** The codes and the grain: progress stays with them while a formula changes. */
  @Override
  public String name() {
    return group.definitions().stream()
            .map(IndicatorDefinition::code)
            .sorted()
            .collect(Collectors.joining("+"))
        + "@"
        + group.grain();
  }

  @Override
  public Grain grain() {
    return group.grain();
  }

  @Override
  public ZoneId zone() {
    return group.zone();
  }

  @Override
  public Duration watermark() {
    return longest(definition -> definition.period().watermark());
  }

  @Override
  public Duration lateness() {
    // What was there at the time cannot be asked for later.
    return group.isSnapshot()
        ? Duration.ZERO
        : longest(definition -> definition.period().lateness());
  }

  /** Of days and longer periods only. */
  @Override
  public Duration past() {
    return grain().typical().compareTo(Duration.ofDays(1)) < 0 ? Duration.ZERO : group.past();
  }

  private Duration longest(Function<IndicatorDefinition, Duration> of) {
    return group.definitions().stream()
        .map(of)
        .max(Comparator.naturalOrder())
        .orElse(Duration.ZERO);
  }

  @Override
  public Map<String, Integer> versions() {
    Map<String, Integer> versions = new LinkedHashMap<>();
    group
        .definitions()
        .forEach(definition -> versions.put(definition.code(), definition.version()));
    return versions;
  }

  @Override
  public Object formula() {
    return group.definitions();
  }

  /** None: the group itself gives a missing value for every region that it covers. */
  @Override
  public Set<SeriesKey> expected() {
    return Set.of();
  }

  @Override
  public boolean isDue(String code, Instant periodStart) {
    PeriodCalendar calendar = resting.get(code);
    return calendar == null
        || calendar.isOpen(periodStart, grain().end(periodStart, zone()), zone());
  }

  /** Whether all indicators rest in all these periods, so that nothing is asked. */
  private boolean rests(Instant from, Instant to) {
    return resting.size() == group.definitions().size()
        && group.periods(from, to).stream()
            .noneMatch(period -> resting.keySet().stream().anyMatch(code -> isDue(code, period)));
  }

  @Override
  public Optional<SourceChanges> changes() {
    return group.changes().map(query -> new QueriedChanges(query, sql, principal));
  }

  @Override
  public List<Computed> compute(Instant from, Instant to) {
    if (rests(from, to)) {
      return List.of();
    }
    Predicate<Instant> isUnderCorrection = underCorrection.get();
    Map<String, List<Computed>> values = new HashMap<>();
    Map<String, List<Gap>> gaps = new HashMap<>();
    for (var value : group.read(sql.query(principal, group.sql(from, to)), from, to)) {
      String code = value.key().code();
      if (!isDue(code, value.periodStart())) {
        continue;
      }
      if (value.value() == null) {
        gaps.computeIfAbsent(code, c -> new ArrayList<>())
            .add(new Gap(value.key(), value.periodStart()));
      } else {
        Trust trust = isUnderCorrection.test(value.periodStart()) ? Trust.PARTIAL : value.trust();
        values.computeIfAbsent(code, c -> new ArrayList<>()).add(computed(value, trust));
      }
    }
    Map<IndicatorDefinition, List<Computed>> own = new LinkedHashMap<>();
    group
        .definitions()
        .forEach(
            definition -> own.put(definition, values.getOrDefault(definition.code(), List.of())));
    return qualities.judge(comparisons.add(own), from, to).entrySet().stream()
        .flatMap(
            one ->
                Stream.concat(
                    one.getValue().stream(),
                    estimates
                        .of(
                            one.getKey(),
                            one.getValue(),
                            gaps.getOrDefault(one.getKey().code(), List.of()))
                        .stream()))
        .toList();
  }

  /** A value as the scheduler takes it. */
  static Computed computed(org.chengmai.indicators.definition.Computed value, Trust trust) {
    return new Computed(
        value.key(),
        value.periodStart(),
        value.value(),
        value.numerator(),
        value.denominator(),
        value.n(),
        value.parts(),
        value.readings(),
        trust,
        value.inputHash());
  }
}
