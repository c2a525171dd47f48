package org.chengmai.connectors.duckdb;

import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.sql.SqlAlienSystemTypeNameSpec;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlDataTypeSpec;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNumericLiteral;
import org.apache.calcite.sql.SqlWriter;
import org.apache.calcite.sql.dialect.DuckDBSqlDialect;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.chengmai.connectors.pushdown.Quotient;
import org.chengmai.connectors.pushdown.SqlTemplate;
import org.chengmai.connectors.pushdown.TimeFloor;
import org.jspecify.annotations.Nullable;

/** DuckDB's SQL; our tables hold timestamps without a zone, in UTC. */
public final class DuckDbDialect extends DuckDBSqlDialect
    implements TimeFloor.Dialect, Quotient.Dialect {
  /** Its own answer is null, or infinite. */
  private static final String UNLESS_ZERO =
      "(CASE WHEN ! = 0 AND ? IS NOT NULL THEN error('division by zero') ELSE ";

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
      SqlTemplate.write(
          writer,
          "CASE WHEN COUNT(*) > 1 THEN error('a sub-query for one value has more than one row') ELSE MIN(?) END",
          call.operand(0));
    } else if ((call.getKind() == SqlKind.DIVIDE || call.getKind() == SqlKind.MOD)
        && !isNumber(call.operand(1))) {
      SqlTemplate.write(writer, UNLESS_ZERO, call.operand(0), call.operand(1));
      super.unparseCall(writer, call, 0, 0);
      writer.print(" END)");
    } else {
      super.unparseCall(writer, call, leftPrecedence, rightPrecedence);
    }
  }

  /** A literal other than zero. */
  private static boolean isNumber(SqlNode node) {
    return node instanceof SqlNumericLiteral number
        && number.bigDecimalValue() != null
        && number.bigDecimalValue().signum() != 0;
  }

  /** Integers of 128 bits divide exactly; one digit more than is wanted, and then rounded. */
  @Override
  public String quotient(int dividendScale, int divisorScale, int scale) {
    String divisor = unscaled("!", divisorScale);
    return UNLESS_ZERO
        + "CAST(CAST(%s * 1%s // %s AS DECIMAL(38, 0)) * 0.%s1 AS DECIMAL(38, %d)) END)"
            .formatted(
                unscaled("?", dividendScale),
                "0".repeat(scale + 1 - dividendScale + divisorScale),
                divisor,
                "0".repeat(scale),
                scale);
  }

  /** A decimal without its point; whole part and fraction by themselves, lest they overflow. */
  private static String unscaled(String number, int scale) {
    return scale == 0
        ? "CAST(%s AS HUGEINT)".formatted(number)
        : "(CAST(TRUNC(%s) AS HUGEINT) * 1%s + CAST((%s - TRUNC(%s)) * 1%s AS HUGEINT))"
            .formatted(number, "0".repeat(scale), number, number, "0".repeat(scale));
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
