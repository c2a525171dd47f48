package org.chengmai.connectors.jdbc;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Types;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Locale;
import java.util.regex.Pattern;
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

/**
 * Writes one column of a result set to its vector.
 *
 * <p>Times are read by {@code java.time}: JDBC's own {@code getTimestamp} goes through the JVM's
 * zone, which would shift them by hours.
 */
abstract class CursorColumn {
  /** In small letters: its driver has no {@link OffsetDateTime}. */
  private static final Pattern TRINO_INSTANT =
      Pattern.compile("timestamp\\(\\d+\\) with time zone");

  final ResultSet rows;
  final int column;
  private final FieldVector vector;

  private CursorColumn(ResultSet rows, int column, FieldVector vector) {
    this.rows = rows;
    this.column = column;
    this.vector = vector;
  }

  /** Writes the current row's value; nothing for a null. */
  abstract int write(int row) throws SQLException;

  /** Answers how many bytes of varying length were written. */
  final int set(int row) throws SQLException {
    try {
      return write(row);
    } catch (ArithmeticException | DateTimeException e) {
      throw refused(String.valueOf(e.getMessage()), e);
    } catch (SQLException e) {
      throw new SQLException(
          "column %s: %s".formatted(vector.getName(), e.getMessage()), e.getSQLState(), e);
    }
  }

  private ChengmaiException refused(String reason, Exception cause) throws SQLException {
    return new ChengmaiException(
        ErrorCode.EXTERNAL,
        "column %s: the value %s does not fit into %s: %s"
            .formatted(
                vector.getName(), rows.getString(column), vector.getField().getType(), reason),
        cause);
  }

  /** What a writer does with a row's value. */
  private interface Writer {
    int write(int row) throws SQLException;
  }

  static CursorColumn of(
      ResultSet rows, ResultSetMetaData described, int column, FieldVector vector)
      throws SQLException {
    Writer writer = writer(rows, described, column, vector);
    return new CursorColumn(rows, column, vector) {
      @Override
      int write(int row) throws SQLException {
        return writer.write(row);
      }
    };
  }

  private static Writer writer(
      ResultSet rows, ResultSetMetaData described, int column, FieldVector vector)
      throws SQLException {
    int type = described.getColumnType(column);
    boolean isDecimal = type == Types.DECIMAL || type == Types.NUMERIC;
    if (vector instanceof BigIntVector target) {
      return isDecimal
          ? row -> {
            BigDecimal value = rows.getBigDecimal(column);
            if (value != null) {
              target.set(row, value.longValueExact());
            }
            return 0;
          }
          : row -> {
            long value = rows.getLong(column);
            if (value != 0 || !rows.wasNull()) {
              target.set(row, value);
            }
            return 0;
          };
    }
    if (vector instanceof IntVector
        || vector instanceof SmallIntVector
        || vector instanceof TinyIntVector) {
      return integer(rows, column, vector);
    }
    if (vector instanceof Float8Vector target) {
      return row -> {
        double value = rows.getDouble(column);
        if (value != 0 || !rows.wasNull()) {
          target.set(row, value);
        }
        return 0;
      };
    }
    if (vector instanceof Float4Vector target) {
      return row -> {
        float value = rows.getFloat(column);
        if (value != 0 || !rows.wasNull()) {
          target.set(row, value);
        }
        return 0;
      };
    }
    if (vector instanceof DecimalVector target) {
      return row -> {
        BigDecimal value = rows.getBigDecimal(column);
        if (value != null) {
          Decimals.set(target, row, value);
        }
        return 0;
      };
    }
    if (vector instanceof BitVector target) {
      return row -> {
        boolean value = rows.getBoolean(column);
        if (value || !rows.wasNull()) {
          target.set(row, value ? 1 : 0);
        }
        return 0;
      };
    }
    if (vector instanceof VarBinaryVector target) {
      return row -> put(target, row, rows.getBytes(column));
    }
    if (vector instanceof BaseVariableWidthVector target) {
      return row -> {
        String value = rows.getString(column);
        return put(target, row, value == null ? null : value.getBytes(StandardCharsets.UTF_8));
      };
    }
    return time(rows, type, described.getColumnTypeName(column), column, vector);
  }

  private static int put(BaseVariableWidthVector target, int row, byte @Nullable [] value) {
    if (value == null) {
      return 0;
    }
    target.setSafe(row, value);
    return value.length;
  }

  private static Writer integer(ResultSet rows, int column, FieldVector vector) {
    return row -> {
      long value = rows.getLong(column);
      if (value == 0 && rows.wasNull()) {
        return 0;
      }
      if (vector instanceof IntVector target) {
        target.set(row, Math.toIntExact(value));
      } else if (value != (vector instanceof SmallIntVector ? (short) value : (byte) value)) {
        throw new ArithmeticException("out of range");
      } else if (vector instanceof SmallIntVector target) {
        target.set(row, (int) value);
      } else if (vector instanceof TinyIntVector target) {
        target.set(row, (int) value);
      }
      return 0;
    };
  }

  private static Writer time(
      ResultSet rows, int type, String typeName, int column, FieldVector vector) {
    if (vector instanceof TimeStampVector target) {
      boolean hasZone =
          type == Types.TIMESTAMP_WITH_TIMEZONE
              || typeName.toLowerCase(Locale.ROOT).equals("timestamptz");
      if (hasZone && TRINO_INSTANT.matcher(typeName).matches()) {
        return row -> {
          Instant value = rows.getObject(column, Instant.class);
          if (value != null) {
            target.set(row, micros(value.getEpochSecond(), value.getNano()));
          }
          return 0;
        };
      }
      return hasZone
          ? row -> {
            OffsetDateTime value = rows.getObject(column, OffsetDateTime.class);
            if (value != null) {
              target.set(row, micros(value.toEpochSecond(), value.getNano()));
            }
            return 0;
          }
          : row -> {
            LocalDateTime value = rows.getObject(column, LocalDateTime.class);
            if (value != null) {
              target.set(row, micros(value.toEpochSecond(ZoneOffset.UTC), value.getNano()));
            }
            return 0;
          };
    }
    if (vector instanceof DateDayVector target) {
      return row -> {
        LocalDate value = rows.getObject(column, LocalDate.class);
        if (value != null) {
          target.set(row, Math.toIntExact(value.toEpochDay()));
        }
        return 0;
      };
    }
    if (vector instanceof TimeMicroVector target) {
      return row -> {
        LocalTime value = rows.getObject(column, LocalTime.class);
        if (value != null) {
          target.set(row, value.toNanoOfDay() / 1000);
        }
        return 0;
      };
    }
    throw new IllegalStateException("no values of type " + vector.getField().getType());
  }

  private static long micros(long seconds, int nanos) {
    return Math.addExact(Math.multiplyExact(seconds, 1_000_000L), nanos / 1000);
  }
}
