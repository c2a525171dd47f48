package org.chengmai.engine.sql;

import java.time.LocalTime;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.TimeMilliVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.types.DateUnit;
import org.apache.arrow.vector.types.FloatingPointPrecision;
import org.apache.arrow.vector.types.TimeUnit;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.jspecify.annotations.Nullable;

/** The parameters of a {@link PreparedQuery} as Arrow clients see and send them. */
public final class ParameterVectors {
  private ParameterVectors() {}

  /** One nullable field for each parameter, named by its number from 1. */
  public static Schema schema(PreparedQuery query) {
    List<Field> fields = new ArrayList<>();
    for (String type : query.parameters()) {
      fields.add(Field.nullable(String.valueOf(fields.size() + 1), type(type)));
    }
    return new Schema(fields);
  }

  private static ArrowType type(String name) {
    return switch (name) {
      case "BOOLEAN" -> ArrowType.Bool.INSTANCE;
      case "INTEGER" -> new ArrowType.Int(32, true);
      case "BIGINT" -> new ArrowType.Int(64, true);
      case "DOUBLE" -> new ArrowType.FloatingPoint(FloatingPointPrecision.DOUBLE);
      case "DATE" -> new ArrowType.Date(DateUnit.DAY);
      // the JDBC driver puts its milliseconds into whatever unit is asked for
      case "TIME" -> new ArrowType.Time(TimeUnit.MILLISECOND, 32);
      case "TIMESTAMP" -> new ArrowType.Timestamp(TimeUnit.MILLISECOND, "UTC");
      case "VARBINARY" -> ArrowType.Binary.INSTANCE;
      // a decimal's digits after the point are not known before its value
      default -> ArrowType.Utf8.INSTANCE;
    };
  }

  /** One row of what a client sent, in whatever types it chose. */
  public static List<@Nullable Object> values(VectorSchemaRoot root, int row) {
    List<@Nullable Object> values = new ArrayList<>();
    for (FieldVector vector : root.getFieldVectors()) {
      values.add(vector.isNull(row) ? null : value(vector, row));
    }
    return values;
  }

  private static Object value(FieldVector vector, int row) {
    if (vector instanceof TimeMilliVector times) {
      return LocalTime.ofNanoOfDay(times.get(row) * 1_000_000L);
    }
    return ArrowValues.isKnown(vector) ? ArrowValues.value(vector, row) : vector.getObject(row);
  }
}
