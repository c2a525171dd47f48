package org.chengmai.engine.incidents;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.chengmai.indicators.SeriesKey;
import org.chengmai.indicators.definition.IndicatorCatalogue;
import org.chengmai.indicators.region.Regions;
import org.chengmai.models.incidents.Kinship;

/** Kinship by the definitions' inputs and the city's regions. Safe for several threads. */
final class CatalogueKinship implements Kinship {
  private final IndicatorCatalogue catalogue;
  private final Map<String, Set<String>> inputs = new ConcurrentHashMap<>();

  CatalogueKinship(IndicatorCatalogue catalogue) {
    this.catalogue = catalogue;
  }

  @Override
  public boolean isPartOf(SeriesKey part, SeriesKey whole) {
    if (!part.dimensions().entrySet().containsAll(whole.dimensions().entrySet())) {
      return false;
    }
    if (part.code().equals(whole.code())) {
      return !part.equals(whole)
          && (part.region().equals(whole.region()) || isWithin(part.region(), whole.region()));
    }
    return inputs.computeIfAbsent(whole.code(), this::inputs).contains(part.code())
        && (part.region().equals(whole.region()) || isWithin(part.region(), whole.region()));
  }

  private boolean isWithin(String region, String whole) {
    Regions regions = catalogue.regions();
    return !region.equals(whole)
        && regions
            .find(whole)
            .flatMap(above -> regions.ancestor(region, above.level()))
            .filter(above -> above.code().equals(whole))
            .isPresent();
  }

  /** The codes that one is computed from, directly or through others. */
  private Set<String> inputs(String code) {
    Set<String> seen = new HashSet<>();
    List<String> open = new ArrayList<>(List.of(code));
    while (!open.isEmpty()) {
      catalogue
          .find(open.remove(open.size() - 1))
          .ifPresent(
              definition ->
                  definition.definition().indicators().stream()
                      .filter(seen::add)
                      .forEach(open::add));
    }
    return seen;
  }
}
