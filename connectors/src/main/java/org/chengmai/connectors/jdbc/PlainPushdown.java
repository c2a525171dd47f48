package org.chengmai.connectors.jdbc;

import com.google.common.collect.Sets;
import java.util.Set;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.sql.SqlKind;
import org.chengmai.connectors.pushdown.Pushdown;

/**
 * What databases take that speak common SQL: no functions beyond it, no floors of times, no
 * division of integers.
 */
final class PlainPushdown extends Pushdown {
  private static final Set<SqlKind> KINDS =
      Sets.union(
              NarrowPushdown.COMPARISONS,
              Set.of(
                  SqlKind.LIKE,
                  SqlKind.PLUS,
                  SqlKind.MINUS,
                  SqlKind.TIMES,
                  SqlKind.DIVIDE,
                  SqlKind.MINUS_PREFIX,
                  SqlKind.CASE,
                  SqlKind.COALESCE,
                  SqlKind.CAST))
          .immutableCopy();

  @Override
  protected boolean computes(RexCall call) {
    return KINDS.contains(call.getKind());
  }

  @Override
  protected boolean dividesIntegers() {
    return false;
  }

  @Override
  protected boolean floors(RexCall timeFloor) {
    return false;
  }
}
