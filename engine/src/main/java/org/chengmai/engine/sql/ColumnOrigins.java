package org.chengmai.engine.sql;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.apache.calcite.plan.RelOptUtil;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.RelVisitor;
import org.apache.calcite.rel.core.Aggregate;
import org.apache.calcite.rel.core.Filter;
import org.apache.calcite.rel.core.Join;
import org.apache.calcite.rel.core.SetOp;
import org.apache.calcite.rel.core.Sort;
import org.apache.calcite.rel.core.Union;
import org.apache.calcite.rel.metadata.RelColumnOrigin;
import org.apache.calcite.rel.metadata.RelMetadataQuery;
import org.apache.calcite.util.ImmutableBitSet;
import org.chengmai.indicators.lineage.Column;
import org.chengmai.indicators.lineage.Origins;
import org.chengmai.indicators.lineage.QueryOrigins;
import org.jspecify.annotations.Nullable;

/**
 * Where the columns of queries come from, by Calcite's relations: the metadata of each column, and
 * what filters, joins and aggregates look at. Safe for use by several threads.
 */
final class ColumnOrigins implements QueryOrigins {
  private final Catalog catalog;
  private final QueryPlanner planner;

  ColumnOrigins(Catalog catalog, QueryPlanner planner) {
    this.catalog = catalog;
    this.planner = planner;
  }

  @Override
  public Origins of(String sql) {
    return of(sql, SqlEngine.DEFAULT_LIBRARY);
  }

  @Override
  public Optional<Origins> ofView(String library, String name) {
    return catalog.view(library, name).map(view -> of(view.sql(), library));
  }

  private Origins of(String sql, String library) {
    try {
      return new Reading().of(planner.overViews(sql, List.of(library)));
    } catch (RuntimeException e) {
      throw SqlErrors.suggesting(SqlErrors.translate(e), catalog, sql);
    }
  }

  @Override
  public boolean has(String library, @Nullable String table, @Nullable String column) {
    if (table == null) {
      return catalog.libraries().stream().anyMatch(library::equalsIgnoreCase);
    }
    return catalog.columns(library, table).stream()
        .anyMatch(found -> column == null || found.name().equalsIgnoreCase(column));
  }

  /** One relation, read once. */
  private static final class Reading extends RelVisitor {
    private final Set<Column> filters = new TreeSet<>();
    private final Set<Column> joins = new TreeSet<>();
    private final Set<Column> groups = new TreeSet<>();

    Origins of(RelNode rel) {
      go(rel);
      Map<String, Set<Column>> outputs = new HashMap<>();
      List<String> names = rel.getRowType().getFieldNames();
      for (int i = 0; i < names.size(); i++) {
        outputs.put(names.get(i), columns(rel, ImmutableBitSet.of(i)));
      }
      return new Origins(outputs, filters, joins, groups);
    }

    @Override
    public void visit(RelNode node, int ordinal, @Nullable RelNode parent) {
      if (node instanceof Filter filter) {
        filters.addAll(
            columns(filter.getInput(), RelOptUtil.InputFinder.bits(filter.getCondition())));
      } else if (node instanceof Join join) {
        ImmutableBitSet bits = RelOptUtil.InputFinder.bits(join.getCondition());
        int left = join.getLeft().getRowType().getFieldCount();
        joins.addAll(columns(join.getLeft(), bits.intersect(ImmutableBitSet.range(left))));
        joins.addAll(
            columns(join.getRight(), bits.except(ImmutableBitSet.range(left)).shift(-left)));
      } else if (node instanceof Aggregate aggregate) {
        read(aggregate);
      } else if (node instanceof Sort sort && (sort.fetch != null || sort.offset != null)) {
        groups.addAll(columns(sort.getInput(), ImmutableBitSet.of(sort.getCollation().getKeys())));
      } else if (node instanceof SetOp set && !(set instanceof Union union && union.all)) {
        set.getInputs().forEach(input -> groups.addAll(columns(input, all(input))));
      }
      super.visit(node, ordinal, parent);
    }

    private void read(Aggregate aggregate) {
      groups.addAll(columns(aggregate.getInput(), aggregate.getGroupSet()));
      aggregate
          .getAggCallList()
          .forEach(
              call -> {
                if (call.hasFilter()) {
                  filters.addAll(columns(aggregate.getInput(), ImmutableBitSet.of(call.filterArg)));
                }
                groups.addAll(
                    columns(
                        aggregate.getInput(), ImmutableBitSet.of(call.getCollation().getKeys())));
              });
    }

    private static ImmutableBitSet all(RelNode rel) {
      return ImmutableBitSet.range(rel.getRowType().getFieldCount());
    }

    /** What some columns of a relation are computed from. */
    private static Set<Column> columns(RelNode rel, ImmutableBitSet which) {
      RelMetadataQuery metadata = rel.getCluster().getMetadataQuery();
      Set<Column> columns = new TreeSet<>();
      for (int i : which) {
        Set<RelColumnOrigin> origins = metadata.getColumnOrigins(rel, i);
        if (origins != null) {
          origins.forEach(origin -> columns.add(column(origin)));
        }
      }
      return columns;
    }

    private static Column column(RelColumnOrigin origin) {
      List<String> table = origin.getOriginTable().getQualifiedName();
      return new Column(
          table.get(0),
          table.get(table.size() - 1),
          origin
              .getOriginTable()
              .getRowType()
              .getFieldNames()
              .get(origin.getOriginColumnOrdinal()));
    }
  }
}
