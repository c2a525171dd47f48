package org.chengmai.indicators.lineage;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * The columns that an indicator's SQL is computed from: those of the views that it reads, and
 * through them those of the sources' tables. Immutable.
 *
 * @param inputs in the order of their names
 */
public record Lineage(List<Input> inputs) {

  /** What a column is used for. */
  public enum Use {
    /** The number, its number of inputs, and what it is split by. */
    VALUE,
    /** Which rows count, and how they are taken together before. */
    FILTER,
    /** The period. */
    TIME,
    /** The region. */
    REGION,
    /** Which rows belong together. */
    JOIN
  }

  /**
   * A column.
   *
   * @param use empty where a view on the way names the column and the indicator does not use it:
   *     without the column the view fails, and the indicator with it
   * @param path the views' columns, or views, through which it is read, from the column on
   * @param isView whether it is a view's
   */
  public record Input(Column column, Set<Use> use, List<String> path, boolean isView) {}

  /** Follows a query down to the sources' tables. */
  static Lineage of(String sql, QueryOrigins origins) {
    Walk walk = new Walk(origins);
    Origins query = origins.of(sql);
    query
        .outputs()
        .forEach(
            (name, columns) ->
                columns.forEach(
                    column -> walk.read(column, EnumSet.of(use(name)), false, Way.NONE)));
    walk.rows(query, Way.NONE);
    walk.readViews();
    return new Lineage(walk.inputs());
  }

  /** What a column of an indicator's SQL gives. */
  private static Use use(String output) {
    return switch (output) {
      case "period_start" -> Use.TIME;
      case "region_code" -> Use.REGION;
      default -> Use.VALUE;
    };
  }

  /**
   * How a column is reached, from its side on.
   *
   * @param columns the columns of views, or the views where it is no column
   * @param views the same by views alone
   */
  private record Way(List<String> columns, List<String> views) {
    private static final Way NONE = new Way(List.of(), List.of());

    Way through(Column column) {
      return new Way(led(column.toString(), columns), led(column.of(), views));
    }

    Way throughRows(Column column) {
      List<String> all = led(column.of(), views);
      return new Way(all, all);
    }

    private static List<String> led(String first, List<String> rest) {
      List<String> all = new ArrayList<>(List.of(first));
      all.addAll(rest);
      return List.copyOf(all);
    }
  }

  private static final class Walk {
    private final QueryOrigins origins;
    private final Map<Column, Found> found = new TreeMap<>();
    private final Map<String, Optional<Origins>> views = new HashMap<>();

    /** Views whose rows are still to be looked at: what is used for itself is followed first. */
    private final Deque<Runnable> waiting = new ArrayDeque<>();

    Walk(QueryOrigins origins) {
      this.origins = origins;
    }

    private static final class Found {
      private final EnumSet<Use> use = EnumSet.noneOf(Use.class);
      private final Way way;
      private boolean isGrouped;

      Found(Way way) {
        this.way = way;
      }
    }

    List<Input> inputs() {
      List<Input> inputs = new ArrayList<>();
      found.forEach(
          (column, known) -> {
            // what rows are taken together by and is used for nothing else decides what a row is
            if (known.isGrouped && known.use.isEmpty()) {
              known.use.add(Use.FILTER);
            }
            inputs.add(
                new Input(
                    column,
                    Collections.unmodifiableSet(known.use),
                    known.way.columns(),
                    view(column, Way.NONE).isPresent()));
          });
      return List.copyOf(inputs);
    }

    void readViews() {
      while (!waiting.isEmpty()) {
        waiting.remove().run();
      }
    }

    void read(Column column, Set<Use> use, boolean isGrouped, Way way) {
      boolean isNew = !found.containsKey(column);
      Found known = found.computeIfAbsent(column, c -> new Found(way));
      boolean isMore = known.use.addAll(use) | (isGrouped && !known.isGrouped);
      known.isGrouped |= isGrouped;
      if (isNew || isMore) {
        view(column, way)
            .map(view -> view.outputs().getOrDefault(column.column(), Set.of()))
            .orElse(Set.of())
            .forEach(origin -> read(origin, use, isGrouped, way.through(column)));
      }
    }

    /** What decides about a query's rows. */
    void rows(Origins query, Way way) {
      query.filters().forEach(column -> read(column, EnumSet.of(Use.FILTER), false, way));
      query.joins().forEach(column -> read(column, EnumSet.of(Use.JOIN), false, way));
      query.groups().forEach(column -> read(column, Set.of(), true, way));
    }

    /** The view of a column; empty for a table's. The first time its rows are looked at, too. */
    private Optional<Origins> view(Column column, Way way) {
      Optional<Origins> known = views.get(column.of());
      if (known == null) {
        known = origins.ofView(column.library(), column.table());
        views.put(column.of(), known);
        known.ifPresent(view -> waiting.add(() -> all(view, way.throughRows(column))));
      }
      return known;
    }

    private void all(Origins view, Way way) {
      rows(view, way);
      view.outputs()
          .values()
          .forEach(columns -> columns.forEach(origin -> read(origin, Set.of(), false, way)));
    }
  }
}
