package org.chengmai.connectors.jdbc;

import java.util.Map;
import org.apache.calcite.avatica.util.TimeUnitRange;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeSystem;
import org.apache.calcite.sql.SqlAlienSystemTypeNameSpec;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlDataTypeSpec;
import org.apache.calcite.sql.SqlIntervalQualifier;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlWriter;
import org.apache.calcite.sql.dialect.AnsiSqlDialect;
import org.apache.calcite.sql.dialect.TrinoSqlDialect;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.chengmai.connectors.pushdown.SqlTemplate;
import org.chengmai.connectors.pushdown.TimeFloor;
import org.jspecify.annotations.Nullable;

/** Trino's SQL, for sessions in UTC. */
final class TrinoDialect extends TrinoSqlDialect implements TimeFloor.Dialect {
  private static final Map<SqlKind, String> TRUTHS =
      Map.of(
          SqlKind.IS_TRUE, "(? IS NOT DISTINCT FROM TRUE)",
          SqlKind.IS_NOT_TRUE, "(? IS DISTINCT FROM TRUE)",
          SqlKind.IS_FALSE, "(? IS NOT DISTINCT FROM FALSE)",
          SqlKind.IS_NOT_FALSE, "(? IS DISTINCT FROM FALSE)");

  TrinoDialect() {
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

  /** It has NULLS FIRST and NULLS LAST. */
  @Override
  public @Nullable SqlNode emulateNullDirection(SqlNode node, boolean nullsFirst, boolean desc) {
    return null;
  }

  /** One type of text, and times in microseconds whatever their precision here. */
  @Override
  public @Nullable SqlNode getCastSpec(RelDataType type) {
    return switch (type.getSqlTypeName()) {
      case CHAR -> named("VARCHAR", type);
      case TIMESTAMP -> named("TIMESTAMP(6)", type);
      case TIME -> named("TIME(6)", type);
      default -> super.getCastSpec(type);
    };
  }

  private static SqlNode named(String name, RelDataType type) {
    return new SqlDataTypeSpec(
        new SqlAlienSystemTypeNameSpec(name, type.getSqlTypeName(), SqlParserPos.ZERO),
        SqlParserPos.ZERO);
  }

  @Override
  public void quoteStringLiteral(StringBuilder sql, @Nullable String charset, String value) {
    super.quoteStringLiteral(sql, null, value);
  }

  @Override
  public void unparseSqlIntervalQualifier(
      SqlWriter writer, SqlIntervalQualifier qualifier, RelDataTypeSystem typeSystem) {
    AnsiSqlDialect.DEFAULT.unparseSqlIntervalQualifier(writer, qualifier, typeSystem);
  }

  @Override
  public void unparseCall(SqlWriter writer, SqlCall call, int leftPrecedence, int rightPrecedence) {
    String truth = TRUTHS.get(call.getKind());
    if (truth != null) {
      SqlTemplate.write(writer, truth, call.operand(0));
    } else if (call.getKind() == SqlKind.EXTRACT
        && call.operand(0).toString().equals(TimeUnitRange.ISODOW.name())) {
      // its own name for days of the week from 1 for Monday
      SqlTemplate.write(writer, "DAY_OF_WEEK(?)", call.operand(1));
    } else if (call.getKind() == SqlKind.TRIM) {
      // Calcite's Presto forgets what is trimmed
      call.getOperator().unparse(writer, call, leftPrecedence, rightPrecedence);
    } else {
      super.unparseCall(writer, call, leftPrecedence, rightPrecedence);
    }
  }

  @Override
  public String timeFloor(TimeFloor.Arguments floor) {
    // a session in UTC makes the first cast right for timestamps with and without a zone
    String local =
        "CAST(? AS TIMESTAMP(6) WITH TIME ZONE) AT TIME ZONE '%s'".formatted(floor.zone());
    if (floor.seconds() == 0) {
      return "CAST(date_trunc('%s', %s) AT TIME ZONE 'UTC' AS TIMESTAMP(6))"
          .formatted(floor.unit(), local);
    }
    String clock = "CAST(%s AS TIMESTAMP(6))".formatted(local);
    return "CAST(date_add('millisecond', -(date_diff('millisecond', date_trunc('day', %1$s), %1$s) %% %2$d), date_trunc('millisecond', %3$s)) AS TIMESTAMP(6))"
        .formatted(
            clock,
            floor.seconds() * 1000,
            "CAST(CAST(? AS TIMESTAMP(6) WITH TIME ZONE) AT TIME ZONE 'UTC' AS TIMESTAMP(6))");
  }
}
