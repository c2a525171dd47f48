package org.chengmai.engine.pipeline;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.chengmai.indicators.IndicatorStore;
import org.chengmai.indicators.Principal;
import org.chengmai.indicators.QueryRunner;
import org.chengmai.indicators.definition.IndicatorCatalogue;
import org.chengmai.indicators.definition.IndicatorDefinition;
import org.chengmai.indicators.definition.IndicatorDefinition.Effective;
import org.chengmai.indicators.definition.IndicatorDefinition.Type;
import org.chengmai.indicators.definition.IndicatorGroup;

/** Makes the groups that compute the catalogue's definitions. Immutable. */
public final class CatalogueGroups implements GroupSchedule {
  private final IndicatorCatalogue catalogue;
  private final QueryRunner sql;
  private final Principal principal;
  private final IndicatorStore store;
  private final FindingLog findings;
  private final Supplier<Predicate<Instant>> underCorrection;

  /** The parameters are those of {@link CatalogueGroup}. */
  public CatalogueGroups(
      IndicatorCatalogue catalogue,
      QueryRunner sql,
      Principal principal,
      IndicatorStore store,
      FindingLog findings,
      Supplier<Predicate<Instant>> underCorrection) {
    this.catalogue = catalogue;
    this.sql = sql;
    this.principal = principal;
    this.store = store;
    this.findings = findings;
    this.underCorrection = underCorrection;
  }

  public IndicatorCatalogue catalogue() {
    return catalogue;
  }

  @Override
  public List<ComputationGroup> on(LocalDate date) {
    List<ComputationGroup> groups = new ArrayList<>();
    catalogue.groups(date).forEach(group -> groups.add(queried(group, store, findings)));
    groups.addAll(indices(date));
    return groups;
  }

  @Override
  public NavigableSet<LocalDate> changes() {
    return changes(
        catalogue.all().stream().map(IndicatorDefinition::code).collect(Collectors.toSet()));
  }

  /** Those of the indicators and of what composite ones among them read. */
  @Override
  public NavigableSet<LocalDate> changes(Set<String> codes) {
    Set<String> all = new HashSet<>(codes);
    catalogue.all().stream()
        .filter(definition -> codes.contains(definition.code()))
        .forEach(definition -> all.addAll(definition.definition().indicators()));
    NavigableSet<LocalDate> changes = new TreeSet<>();
    for (IndicatorDefinition definition : catalogue.all()) {
      if (all.contains(definition.code()) && definition.isActive()) {
        Effective effective = definition.metadata().effective();
        changes.add(effective.from());
        if (effective.to() != null) {
          changes.add(effective.to().plusDays(1));
        }
      }
    }
    return changes;
  }

  @Override
  public List<Stretch> over(Set<String> codes, Instant from, Instant to) {
    NavigableSet<LocalDate> changes = changes(codes);
    List<Stretch> stretches = new ArrayList<>();
    for (LocalDate since : changes) {
      LocalDate next = changes.higher(since);
      // nothing of a stretch that lies apart from the range is looked at: zones differ by a day
      if (next != null
          && next.plusDays(1).atStartOfDay(ZoneOffset.UTC).toInstant().isBefore(from)) {
        continue;
      }
      for (ComputationGroup group : past(since, codes)) {
        Instant begin = GroupSchedule.begin(group, since);
        Instant end = next == null ? to : GroupSchedule.begin(group, next);
        Stretch stretch =
            new Stretch(group, begin.isAfter(from) ? begin : from, end.isBefore(to) ? end : to);
        if (stretch.from().isBefore(stretch.to())) {
          stretches.add(stretch);
        }
      }
    }
    return stretches;
  }

  /**
   * What a past day's version of some indicators computes; without snapshots, whose sources say
   * only what is now.
   */
  public List<ComputationGroup> past(LocalDate date, Set<String> codes) {
    List<ComputationGroup> groups = new ArrayList<>();
    List<IndicatorDefinition> chosen =
        catalogue.active(date).stream()
            .filter(definition -> codes.contains(definition.code()))
            .filter(definition -> definition.definition().type() != Type.SNAPSHOT)
            .toList();
    catalogue.groups(chosen).forEach(group -> groups.add(queried(group, store, findings)));
    indices(date).stream()
        .filter(group -> codes.containsAll(group.versions().keySet()))
        .forEach(groups::add);
    return groups;
  }

  /**
   * The group of one definition of any lifecycle, which keeps no findings of its quality.
   *
   * @param over where the past and other indicators' points are read
   * @param date of the versions of the inputs of a composite one
   */
  public ComputationGroup of(IndicatorDefinition definition, IndicatorStore over, LocalDate date) {
    return definition.definition().type() == Type.COMPOSITE
        ? IndexGroup.of(
                List.of(catalogue.index(definition, date)),
                catalogue::calendar,
                catalogue.regions(),
                over)
            .get(0)
        : queried(
            catalogue.groups(List.of(definition)).get(0), over, (codes, from, to, found) -> {});
  }

  private CatalogueGroup queried(IndicatorGroup group, IndicatorStore over, FindingLog log) {
    return new CatalogueGroup(
        group, sql, principal, over, catalogue.calendars(), log, underCorrection);
  }

  private List<IndexGroup> indices(LocalDate date) {
    return IndexGroup.of(catalogue.indices(date), catalogue::calendar, catalogue.regions(), store);
  }
}
