package org.chengmai.connectors.duckdb;

import org.apache.calcite.rel.core.AggregateCall;
import org.apache.calcite.sql.SqlKind;
import org.chengmai.connectors.pushdown.Pushdown;

/** What DuckDB takes: all that is common, and the value at a maximum. */
public final class DuckDbPushdown extends Pushdown {
  @Override
  protected boolean isLikePostgres() {
    return true;
  }

  @Override
  protected boolean aggregates(AggregateCall call) {
    return super.aggregates(call) || call.getAggregation().getKind() == SqlKind.ARG_MAX;
  }
}
