package org.chengmai.connectors.pushdown;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Types;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Rows in Calcite's internal form: a timestamp answers {@code getLong} with epoch milliseconds in
 * UTC, a date {@code getInt} with its epoch day.
 *
 * <p>JDBC's own {@code getTimestamp} goes through the JVM's zone, which would shift times by hours;
 * {@code java.time} does not.
 */
final class UtcResultSet implements InvocationHandler {
  private enum Kind {
    PLAIN,
    LOCAL,
    INSTANT,
    DATE,
    TIME
  }

  private final ResultSet rows;
  private final Statement owner;
  private final @Nullable OpenStatements query = OpenStatements.current();
  private final Kind[] kinds;
  private @Nullable Boolean wasNull;

  UtcResultSet(ResultSet rows, Statement owner) throws SQLException {
    this.rows = rows;
    this.owner = owner;
    ResultSetMetaData columns = rows.getMetaData();
    this.kinds = new Kind[columns.getColumnCount() + 1];
    for (int i = 1; i < kinds.length; i++) {
      kinds[i] = kind(columns.getColumnType(i), columns.getColumnTypeName(i));
    }
  }

  private static Kind kind(int type, String name) {
    return switch (type) {
      case Types.TIMESTAMP_WITH_TIMEZONE -> Kind.INSTANT;
      case Types.TIMESTAMP ->
          name.toLowerCase(Locale.ROOT).equals("timestamptz") ? Kind.INSTANT : Kind.LOCAL;
      case Types.DATE -> Kind.DATE;
      case Types.TIME -> Kind.TIME;
      default -> Kind.PLAIN;
    };
  }

  @Override
  public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] arguments)
      throws Throwable {
    String name = method.getName();
    if (arguments != null
        && arguments.length == 1
        && arguments[0] instanceof Integer column
        && name.startsWith("get")) {
      Kind kind = kinds[column];
      wasNull = null;
      if (kind != Kind.PLAIN) {
        Long value = number(column, kind);
        wasNull = value == null;
        return switch (name) {
          case "getLong" -> value == null ? 0L : value;
          case "getInt" -> value == null ? 0 : Math.toIntExact(value);
          default ->
              value == null ? null : name.equals("getString") ? rows.getString(column) : value;
        };
      }
      if (name.equals("getObject")) {
        return plain(rows.getObject(column));
      }
      return WatchedDataSource.invoke(rows, method, arguments);
    }
    return switch (name) {
      case "next" -> {
        if (query != null && query.isCancelled()) {
          throw new SQLException("the query was cancelled");
        }
        yield rows.next();
      }
      case "wasNull" -> wasNull != null ? wasNull : rows.wasNull();
      case "getStatement" -> owner;
      default -> WatchedDataSource.invoke(rows, method, arguments);
    };
  }

  private @Nullable Long number(int column, Kind kind) throws SQLException {
    switch (kind) {
      case INSTANT -> {
        OffsetDateTime time = rows.getObject(column, OffsetDateTime.class);
        return time == null ? null : time.toInstant().toEpochMilli();
      }
      case LOCAL -> {
        LocalDateTime time = rows.getObject(column, LocalDateTime.class);
        return time == null ? null : time.toInstant(ZoneOffset.UTC).toEpochMilli();
      }
      case DATE -> {
        LocalDate date = rows.getObject(column, LocalDate.class);
        return date == null ? null : date.toEpochDay();
      }
      default -> {
        LocalTime time = rows.getObject(column, LocalTime.class);
        return time == null ? null : time.toNanoOfDay() / 1_000_000;
      }
    }
  }

  private static @Nullable Object plain(@Nullable Object value) {
    if (value == null
        || value instanceof String
        || value instanceof BigDecimal
        || value instanceof Boolean) {
      return value;
    }
    if (value instanceof BigInteger integer) {
      return new BigDecimal(integer);
    }
    // Calcite asks for numbers by their own getters; where it asks for an object it takes the value
    // for a decimal
    if (value instanceof Double || value instanceof Float) {
      double number = ((Number) value).doubleValue();
      return Double.isFinite(number) ? BigDecimal.valueOf(number) : null;
    }
    return value instanceof Number number
        ? BigDecimal.valueOf(number.longValue())
        : value.toString();
  }
}
