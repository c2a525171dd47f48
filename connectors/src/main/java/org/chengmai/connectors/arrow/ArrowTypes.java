package org.chengmai.connectors.arrow;

import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.vector.types.DateUnit;
import org.apache.arrow.vector.types.FloatingPointPrecision;
import org.apache.arrow.vector.types.TimeUnit;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.types.pojo.Schema;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeField;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.sql.type.SqlTypeUtil;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;

/**
 * SQL's types as Arrow's: the one mapping for the planner, sources, DuckDB and clients. Every field
 * may be null; what has no form of its own is a text.
 */
public final class ArrowTypes {
  /** The most digits that a decimal of 128 bits holds for sure. */
  static final int DIGITS = 38;

  /** Digits after the point where a source states no scale. */
  private static final int SCALE = 18;

  private ArrowTypes() {}

  /** Throws INVALID_INPUT naming a column whose type has no form in Arrow, such as an interval. */
  public static Schema schema(RelDataType row) {
    List<Field> fields = new ArrayList<>();
    for (RelDataTypeField column : row.getFieldList()) {
      ArrowType type = type(column.getName(), column.getType());
      fields.add(new Field(column.getName(), FieldType.nullable(type), null));
    }
    return new Schema(fields);
  }

  /** A row as clients see it: times are instants, and intervals are texts. */
  public static Schema shown(RelDataType row) {
    List<Field> fields = new ArrayList<>();
    for (RelDataTypeField column : row.getFieldList()) {
      RelDataType type = column.getType();
      ArrowType shown =
          type.getSqlTypeName() == SqlTypeName.TIMESTAMP
              ? new ArrowType.Timestamp(TimeUnit.MICROSECOND, "UTC")
              : SqlTypeUtil.isInterval(type)
                  ? ArrowType.Utf8.INSTANCE
                  : type(column.getName(), type);
      fields.add(new Field(column.getName(), FieldType.nullable(shown), null));
    }
    return new Schema(fields);
  }

  private static ArrowType type(String column, RelDataType type) {
    return switch (type.getSqlTypeName()) {
      case BOOLEAN -> ArrowType.Bool.INSTANCE;
      case TINYINT -> new ArrowType.Int(8, true);
      case SMALLINT, UTINYINT -> new ArrowType.Int(16, true);
      case INTEGER, USMALLINT -> new ArrowType.Int(32, true);
      case BIGINT, UINTEGER -> new ArrowType.Int(64, true);
      case UBIGINT -> new ArrowType.Decimal(20, 0, 128);
      case REAL -> new ArrowType.FloatingPoint(FloatingPointPrecision.SINGLE);
      case FLOAT, DOUBLE -> new ArrowType.FloatingPoint(FloatingPointPrecision.DOUBLE);
      case DECIMAL -> decimal(type);
      case CHAR, VARCHAR, UUID, ANY, OTHER, NULL, ARRAY, MULTISET, MAP, ROW ->
          ArrowType.Utf8.INSTANCE;
      case BINARY, VARBINARY -> ArrowType.Binary.INSTANCE;
      case DATE -> new ArrowType.Date(DateUnit.DAY);
      case TIME -> new ArrowType.Time(TimeUnit.MICROSECOND, 64);
      case TIMESTAMP -> new ArrowType.Timestamp(TimeUnit.MICROSECOND, null);
      case TIMESTAMP_WITH_LOCAL_TIME_ZONE, TIMESTAMP_TZ ->
          new ArrowType.Timestamp(TimeUnit.MICROSECOND, "UTC");
      default ->
          throw new ChengmaiException(
              ErrorCode.INVALID_INPUT,
              "column %s: values of type %s cannot be returned; cast it to another type"
                  .formatted(column, type));
    };
  }

  /** A source that states neither precision nor scale may hold anything. */
  private static ArrowType decimal(RelDataType type) {
    int precision = type.getPrecision();
    int scale = type.getScale();
    boolean isStated = precision >= 1 && precision <= DIGITS && scale >= 0 && scale <= precision;
    return isStated
        ? new ArrowType.Decimal(precision, scale, 128)
        : new ArrowType.Decimal(
            DIGITS, scale >= 0 && scale <= DIGITS ? Math.max(scale, SCALE) : SCALE, 128);
  }
}
