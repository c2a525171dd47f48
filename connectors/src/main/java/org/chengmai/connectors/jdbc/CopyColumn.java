package org.chengmai.connectors.jdbc;

import java.math.BigDecimal;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Types;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import org.apache.arrow.vector.BaseVariableWidthVector;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.DateDayVector;
import org.apache.arrow.vector.DecimalVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.Float4Vector;
import org.apache.arrow.vector.Float8Vector;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.SmallIntVector;
import org.apache.arrow.vector.TimeMicroVector;
import org.apache.arrow.vector.TimeStampVector;
import org.apache.arrow.vector.TinyIntVector;
import org.apache.arrow.vector.VarBinaryVector;
import org.chengmai.connectors.arrow.Decimals;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;
import org.jspecify.annotations.Nullable;

/** Writes one column's values of PostgreSQL's binary form to its vector. */
interface CopyColumn {
  /** The value's bytes are {@code length} from {@code at} on; nulls never come here. */
  void set(int row, byte[] data, int at, int length);

  /** PostgreSQL counts days from 2000-01-01. */
  int EPOCH_DAYS =
      (int) ChronoUnit.DAYS.between(LocalDate.of(1970, 1, 1), LocalDate.of(2000, 1, 1));

  long EPOCH_MICROS = EPOCH_DAYS * 86_400_000_000L;

  /** What the server sends for a column, as far as it is decoded here. */
  enum Wire {
    BOOL,
    INT,
    FLOAT,
    NUMERIC,
    TEXT,
    BYTES,
    DATE,
    TIME,
    TIMESTAMP,
    OTHER;

    static Wire of(ResultSetMetaData columns, int column) throws SQLException {
      return switch (columns.getColumnType(column)) {
        case Types.BIT, Types.BOOLEAN -> BOOL;
        case Types.SMALLINT, Types.INTEGER, Types.BIGINT -> INT;
        case Types.REAL -> FLOAT;
        // money says DOUBLE too, but has no precision
        case Types.DOUBLE -> columns.getPrecision(column) <= 17 ? FLOAT : OTHER;
        case Types.NUMERIC -> NUMERIC;
        case Types.CHAR, Types.VARCHAR -> TEXT;
        case Types.BINARY -> BYTES;
        case Types.DATE -> DATE;
        case Types.TIME -> TIME;
        case Types.TIMESTAMP, Types.TIMESTAMP_WITH_TIMEZONE -> TIMESTAMP;
        default -> OTHER;
      };
    }
  }

  /**
   * The writer for a column, or null where the server must cast to {@link #castType} before it
   * sends.
   */
  static @Nullable CopyColumn of(Wire wire, FieldVector vector) {
    if (vector instanceof BigIntVector target) {
      return switch (wire) {
        case INT -> (row, data, at, length) -> target.set(row, integer(target, data, at, length));
        case NUMERIC ->
            (row, data, at, length) -> target.set(row, PostgresNumeric.int8(target, data, at));
        default -> null;
      };
    }
    if (vector instanceof IntVector target && wire == Wire.INT) {
      return (row, data, at, length) ->
          target.set(row, small(target, integer(target, data, at, length), Integer.MIN_VALUE));
    }
    if (vector instanceof SmallIntVector target && wire == Wire.INT) {
      return (row, data, at, length) ->
          target.set(row, small(target, integer(target, data, at, length), Short.MIN_VALUE));
    }
    if (vector instanceof TinyIntVector target && wire == Wire.INT) {
      return (row, data, at, length) ->
          target.set(row, small(target, integer(target, data, at, length), Byte.MIN_VALUE));
    }
    if (vector instanceof DecimalVector target) {
      return switch (wire) {
        case NUMERIC -> (row, data, at, length) -> PostgresNumeric.decimal(target, row, data, at);
        case INT ->
            (row, data, at, length) ->
                Decimals.set(target, row, BigDecimal.valueOf(integer(target, data, at, length)));
        default -> null;
      };
    }
    if (vector instanceof Float8Vector target) {
      return switch (wire) {
        case FLOAT -> (row, data, at, length) -> target.set(row, real(target, data, at, length));
        case INT -> (row, data, at, length) -> target.set(row, integer(target, data, at, length));
        default -> null;
      };
    }
    if (vector instanceof Float4Vector target && wire == Wire.FLOAT) {
      return (row, data, at, length) -> target.set(row, (float) real(target, data, at, length));
    }
    if (vector instanceof BitVector target && wire == Wire.BOOL) {
      return (row, data, at, length) -> {
        expect(target, 1, length);
        target.set(row, data[at]);
      };
    }
    if (vector instanceof TimeStampVector target && wire == Wire.TIMESTAMP) {
      return (row, data, at, length) -> target.set(row, micros(target, data, at, length));
    }
    if (vector instanceof DateDayVector target && wire == Wire.DATE) {
      return (row, data, at, length) -> target.set(row, day(target, data, at, length));
    }
    if (vector instanceof TimeMicroVector target && wire == Wire.TIME) {
      return (row, data, at, length) -> {
        expect(target, Long.BYTES, length);
        target.set(row, BigEndian.int8(data, at));
      };
    }
    if (vector instanceof BaseVariableWidthVector target
        && wire == (vector instanceof VarBinaryVector ? Wire.BYTES : Wire.TEXT)) {
      return (row, data, at, length) -> target.setSafe(row, data, at, length);
    }
    return null;
  }

