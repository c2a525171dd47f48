package org.chengmai.connectors.jdbc;

import org.apache.calcite.rel.RelNode;
import org.apache.calcite.sql.dialect.PostgresqlSqlDialect;
import org.chengmai.connectors.pushdown.TimeFloor;
import org.jspecify.annotations.Nullable;

/** PostgreSQL's SQL. */
class PostgresDialect extends PostgresqlSqlDialect implements TimeFloor.Dialect {
  PostgresDialect() {
    super(DEFAULT_CONTEXT);
  }

  /** Columns by name: the order of a star may have changed since the catalogue was read. */
  @Override
  public boolean supportGenerateSelectStar(RelNode rel) {
    return false;
  }

  /** Times come as UTC numbers from our result set, whatever the JVM's zone. */
  @Override
  public CalendarPolicy getCalendarPolicy() {
    return CalendarPolicy.DIRECT;
  }

  @Override
  public boolean supportsAggregateFunctionFilter() {
    return true;
  }

  @Override
  public void quoteStringLiteral(StringBuilder sql, @Nullable String charset, String value) {
    super.quoteStringLiteral(sql, null, value);
  }

  @Override
  public String timeFloor(TimeFloor.Arguments floor) {
    // a session in UTC makes the cast right for timestamps with and without a zone
    String local = "CAST(? AS TIMESTAMPTZ) AT TIME ZONE '" + floor.zone() + "'";
    String bin =
        floor.seconds() > 0
            ? "date_bin(INTERVAL '%d seconds', %s, TIMESTAMP '2000-01-03 00:00:00')"
                .formatted(floor.seconds(), local)
            : "date_trunc('%s', %s)".formatted(floor.unit(), local);
    return floor.isUtc() ? bin : bin + " AT TIME ZONE '" + floor.zone() + "' AT TIME ZONE 'UTC'";
  }
}
