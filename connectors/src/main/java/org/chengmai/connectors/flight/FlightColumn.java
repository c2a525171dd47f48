package org.chengmai.connectors.flight;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.concurrent.TimeUnit;
import org.apache.arrow.vector.BaseIntVector;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.DateDayVector;
import org.apache.arrow.vector.DateMilliVector;
import org.apache.arrow.vector.DecimalVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.Float4Vector;
import org.apache.arrow.vector.Float8Vector;
import org.apache.arrow.vector.FloatingPointVector;
import org.apache.arrow.vector.TimeMicroVector;
import org.apache.arrow.vector.TimeMilliVector;
import org.apache.arrow.vector.TimeNanoVector;
import org.apache.arrow.vector.TimeSecVector;
import org.apache.arrow.vector.TimeStampVector;
import org.apache.arrow.vector.UInt8Vector;
import org.apache.arrow.vector.VarBinaryVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VariableWidthFieldVector;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.chengmai.connectors.arrow.Decimals;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;

/** Copies one column's values to its vector, exactly or not at all. */
final class FlightColumn {
  /** Copies the value of one row, which is no null. */
  private interface Copier {
    void copy(int from, int to);
  }

  private final FieldVector from;
  private final Copier copier;

  private FlightColumn(FieldVector from, Copier copier) {
    this.from = from;
    this.copier = copier;
  }

  static FlightColumn of(FieldVector from, FieldVector to) throws SQLException {
    return new FlightColumn(from, copier(from, to));
  }

  void copy(int first, int count) {
    for (int row = 0; row < count; row++) {
      if (!from.isNull(first + row)) {
        copier.copy(first + row, row);
      }
    }
  }

  private static Copier copier(FieldVector from, FieldVector to) throws SQLException {
    if (from.getField().getType().equals(to.getField().getType())) {
      return (row, target) -> to.copyFromSafe(row, target, from);
    }
    if (to instanceof BaseIntVector target && from instanceof BaseIntVector source) {
      return (row, place) -> setInteger(target, place, integer(source, row));
    }
    if (to instanceof BaseIntVector target && from instanceof DecimalVector source) {
      return (row, place) -> {
        try {
          setInteger(target, place, source.getObject(row).longValueExact());
        } catch (ArithmeticException e) {
          throw refused(to, source.getObject(row).toPlainString());
        }
      };
    }
    if (to instanceof Float8Vector target && from instanceof FloatingPointVector source) {
      return (row, place) -> target.setSafe(place, source.getValueAsDouble(row));
    }
    if (to instanceof Float8Vector target && from instanceof DecimalVector source) {
      return (row, place) -> target.setSafe(place, source.getObject(row).doubleValue());
    }
    if (to instanceof Float4Vector target && from instanceof Float8Vector source) {
      return (row, place) -> target.setSafe(place, (float) source.get(row));
    }
    if (to instanceof DecimalVector target) {
      if (from instanceof DecimalVector source) {
        return (row, place) -> Decimals.set(target, place, source.getObject(row));
      }
      if (from instanceof UInt8Vector source) {
        return (row, place) ->
            Decimals.set(target, place, new BigDecimal(Long.toUnsignedString(source.get(row))));
      }
      if (from instanceof BaseIntVector source) {
        return (row, place) ->
            Decimals.set(target, place, BigDecimal.valueOf(integer(source, row)));
      }
    }
    if (to instanceof VarCharVector target && from instanceof VariableWidthFieldVector source) {
      return (row, place) ->
          target.setSafe(place, source.getObject(row).toString().getBytes(StandardCharsets.UTF_8));
    }
    if (to instanceof VarBinaryVector target) {
      return (row, place) -> target.setSafe(place, (byte[]) from.getObject(row));
    }
    if (to instanceof TimeStampVector target && from instanceof TimeStampVector source) {
      TimeUnit unit = unit(((ArrowType.Timestamp) from.getField().getType()).getUnit());
      return (row, place) -> target.setSafe(place, micros(source.get(row), unit));
    }
    if (to instanceof DateDayVector target && from instanceof DateMilliVector source) {
      return (row, place) ->
          target.setSafe(place, Math.toIntExact(Math.floorDiv(source.get(row), 86_400_000L)));
    }
    if (to instanceof TimeMicroVector target) {
      if (from instanceof TimeSecVector source) {
        return (row, place) -> target.setSafe(place, source.get(row) * 1_000_000L);
      }
      if (from instanceof TimeMilliVector source) {
        return (row, place) -> target.setSafe(place, source.get(row) * 1_000L);
      }
      if (from instanceof TimeNanoVector source) {
        return (row, place) -> target.setSafe(place, source.get(row) / 1_000);
      }
    }
    if (to instanceof BitVector target && from instanceof BaseIntVector source) {
      return (row, place) -> target.setSafe(place, integer(source, row) == 0 ? 0 : 1);
    }
    throw new SQLException(
        "column %s: %s came where %s is expected"
            .formatted(to.getName(), from.getField().getType(), to.getField().getType()));
  }

  private static long integer(BaseIntVector source, int row) {
    long value = source.getValueAsLong(row);
    if (value < 0 && source instanceof UInt8Vector) {
      throw refused(source, Long.toUnsignedString(value));
    }
    return value;
  }

  private static ChengmaiException refused(FieldVector vector, String value) {
    return new ChengmaiException(
        ErrorCode.EXTERNAL,
        "column %s: the value %s does not fit into %s"
            .formatted(vector.getName(), value, vector.getField().getType()));
  }

  private static void setInteger(BaseIntVector target, int row, long value) {
    int bits = ((ArrowType.Int) target.getField().getType()).getBitWidth();
    if (bits < Long.SIZE && value != value << (Long.SIZE - bits) >> (Long.SIZE - bits)) {
      throw refused(target, String.valueOf(value));
    }
    target.setWithPossibleTruncate(row, value);
  }

  private static TimeUnit unit(org.apache.arrow.vector.types.TimeUnit unit) {
    return switch (unit) {
      case SECOND -> TimeUnit.SECONDS;
      case MILLISECOND -> TimeUnit.MILLISECONDS;
      case MICROSECOND -> TimeUnit.MICROSECONDS;
      case NANOSECOND -> TimeUnit.NANOSECONDS;
    };
  }

  /** Rounded down, also before 1970; a time too far away is an error. */
  private static long micros(long value, TimeUnit unit) {
    return unit == TimeUnit.NANOSECONDS
        ? Math.floorDiv(value, 1_000L)
        : Math.multiplyExact(value, unit.toMicros(1));
  }
}