  /** The PostgreSQL type whose form fits a vector without loss. */
  static String castType(FieldVector vector) {
    return switch (vector.getMinorType()) {
      case BIT -> "boolean";
      case TINYINT, SMALLINT, INT, BIGINT -> "int8";
      case FLOAT4 -> "float4";
      case FLOAT8 -> "float8";
      case DECIMAL -> "numeric";
      case VARBINARY -> "bytea";
      case DATEDAY -> "date";
      case TIMEMICRO -> "time";
      case TIMESTAMPMICRO, TIMESTAMPMICROTZ -> "timestamptz";
      default -> "text";
    };
  }

  /** What arrives after {@link #castType}. */
  static Wire castWire(FieldVector vector) {
    return switch (vector.getMinorType()) {
      case BIT -> Wire.BOOL;
      case TINYINT, SMALLINT, INT, BIGINT -> Wire.INT;
      case FLOAT4, FLOAT8 -> Wire.FLOAT;
      case DECIMAL -> Wire.NUMERIC;
      case VARBINARY -> Wire.BYTES;
      case DATEDAY -> Wire.DATE;
      case TIMEMICRO -> Wire.TIME;
      case TIMESTAMPMICRO, TIMESTAMPMICROTZ -> Wire.TIMESTAMP;
      default -> Wire.TEXT;
    };
  }

  private static long integer(FieldVector vector, byte[] data, int at, int length) {
    return switch (length) {
      case Long.BYTES -> BigEndian.int8(data, at);
      case Integer.BYTES -> BigEndian.int4(data, at);
      case Short.BYTES -> BigEndian.int2(data, at);
      default -> throw unexpected(vector, length);
    };
  }

  private static int small(FieldVector vector, long value, long least) {
    if (value < least || value > ~least) {
      throw new ChengmaiException(
          ErrorCode.EXTERNAL,
          "column %s: the value %d does not fit into %s"
              .formatted(vector.getName(), value, vector.getField().getType()));
    }
    return (int) value;
  }

  private static double real(FieldVector vector, byte[] data, int at, int length) {
    return switch (length) {
      case Long.BYTES -> Double.longBitsToDouble(BigEndian.int8(data, at));
      case Integer.BYTES -> Float.intBitsToFloat(BigEndian.int4(data, at));
      default -> throw unexpected(vector, length);
    };
  }

  private static long micros(FieldVector vector, byte[] data, int at, int length) {
    expect(vector, Long.BYTES, length);
    long micros = BigEndian.int8(data, at);
    if (micros == Long.MAX_VALUE || micros == Long.MIN_VALUE) {
      throw infinite(vector);
    }
    return Math.addExact(micros, EPOCH_MICROS);
  }

  private static int day(FieldVector vector, byte[] data, int at, int length) {
    expect(vector, Integer.BYTES, length);
    int day = BigEndian.int4(data, at);
    if (day == Integer.MAX_VALUE || day == Integer.MIN_VALUE) {
      throw infinite(vector);
    }
    return Math.addExact(day, EPOCH_DAYS);
  }

  private static void expect(FieldVector vector, int length, int actual) {
    if (length != actual) {
      throw unexpected(vector, actual);
    }
  }

  private static ChengmaiException infinite(FieldVector vector) {
    return new ChengmaiException(
        ErrorCode.EXTERNAL,
        "column %s: an infinite time cannot be returned".formatted(vector.getName()));
  }

  private static ChengmaiException unexpected(FieldVector vector, int length) {
    return new ChengmaiException(
        ErrorCode.EXTERNAL,
        "column %s: a value of %d bytes is not of type %s; cast it"
            .formatted(vector.getName(), length, vector.getField().getType()));
  }
}
