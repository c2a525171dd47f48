package org.chengmai.engine.server;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.catalog.CatalogLibrary;
import org.chengmai.indicators.catalog.DataCatalogue;
import org.chengmai.indicators.definition.Detect;
import org.chengmai.indicators.definition.Formula;
import org.chengmai.indicators.definition.Governance;
import org.chengmai.indicators.definition.IndicatorCatalogue;
import org.chengmai.indicators.definition.IndicatorDefinition;
import org.chengmai.indicators.definition.IndicatorDefinition.Compare;
import org.chengmai.indicators.definition.IndicatorDefinition.Direction;
import org.chengmai.indicators.definition.IndicatorDefinition.Metadata;
import org.chengmai.indicators.definition.IndicatorDefinition.Unit;
import org.chengmai.indicators.definition.IndicatorDefinition.Weight;
import org.chengmai.indicators.definition.Normalise;
import org.chengmai.indicators.definition.PeriodRule;
import org.chengmai.indicators.definition.Quality;
import org.chengmai.indicators.definition.RegionRule;
import org.chengmai.indicators.definition.Threshold;
import org.jspecify.annotations.Nullable;

/**
 * All that one version of a definition states, with what it leaves to the defaults, and what stands
 * around it: its sources, its members, its other versions. The parts are those of the schema {@code
 * chengmai/v1}.
 *
 * @param owners the departments that the sources belong to
 * @param members of a composite, else empty
 * @param versions all of the code, the newest first
 */
record DefinitionCard(
    @JsonUnwrapped Metadata metadata,
    Formula definition,
    Unit unit,
    PeriodRule period,
    List<String> dimensions,
    RegionRule region,
    Direction direction,
    List<Threshold> thresholds,
    @Nullable String thresholdSource,
    Compare compare,
    @Nullable Normalise normalise,
    @Nullable Weight weight,
    Quality quality,
    Detect detect,
    @Nullable Governance governance,
    List<String> owners,
    List<Source> sources,
    List<MemberLine> members,
    List<VersionLine> versions) {

  /** A table of the catalogue that the indicator reads. */
  record Source(
      String code, String table, CatalogLibrary.Name name, String owner, String updateCycle) {}

  /**
   * An input of a composite.
   *
   * @param lifeline whether the index is never better than its grade
   */
  record MemberLine(String code, IndicatorDefinition.Name name, double weight, boolean lifeline) {}

  /** A version and the days on which it counts. */
  record VersionLine(
      int version,
      IndicatorDefinition.Effective effective,
      IndicatorDefinition.Lifecycle lifecycle) {}

  /**
   * The card of a definition.
   *
   * @param tables the catalogue of the sources, null where there is none
   * @param today on which a composite's members are looked up
   */
  static DefinitionCard of(
      IndicatorDefinition definition,
      IndicatorCatalogue catalogue,
      @Nullable DataCatalogue tables,
      LocalDate today) {
    List<Source> sources =
        tables == null
            ? List.of()
            : definition.definition().inputs().stream()
                .filter(input -> input.startsWith("catalog:"))
                .map(input -> input.substring("catalog:".length()).split("/", 2)[0])
                .distinct()
                .map(tables::byCode)
                .flatMap(Optional::stream)
                .map(DefinitionCard::source)
                .toList();
    return new DefinitionCard(
        definition.metadata(),
        definition.definition(),
        definition.unit(),
        definition.period(),
        definition.dimensions(),
        definition.region(),
        definition.direction(),
        definition.thresholds(),
        definition.thresholdSource(),
        definition.compare(),
        definition.normalise(),
        definition.weight(),
        definition.quality(),
        definition.detect(),
        definition.governance(),
        sources.stream().map(Source::owner).distinct().toList(),
        sources,
        members(definition, catalogue, today),
        catalogue.all().stream()
            .filter(one -> one.code().equals(definition.code()))
            .sorted((one, other) -> other.version() - one.version())
            .map(
                one ->
                    new VersionLine(
                        one.version(), one.metadata().effective(), one.metadata().lifecycle()))
            .toList());
  }

  private static Source source(DataCatalogue.Entry entry) {
    return new Source(
        entry.table().code(),
        entry.sqlName(),
        entry.table().name(),
        entry.library().owner(),
        entry.table().updateCycle().toString());
  }

  /** None where inputs are not in force, so that there is no index. */
  private static List<MemberLine> members(
      IndicatorDefinition definition, IndicatorCatalogue catalogue, LocalDate today) {
    if (definition.definition().type() != IndicatorDefinition.Type.COMPOSITE) {
      return List.of();
    }
    Map<String, Double> weights;
    try {
      weights = catalogue.index(definition, today).weights();
    } catch (ChengmaiException e) {
      return List.of();
    }
    List<MemberLine> members = new ArrayList<>();
    List<String> lifelines = definition.definition().composite().lifelines();
    weights.forEach(
        (code, weight) ->
            members.add(
                new MemberLine(
                    code,
                    catalogue.get(code).metadata().name(),
                    weight,
                    lifelines.contains(code))));
    members.sort((one, other) -> Double.compare(other.weight(), one.weight()));
    return members;
  }
}
