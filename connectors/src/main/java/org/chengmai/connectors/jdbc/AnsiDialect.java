package org.chengmai.connectors.jdbc;

import org.apache.calcite.rel.RelNode;
import org.apache.calcite.sql.dialect.AnsiSqlDialect;
import org.jspecify.annotations.Nullable;

/** SQL for a database that nothing is known of. */
final class AnsiDialect extends AnsiSqlDialect {
  AnsiDialect() {
    super(WideDecimals.in(DEFAULT_CONTEXT).withIdentifierQuoteString("\""));
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
