package org.chengmai.connectors.jdbc;

import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexLiteral;
import org.chengmai.connectors.pushdown.Pushdown;
import org.chengmai.connectors.pushdown.TimeFloor;

/**
 * What MariaDB takes: its {@code /} makes decimals of integers, and its floors know fixed offsets
 * only.
 */
final class MariaDbPushdown extends Pushdown {
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
