package org.chengmai.engine.sql;

import java.util.List;
import org.apache.arrow.vector.types.DateUnit;
import org.apache.arrow.vector.types.FloatingPointPrecision;
import org.apache.arrow.vector.types.TimeUnit;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.types.pojo.Schema;
import org.chengmai.indicators.Table;

/** The Arrow types in which a client gets a result. */
public enum ClientTypes {
  /** Those of SQL. */
  EXACT {
    @Override
    ArrowType of(ArrowType exact) {
      return exact;
    }
  },
  /**
   * Text, 64-bit integer and float, boolean, and nanoseconds in UTC; decimals become floats and
   * dates midnights, because Grafana leaves other columns silently empty.
   */
  FEW {
    @Override
    ArrowType of(ArrowType exact) {
      return switch (exact.getTypeID()) {
        case Int -> LONG;
        case FloatingPoint, Decimal -> DOUBLE;
        case Bool -> exact;
        case Timestamp, Date -> new ArrowType.Timestamp(TimeUnit.NANOSECOND, "UTC");
        default -> ArrowType.Utf8.INSTANCE;
      };
    }
  };

  private static final ArrowType LONG = new ArrowType.Int(64, true);
  private static final ArrowType DOUBLE =
      new ArrowType.FloatingPoint(FloatingPointPrecision.DOUBLE);

  abstract ArrowType of(ArrowType exact);

  /** The schema of a result for these clients. */
  public Schema of(Schema exact) {
    return new Schema(
        exact.getFields().stream()
            .map(field -> field(field.getName(), of(field.getType())))
            .toList());
  }

  private static Field field(String name, ArrowType type) {
    return new Field(name, FieldType.nullable(type), null);
  }

  /** What is known of columns of which only the names of their types are: decimals are floats. */
  static Schema named(List<Table.Column> columns) {
    return new Schema(
        columns.stream().map(column -> field(column.name(), named(column.type()))).toList());
  }

  private static ArrowType named(String sqlType) {
    return switch (sqlType) {
      case "TINYINT", "SMALLINT", "INTEGER", "BIGINT" -> LONG;
      case "REAL", "FLOAT", "DOUBLE", "DECIMAL" -> DOUBLE;
      case "BOOLEAN" -> ArrowType.Bool.INSTANCE;
      case "TIMESTAMP", "TIMESTAMP_WITH_LOCAL_TIME_ZONE", "TIMESTAMP_TZ" ->
          new ArrowType.Timestamp(TimeUnit.MICROSECOND, "UTC");
      case "DATE" -> new ArrowType.Date(DateUnit.DAY);
      default -> ArrowType.Utf8.INSTANCE;
    };
  }
}
