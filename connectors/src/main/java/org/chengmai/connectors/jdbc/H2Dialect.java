package org.chengmai.connectors.jdbc;

import org.apache.calcite.rel.RelNode;
import org.apache.calcite.sql.dialect.H2SqlDialect;
import org.jspecify.annotations.Nullable;

/** H2's SQL. */
final class H2Dialect extends H2SqlDialect {
  H2Dialect() {
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

  @Override
  public void quoteStringLiteral(StringBuilder sql, @Nullable String charset, String value) {
    super.quoteStringLiteral(sql, null, value);
  }
}
