package org.chengmai.connectors.jdbc;

import java.util.Set;
import org.apache.calcite.rel.core.AggregateCall;
import org.apache.calcite.rel.core.Join;
import org.apache.calcite.rel.core.Sort;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.type.SqlTypeUtil;
import org.chengmai.connectors.pushdown.Pushdown;

/** What a database is asked for of which little is known: columns, and comparisons with them. */
final class NarrowPushdown extends Pushdown {
  /** Comparisons, and what combines them. */
  static final Set<SqlKind> COMPARISONS =
      Set.of(
          SqlKind.AND,
          SqlKind.OR,
          SqlKind.NOT,
          SqlKind.EQUALS,
          SqlKind.NOT_EQUALS,
          SqlKind.LESS_THAN,
          SqlKind.LESS_THAN_OR_EQUAL,
          SqlKind.GREATER_THAN,
          SqlKind.GREATER_THAN_OR_EQUAL,
          SqlKind.IS_NULL,
          SqlKind.IS_NOT_NULL,
          SqlKind.SEARCH);

  private final boolean comparesTexts;
  private final Set<SqlKind> aggregates;

  /**
   * @param comparesTexts whether texts are equal only when all their characters are
   * @param aggregates those that give what SQL says, also over no rows
   */
  NarrowPushdown(boolean comparesTexts, Set<SqlKind> aggregates) {
    this.comparesTexts = comparesTexts;
    this.aggregates = aggregates;
  }

  @Override
  protected boolean computes(RexCall call) {
    return COMPARISONS.contains(call.getKind())
        && (comparesTexts
            || call.getKind() == SqlKind.IS_NULL
            || call.getKind() == SqlKind.IS_NOT_NULL
            || call.getOperands().stream()
                .noneMatch(operand -> SqlTypeUtil.inCharFamily(operand.getType())));
  }

  @Override
  protected boolean joins(Join join) {
    return false;
  }

  @Override
  protected boolean setOperations() {
    return false;
  }

  @Override
  protected boolean sorts(Sort sort) {
    return false;
  }

  @Override
  protected boolean aggregates(AggregateCall call) {
    return aggregates.contains(call.getAggregation().getKind());
  }

  /** Grouping compares texts as {@code =} does, and an aggregate without calls only groups. */
  @Override
  protected boolean groups() {
    return !aggregates.isEmpty();
  }

  @Override
  protected boolean floors(RexCall timeFloor) {
    return false;
  }
}
