package org.chengmai.indicators.lineage;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;
import org.chengmai.indicators.definition.IndicatorCatalogue;
import org.chengmai.indicators.definition.IndicatorDefinition;
import org.chengmai.indicators.lineage.Lineage.Input;
import org.jspecify.annotations.Nullable;

/**
 * The lineage of a catalogue's computed indicators, both ways. Found when first asked for, then
 * kept. Safe for use by several threads.
 */
public final class Lineages {
  private final IndicatorCatalogue catalogue;
  private final QueryOrigins origins;
  private final Map<String, Lineage> known = new ConcurrentHashMap<>();

  public Lineages(IndicatorCatalogue catalogue, QueryOrigins origins) {
    this.catalogue = catalogue;
    this.origins = origins;
  }

  /**
   * What depends on a column, table or library.
   *
   * @param unknown why it cannot be told of some indicators, by code
   */
  public record Breaks(List<Break> breaks, Map<String, String> unknown) {}

  /** The SQL of an indicator over all time; empty for a composite one. */
  public Optional<String> sql(String code) {
    IndicatorDefinition definition = catalogue.get(code);
    return definition.definition().type().isQueried()
        ? Optional.of(catalogue.groups(List.of(definition)).get(0).sqlOfAllTime())
        : Optional.empty();
  }

  /** The columns that an indicator reads; none for a composite one. */
  public Lineage of(String code) {
    return known.computeIfAbsent(
        code,
        c -> sql(c).map(sql -> Lineage.of(sql, origins)).orElseGet(() -> new Lineage(List.of())));
  }

  /** The indicators that one is computed from. */
  public List<String> from(String code) {
    return catalogue.get(code).definition().indicators().stream().distinct().toList();
  }

  /** The indicators that are computed from one. */
  public List<String> to(String code) {
    return computed()
        .filter(definition -> definition.definition().indicators().contains(code))
        .map(IndicatorDefinition::code)
        .toList();
  }

  /** Of each code that is computed, the version that {@link IndicatorCatalogue#find} gives. */
  private Stream<IndicatorDefinition> computed() {
    return catalogue.all().stream()
        .map(IndicatorDefinition::code)
        .distinct()
        .map(catalogue::get)
        .filter(IndicatorDefinition::isActive);
  }

  /**
   * What fails when a column goes, a table or a whole library: what reads it, then what is computed
   * from that. NOT_FOUND when there is no such column and nothing can be told of it.
   *
   * @param table all if null
   * @param column all if null
   */
  public Breaks breaks(String library, @Nullable String table, @Nullable String column) {
    Map<String, List<String>> because = new LinkedHashMap<>();
    Map<String, String> unknown = new TreeMap<>();
    for (IndicatorDefinition definition : computed().toList()) {
      String code = definition.code();
      try {
        of(code).inputs().stream()
            .filter(input -> matches(input.column(), library, table, column))
            .min(
                Comparator.comparing((Input input) -> input.use().isEmpty())
                    .thenComparing(input -> input.path().size()))
            .ifPresent(input -> because.put(code, way(input, code)));
      } catch (ChengmaiException e) {
        unknown.put(code, String.valueOf(e.getMessage()));
      }
    }
    if (because.isEmpty() && unknown.isEmpty() && !origins.has(library, table, column)) {
      throw new ChengmaiException(
          ErrorCode.NOT_FOUND,
          "there is no %s; see GET /api/v1/catalog, or the catalogue's files"
              .formatted(
                  Stream.of(library, table, column)
                      .filter(Objects::nonNull)
                      .collect(Collectors.joining("."))));
    }
    List<String> open = new ArrayList<>(because.keySet());
    for (int i = 0; i < open.size(); i++) {
      List<String> below = because.get(open.get(i));
      for (String above : to(open.get(i))) {
        if (below != null && !because.containsKey(above)) {
          because.put(above, Stream.concat(below.stream(), Stream.of(above)).toList());
          open.add(above);
        }
      }
    }
    List<Break> breaks = new ArrayList<>();
    because.forEach((code, way) -> breaks.add(new Break(code, name(code), way)));
    return new Breaks(breaks, unknown);
  }

  private Break.Name name(String code) {
    IndicatorDefinition.Name name = catalogue.get(code).metadata().name();
    return new Break.Name(name.zh(), name.en());
  }

  private static boolean matches(
      Column input, String library, @Nullable String table, @Nullable String column) {
    return input.library().equalsIgnoreCase(library)
        && (table == null || input.table().equalsIgnoreCase(table))
        && (column == null || input.column().equalsIgnoreCase(column));
  }

  private static List<String> way(Input input, String code) {
    List<String> way = new ArrayList<>(List.of(input.column().toString()));
    way.addAll(input.path());
    way.add(code);
    return List.copyOf(way);
  }
}
