package org.chengmai.engine.sql;

import java.math.BigDecimal;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.rel.type.RelDataTypeSystemImpl;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.sql.type.SqlTypeUtil;
import org.chengmai.connectors.pushdown.Quotient;
import org.jspecify.annotations.Nullable;

/** Our choices where SQL leaves types open, and Calcite's inner values as those of a result. */
final class SqlTypes extends RelDataTypeSystemImpl {
  static final SqlTypes INSTANCE = new SqlTypes();

  private SqlTypes() {}

  /** Times keep milliseconds, and {@code INTERVAL '100' SECOND} needs no precision. */
  @Override
  public int getDefaultPrecision(SqlTypeName type) {
    if (SqlTypeName.INTERVAL_TYPES.contains(type)) {
      return 9;
    }
    return type == SqlTypeName.TIMESTAMP ? 3 : super.getDefaultPrecision(type);
  }

  @Override
  public int getMaxPrecision(SqlTypeName type) {
    return type == SqlTypeName.DECIMAL ? 38 : super.getMaxPrecision(type);
  }

  @Override
  public int getMaxScale(SqlTypeName type) {
    return type == SqlTypeName.DECIMAL ? 18 : super.getMaxScale(type);
  }

  /** DuckDB's names are not: columns of one relation must differ by more than case. */
  @Override
  public boolean isSchemaCaseSensitive() {
    return false;
  }

  /** {@code CASE WHEN … THEN 'a' ELSE 'bcd' END} pads nothing. */
  @Override
  public boolean shouldConvertRaggedUnionTypesToVarying() {
    return true;
  }

  /**
   * A sum of integers does not overflow at 2 billion, nor one of decimals at its addends' digits.
   */
  @Override
  public RelDataType deriveSumType(RelDataTypeFactory factory, RelDataType argument) {
    return switch (argument.getSqlTypeName()) {
      case TINYINT, SMALLINT, INTEGER -> like(factory, SqlTypeName.BIGINT, argument);
      case REAL, FLOAT -> like(factory, SqlTypeName.DOUBLE, argument);
      case DECIMAL ->
          factory.createTypeWithNullability(
              factory.createSqlType(
                  SqlTypeName.DECIMAL, getMaxPrecision(SqlTypeName.DECIMAL), argument.getScale()),
              argument.isNullable());
      default -> argument;
    };
  }

  /** A mean of exact numbers is the quotient of their sum and count. */
  @Override
  public RelDataType deriveAvgAggType(RelDataTypeFactory factory, RelDataType argument) {
    return SqlTypeUtil.isExactNumeric(argument)
        ? quotient(factory, argument, argument.isNullable())
        : SqlTypeUtil.isApproximateNumeric(argument)
            ? like(factory, SqlTypeName.DOUBLE, argument)
            : super.deriveAvgAggType(factory, argument);
  }

  @Override
  public @Nullable RelDataType deriveDecimalDivideType(
      RelDataTypeFactory factory, RelDataType dividend, RelDataType divisor) {
    return SqlTypeUtil.isExactNumeric(dividend)
            && SqlTypeUtil.isExactNumeric(divisor)
            && (SqlTypeUtil.isDecimal(dividend) || SqlTypeUtil.isDecimal(divisor))
        ? quotient(factory, dividend, false)
        : null;
  }

  private RelDataType quotient(
      RelDataTypeFactory factory, RelDataType dividend, boolean isNullable) {
    return factory.createTypeWithNullability(
        factory.createSqlType(
            SqlTypeName.DECIMAL, getMaxPrecision(SqlTypeName.DECIMAL), Quotient.scale(dividend)),
        isNullable);
  }

  private static RelDataType like(
      RelDataTypeFactory factory, SqlTypeName type, RelDataType argument) {
    return factory.createTypeWithNullability(factory.createSqlType(type), argument.isNullable());
  }

  /** A value of Calcite's generated code as one of {@link org.chengmai.indicators.Table}. */
  static @Nullable Object external(@Nullable Object value, SqlTypeName type) {
    if (value == null) {
      return null;
    }
    return switch (type) {
      case TIMESTAMP, TIMESTAMP_WITH_LOCAL_TIME_ZONE, TIMESTAMP_TZ ->
          value instanceof Timestamp time
              ? time.toInstant()
              : Instant.ofEpochMilli(((Number) value).longValue());
      case DATE -> LocalDate.ofEpochDay(((Number) value).longValue());
      case TIME -> LocalTime.ofNanoOfDay(((Number) value).longValue() * 1_000_000);
      case DECIMAL ->
          value instanceof BigDecimal decimal ? decimal : new BigDecimal(value.toString());
      case REAL, FLOAT, DOUBLE -> ((Number) value).doubleValue();
      case BOOLEAN -> value;
      default -> value instanceof Number number ? number(number) : value.toString();
    };
  }

  private static Object number(Number value) {
    if (value instanceof BigDecimal) {
      return value;
    }
    if (value instanceof Double || value instanceof Float) {
      return value.doubleValue();
    }
    return value.longValue();
  }
}
