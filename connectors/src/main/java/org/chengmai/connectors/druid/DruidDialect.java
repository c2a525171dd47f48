package org.chengmai.connectors.druid;

import org.apache.calcite.config.NullCollation;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.sql.SqlAlienSystemTypeNameSpec;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlDataTypeSpec;
import org.apache.calcite.sql.SqlDialect;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlWriter;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.chengmai.connectors.pushdown.SqlTemplate;
import org.chengmai.connectors.pushdown.TimeFloor;
import org.jspecify.annotations.Nullable;

/**
 * Druid's SQL.
 *
 * <p>Nulls are low and Druid refuses {@code DESC NULLS FIRST}; where we have them high, whether a
 * value is null becomes a key of its own.
 */
final class DruidDialect extends SqlDialect implements TimeFloor.Dialect {
  DruidDialect() {
    super(
        EMPTY_CONTEXT
            .withDatabaseProduct(DatabaseProduct.UNKNOWN)
            .withDatabaseProductName("Apache Druid")
            .withIdentifierQuoteString("\"")
            .withNullCollation(NullCollation.LOW));
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
  public @Nullable SqlNode emulateNullDirection(SqlNode key, boolean nullsFirst, boolean desc) {
    return emulateNullDirectionWithIsNull(key, nullsFirst, desc);
  }

  @Override
  public boolean supportsCharSet() {
    return false;
  }

  @Override
  public boolean supportsAggregateFunctionFilter() {
    return true;
  }

  @Override
  public boolean supportsAggregateFunction(SqlKind kind) {
    return kind == SqlKind.ARG_MAX || super.supportsAggregateFunction(kind);
  }

  @Override
  public boolean supportsNestedAggregations() {
    return false;
  }

  @Override
  public boolean supportsGroupByLiteral() {
    return false;
  }

  @Override
  public void quoteStringLiteral(StringBuilder sql, @Nullable String charset, String value) {
    super.quoteStringLiteral(sql, null, value);
  }

  /** Druid knows few types and pads nothing. */
  @Override
  public @Nullable SqlNode getCastSpec(RelDataType type) {
    String name =
        switch (type.getSqlTypeName()) {
          case CHAR, VARCHAR -> "VARCHAR";
          case TINYINT, SMALLINT, INTEGER, BIGINT -> "BIGINT";
          case FLOAT, REAL, DOUBLE, DECIMAL -> "DOUBLE";
          case TIMESTAMP -> "TIMESTAMP";
          default -> type.getSqlTypeName().getName();
        };
    return new SqlDataTypeSpec(
        new SqlAlienSystemTypeNameSpec(name, type.getSqlTypeName(), SqlParserPos.ZERO),
        SqlParserPos.ZERO);
  }

  @Override
  public void unparseOffsetFetch(
      SqlWriter writer, @Nullable SqlNode offset, @Nullable SqlNode fetch) {
    unparseFetchUsingLimit(writer, offset, fetch);
  }

  @Override
  public String timeFloor(TimeFloor.Arguments floor) {
    return floor.isUtc()
        ? "TIME_FLOOR(?, '%s')".formatted(floor.grain())
        : "TIME_FLOOR(?, '%s', NULL, '%s')".formatted(floor.grain(), floor.zone());
  }

  @Override
  public void unparseCall(SqlWriter writer, SqlCall call, int leftPrecedence, int rightPrecedence) {
    if (call.getKind() == SqlKind.ARG_MAX) {
      // LATEST_BY orders by a time; our order is a number
      SqlTemplate.write(writer, "LATEST_BY(?, ", call.operand(0));
      SqlTemplate.write(writer, "MILLIS_TO_TIMESTAMP(?))", call.operand(1));
    } else {
      super.unparseCall(writer, call, leftPrecedence, rightPrecedence);
    }
  }
}
