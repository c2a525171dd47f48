package org.chengmai.indicators.definition;

import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import org.chengmai.indicators.region.Region;
import org.chengmai.indicators.region.Regions;
import org.jspecify.annotations.Nullable;

/** The regions that have rows of their own in an indicator's source. Immutable. */
final class BaseRegions {
  private final Regions regions;

  BaseRegions(Regions regions) {
    this.regions = regions;
  }

  /** Whether the source states each level's value itself, and no region's is made of others. */
  static boolean isApart(IndicatorDefinition definition) {
    return definition.definition().additivity().region().equals("none");
  }

  /** Those of an indicator on a day. */
  List<Region> of(IndicatorDefinition definition, LocalDate date) {
    List<String> only = definition.region().only();
    LocalDate day = definition.region().asof() ? date : LocalDate.MAX;
    return levels(definition).stream()
        .flatMap(level -> regions.at(level, day).stream())
        .filter(r -> only.isEmpty() || only.contains(r.code()))
        .toList();
  }

  /** The one that a row's code means on a day; empty where it is none of an indicator's. */
  Optional<String> of(IndicatorDefinition definition, @Nullable Object code, LocalDate date) {
    if (code == null) {
      return Optional.empty();
    }
    Optional<String> valid =
        definition.region().asof()
            ? regions.codeOn(code.toString(), date)
            : regions.current(code.toString());
    return valid.filter(
        c -> regions.find(c).filter(r -> levels(definition).contains(r.level())).isPresent());
  }

  /** How many of them a region's value is made of; itself is one. */
  int count(IndicatorDefinition definition, String region, LocalDate date) {
    Optional<Region.Level> level = regions.find(region).map(Region::level);
    return isApart(definition) || level.isEmpty()
        ? 1
        : (int)
            of(definition, date).stream()
                .filter(
                    base ->
                        regions
                            .ancestor(base.code(), level.get())
                            .filter(above -> above.code().equals(region))
                            .isPresent())
                .count();
  }

  /** The levels of the source's rows. */
  private static List<Region.Level> levels(IndicatorDefinition definition) {
    return isApart(definition) ? definition.region().levels() : List.of(definition.region().base());
  }
}
