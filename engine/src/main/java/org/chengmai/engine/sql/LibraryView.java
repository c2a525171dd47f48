package org.chengmai.engine.sql;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.apache.calcite.plan.RelOptTable;
import org.apache.calcite.plan.RelOptUtil;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.schema.Schema;
import org.apache.calcite.schema.TranslatableTable;
import org.apache.calcite.schema.impl.AbstractTable;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;
import org.jspecify.annotations.Nullable;

/**
 * A view of a library. Its columns are found out when first needed, so that a view whose source is
 * down does not stop the start, and views may use each other in any order. Safe for use by several
 * threads.
 */
final class LibraryView extends AbstractTable implements TranslatableTable {
  private static final ThreadLocal<Deque<LibraryView>> RESOLVING =
      ThreadLocal.withInitial(ArrayDeque::new);

  private final QueryPlanner planner;
  private final String library;
  private final String file;
  private final ViewFile.View view;
  private volatile @Nullable RelDataType type;

  LibraryView(QueryPlanner planner, String library, String file, ViewFile.View view) {
    this.planner = planner;
    this.library = library;
    this.file = file;
    this.view = view;
  }

  String library() {
    return library;
  }

  String file() {
    return file;
  }

  String name() {
    return view.name();
  }

  String sql() {
    return view.sql();
  }

  int line() {
    return view.line();
  }

  /** Finds its columns anew when they are next needed, because a table has changed. */
  void refresh() {
    type = null;
  }

  @Override
  public RelDataType getRowType(RelDataTypeFactory factory) {
    RelDataType known = type;
    if (known == null) {
      Deque<LibraryView> resolving = RESOLVING.get();
      if (resolving.contains(this)) {
        throw new ChengmaiException(
            ErrorCode.INVALID_DEFINITION,
            "view %s.%s depends on itself".formatted(library, view.name()));
      }
      resolving.push(this);
      try {
        known = planner.type(view.sql(), List.of(library));
        type = known;
      } finally {
        resolving.pop();
      }
    }
    return known;
  }

  @Override
  public Schema.TableType getJdbcTableType() {
    return Schema.TableType.VIEW;
  }

  @Override
  public RelNode toRel(RelOptTable.ToRelContext context, RelOptTable table) {
    RelNode rel =
        context
            .expandView(
                table.getRowType(), view.sql(), List.of(library), List.of(library, view.name()))
            .project();
    return RelOptUtil.createCastRel(rel, table.getRowType(), true);
  }
}
