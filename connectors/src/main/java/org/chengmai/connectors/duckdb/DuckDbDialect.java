package org.chengmai.connectors.duckdb;

import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.sql.SqlAlienSystemTypeNameSpec;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlDataTypeSpec;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlWriter;
import org.apache.calcite.sql.dialect.DuckDBSqlDialect;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.chengmai.connectors.pushdown.TimeFloor;
import org.jspecify.annotations.Nullable;

/** DuckDB's SQL; our tables hold timestamps without a zone, in UTC. */
public final class DuckDbDialect extends DuckDBSqlDialect implements TimeFloor.Dialect {
  public DuckDbDialect() {
    super(DEFAULT_CONTEXT);
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

  /** One type of text, and times in microseconds whatever their precision here. */
  @Override
  public @Nullable SqlNode getCastSpec(RelDataType type) {
    return switch (type.getSqlTypeName()) {
      case CHAR, VARCHAR -> named("VARCHAR", type);
      case TIMESTAMP -> named("TIMESTAMP", type);
      default -> super.getCastSpec(type);
    };
  }

  private static SqlNode named(String name, RelDataType type) {
    return new SqlDataTypeSpec(
        new SqlAlienSystemTypeNameSpec(name, type.getSqlTypeName(), SqlParserPos.ZERO),
        SqlParserPos.ZERO);
  }

  @Override
  public boolean supportsNestedAggregations() {
    return false;
  }

  @Override
  public void unparseOffsetFetch(
      SqlWriter writer, @Nullable SqlNode offset, @Nullable SqlNode fetch) {
    unparseFetchUsingLimit(writer, offset, fetch);
  }

  @Override
  public boolean supportsCharSet() {
    return false;
  }

  @Override
  public void quoteStringLiteral(StringBuilder sql, @Nullable String charset, String value) {
    super.quoteStringLiteral(sql, null, value);
  }

  @Override
  public void unparseCall(SqlWriter writer, SqlCall call, int leftPrecedence, int rightPrecedence) {
    if (call.getKind() == SqlKind.SINGLE_VALUE) {
      TimeFloor.write(
          writer,
          "CASE WHEN COUNT(*) > 1 THEN error('a sub-query for one value has more than one row') ELSE MIN(?) END",
          call.operand(0));
    } else {
      super.unparseCall(writer, call, leftPrecedence, rightPrecedence);
    }
  }

  @Override
  public String timeFloor(TimeFloor.Arguments floor) {
    String local =
        floor.isUtc() ? "?" : "timezone('%s', timezone('UTC', ?))".formatted(floor.zone());
    String bin =
        floor.seconds() > 0
            ? "time_bucket(INTERVAL '%d seconds', %s, TIMESTAMP '2000-01-03 00:00:00')"
                .formatted(floor.seconds(), local)
            : "CAST(date_trunc('%s', %s) AS TIMESTAMP)".formatted(floor.unit(), local);
    return floor.isUtc() ? bin : "timezone('UTC', timezone('%s', %s))".formatted(floor.zone(), bin);
  }
}
