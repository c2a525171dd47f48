package org.chengmai.connectors.jdbc;

import org.apache.calcite.rel.core.Join;
import org.apache.calcite.rel.core.JoinRelType;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexLiteral;
import org.chengmai.connectors.pushdown.Pushdown;
import org.chengmai.connectors.pushdown.TimeFloor;

/**
 * What MariaDB takes: its {@code /} makes decimals of integers and null of a division by zero, its
 * floors know fixed offsets only, and it has no full join.
 */
final class MariaDbPushdown extends Pushdown {
  @Override
  public Texts texts() {
    return Texts.BY_COLLATION;
  }

  @Override
  protected boolean joins(Join join) {
    return join.getJoinType() != JoinRelType.FULL;
  }

  @Override
  protected boolean dividesIntegers() {
    return false;
  }

  @Override
  protected boolean floors(RexCall call) {
    return super.floors(call)
        && (call.getOperands().size() < 3
            || TimeFloor.hasFixedOffset(
                String.valueOf(RexLiteral.stringValue(call.getOperands().get(2)))));
  }
}
