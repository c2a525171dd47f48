package org.chengmai.engine.sql;

import org.apache.calcite.rel.core.AggregateCall;
import org.apache.calcite.sql.SqlKind;
import org.chengmai.connectors.pushdown.Pushdown;

/** What DuckDB computes of the residual exactly as we would. Immutable. */
final class ResidualPushdown extends Pushdown {
  @Override
  protected boolean aggregates(AggregateCall call) {
    return super.aggregates(call) || call.getAggregation().getKind() == SqlKind.ARG_MAX;
  }
}
