package org.chengmai.connectors.jdbc;

import java.util.List;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlWriter;
import org.apache.calcite.sql.dialect.PostgresqlSqlDialect;
import org.chengmai.connectors.pushdown.ManyKeys;
import org.chengmai.connectors.pushdown.Quotient;
import org.chengmai.connectors.pushdown.SqlTemplate;
import org.chengmai.connectors.pushdown.TextBytes;
import org.chengmai.connectors.pushdown.TimeFloor;
import org.jspecify.annotations.Nullable;

/** PostgreSQL's SQL. */
class PostgresDialect extends PostgresqlSqlDialect
    implements TimeFloor.Dialect, Quotient.Dialect, ManyKeys {
  PostgresDialect() {
    super(WideDecimals.in(DEFAULT_CONTEXT));
  }

  /** Columns by name: the order of a star may have changed since the catalogue was read. */
  @Override
  public boolean supportGenerateSelectStar(RelNode rel) {
    return false;
  }

  /** A number among the keys would be a column's position. */
  @Override
  public boolean supportsGroupByLiteral() {
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
  public void unparseCall(SqlWriter writer, SqlCall call, int leftPrecedence, int rightPrecedence) {
    if (call.getOperator() == TextBytes.OPERATOR) {
      SqlTemplate.write(writer, "(? COLLATE \"C\")", call.operand(0));
    } else {
      super.unparseCall(writer, call, leftPrecedence, rightPrecedence);
    }
  }

  /** From version 14 on it looks keys up in a hash table. */
  @Override
  public int mostKeys() {
    return 200_000;
  }

  /**
   * One array, which is read many times faster than a list of literals, and hashed. A literal
   * without a type becomes an array of the column's own; one of another could not be hashed.
   */
  @Override
  public String among(String column, List<String> keys) {
    StringBuilder array = new StringBuilder("{");
    for (String key : keys) {
      array
          .append(array.length() > 1 ? ",\"" : "\"")
          .append(key.replace("\\", "\\\\").replace("\"", "\\\""))
          .append('"');
    }
    StringBuilder sql = new StringBuilder(column).append(" = ANY (");
    quoteStringLiteral(sql, null, array.append('}').toString());
    return sql.append(')').toString();
  }

  /** One digit more than is wanted, cut off, and then rounded: its own quotient rounds twice. */
  @Override
  public String quotient(int dividendScale, int divisorScale, int scale) {
    return "ROUND(DIV((?) * 1%s.0, !) * 0.%s1, %d)"
        .formatted("0".repeat(scale + 1), "0".repeat(scale), scale);
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
