package org.chengmai.engine.sql;

import org.apache.calcite.rel.core.AggregateCall;
import org.apache.calcite.sql.SqlKind;
import org.chengmai.connectors.pushdown.Pushdown;

/** What DuckDB computes of the residual exactly as we would. Immutable. */
final class ResidualPushdown extends Pushdown {
  @Override
  protected boolean isLikePostgres() {
    return true;
  }

  @Override
  protected boolean aggregates(AggregateCall call) {
    SqlKind kind = call.getAggregation().getKind();
    return super.aggregates(call) || kind == SqlKind.ARG_MAX || kind == SqlKind.SINGLE_VALUE;
  }
}
