package org.chengmai.connectors.jdbc;

import org.apache.calcite.rel.RelNode;
import org.apache.calcite.sql.dialect.OracleSqlDialect;
import org.jspecify.annotations.Nullable;

/** Oracle's SQL; never tried on a server. */
class OracleDialect extends OracleSqlDialect {
  OracleDialect() {
    super(WideDecimals.in(DEFAULT_CONTEXT));
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

  /** It has no conditions inside of aggregates: they become {@code CASE}. */
  @Override
  public boolean supportsAggregateFunctionFilter() {
    return false;
  }

  @Override
  public void quoteStringLiteral(StringBuilder sql, @Nullable String charset, String value) {
    super.quoteStringLiteral(sql, null, value);
  }
}
