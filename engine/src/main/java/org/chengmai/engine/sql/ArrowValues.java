package org.chengmai.engine.sql;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.util.HexFormat;
import org.apache.arrow.vector.BaseIntVector;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.DateDayVector;
import org.apache.arrow.vector.DecimalVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.Float4Vector;
import org.apache.arrow.vector.Float8Vector;
import org.apache.arrow.vector.TimeMicroVector;
import org.apache.arrow.vector.TimeStampVector;
import org.apache.arrow.vector.VarBinaryVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.types.TimeUnit;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.calcite.sql.type.SqlTypeName;
import org.jspecify.annotations.Nullable;

/** Values of Arrow vectors as those of {@link org.chengmai.indicators.Table}. */
final class ArrowValues {
  private ArrowValues() {}

  static @Nullable Object external(FieldVector vector, int row, SqlTypeName type) {
    if (vector.isNull(row)) {
      return null;
    }
    Object value = value(vector, row);
    return switch (type) {
      case DECIMAL ->
          value instanceof Number number && !(value instanceof BigDecimal)
              ? new BigDecimal(number.toString())
              : value;
      case REAL, FLOAT, DOUBLE -> ((Number) value).doubleValue();
      case TINYINT, SMALLINT, INTEGER, BIGINT ->
          value instanceof BigDecimal decimal
              ? decimal.longValueExact()
              : ((Number) value).longValue();
      default -> value;
    };
  }

  /** Whether {@link #value} reads vectors of this kind. */
  static boolean isKnown(FieldVector vector) {
    return vector instanceof BaseIntVector
        || vector instanceof Float8Vector
        || vector instanceof Float4Vector
        || vector instanceof VarCharVector
        || vector instanceof DecimalVector
        || vector instanceof BitVector
        || vector instanceof TimeStampVector
        || vector instanceof DateDayVector
        || vector instanceof TimeMicroVector
        || vector instanceof VarBinaryVector;
  }

  static Object value(FieldVector vector, int row) {
    if (vector instanceof BaseIntVector integers) {
      return integers.getValueAsLong(row);
    }
    if (vector instanceof Float8Vector floats) {
      return floats.get(row);
    }
    if (vector instanceof Float4Vector floats) {
      return (double) floats.get(row);
    }
    if (vector instanceof VarCharVector texts) {
      return new String(texts.get(row), StandardCharsets.UTF_8);
    }
    if (vector instanceof DecimalVector decimals) {
      return decimals.getObjectNotNull(row);
    }
    if (vector instanceof BitVector bits) {
      return bits.get(row) == 1;
    }
    if (vector instanceof TimeStampVector times) {
      return instant(times.get(row), ((ArrowType.Timestamp) times.getField().getType()).getUnit());
    }
    if (vector instanceof DateDayVector dates) {
      return LocalDate.ofEpochDay(dates.get(row));
    }
    if (vector instanceof TimeMicroVector times) {
      return LocalTime.ofNanoOfDay(times.get(row) * 1000);
    }
    if (vector instanceof VarBinaryVector bytes) {
      return HexFormat.of().formatHex(bytes.get(row));
    }
    throw new IllegalStateException("no value is known for " + vector.getField());
  }

  private static Instant instant(long time, TimeUnit unit) {
    long parts =
        switch (unit) {
          case SECOND -> 1;
          case MILLISECOND -> 1_000;
          case MICROSECOND -> 1_000_000;
          case NANOSECOND -> 1_000_000_000;
        };
    return Instant.ofEpochSecond(
        Math.floorDiv(time, parts), Math.floorMod(time, parts) * (1_000_000_000 / parts));
  }
}
