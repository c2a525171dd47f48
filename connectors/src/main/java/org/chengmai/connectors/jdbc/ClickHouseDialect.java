package org.chengmai.connectors.jdbc;

import org.apache.calcite.rel.RelNode;
import org.apache.calcite.sql.SqlAbstractDateTimeLiteral;
import org.apache.calcite.sql.SqlWriter;
import org.apache.calcite.sql.dialect.ClickHouseSqlDialect;
import org.apache.calcite.sql.type.SqlTypeName;
import org.jspecify.annotations.Nullable;

/** ClickHouse's SQL; never tried on a server. */
final class ClickHouseDialect extends ClickHouseSqlDialect {
  ClickHouseDialect() {
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

  /** With fractions of seconds, and not in the server's zone. */
  @Override
  public void unparseDateTimeLiteral(
      SqlWriter writer,
      SqlAbstractDateTimeLiteral literal,
      int leftPrecedence,
      int rightPrecedence) {
    if (literal.getTypeName() == SqlTypeName.TIMESTAMP) {
      writer.literal("toDateTime64('" + literal.toFormattedString() + "', 6, 'UTC')");
    } else {
      super.unparseDateTimeLiteral(writer, literal, leftPrecedence, rightPrecedence);
    }
  }

  @Override
  public void quoteStringLiteral(StringBuilder sql, @Nullable String charset, String value) {
    super.quoteStringLiteral(sql, null, value);
  }
}
