package org.chengmai.connectors.druid;

import java.io.IOException;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.Statement;
import java.sql.Types;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Rows of Druid, or of its catalogue, behind {@link ResultSet}; read once, forward. */
final class DruidResultSet implements InvocationHandler {

  /** Where rows come from. */
  private interface Rows {
    @Nullable Object @Nullable [] next() throws SQLException;
  }

  private final Rows source;
  private final List<String> names;
  private final List<String> types;
  private final @Nullable Statement owner;
  private final @Nullable DruidRows open;
  private @Nullable Object @Nullable [] row;
  private boolean wasNull;

  private DruidResultSet(
      Rows source,
      List<String> names,
      List<String> types,
      @Nullable Statement owner,
      @Nullable DruidRows open) {
    this.source = source;
    this.names = names;
    this.types = types;
    this.owner = owner;
    this.open = open;
  }

  static ResultSet of(DruidRows rows, Statement owner) {
    return DruidConnection.proxy(
        ResultSet.class, new DruidResultSet(rows::next, rows.names(), rows.types(), owner, rows));
  }

  /** Rows held in memory, read by position. */
  static ResultSet of(List<@Nullable Object[]> rows) {
    Iterator<@Nullable Object[]> iterator = rows.iterator();
    return DruidConnection.proxy(
        ResultSet.class,
        new DruidResultSet(
            () -> iterator.hasNext() ? iterator.next() : null, List.of(), List.of(), null, null));
  }

  @Override
  public @Nullable Object invoke(Object self, Method method, Object @Nullable [] arguments)
      throws Throwable {
    switch (method.getName()) {
      case "next" -> {
        row = source.next();
        return row != null;
      }
      case "wasNull" -> {
        return wasNull;
      }
      case "getMetaData" -> {
        return metadata();
      }
      case "getStatement" -> {
        return owner;
      }
      case "close" -> {
        close();
        return null;
      }
      default -> {
        if (method.getName().startsWith("get")
            && arguments != null
            && arguments[0] instanceof Integer column) {
          Object value = Objects.requireNonNull(row, "no row")[column - 1];
          wasNull = value == null;
          return arguments.length == 2 && arguments[1] instanceof Class<?> type
              ? as(type, value)
              : as(method.getName(), value);
        }
        throw new SQLFeatureNotSupportedException("Druid: ResultSet." + method.getName());
      }
    }
  }

  private static @Nullable Object as(String getter, @Nullable Object value) throws SQLException {
    return switch (getter) {
      case "getLong" -> value == null ? 0L : number(value).longValue();
      case "getInt" -> value == null ? 0 : number(value).intValue();
      case "getShort" -> value == null ? (short) 0 : number(value).shortValue();
      case "getDouble" -> value == null ? 0.0 : number(value).doubleValue();
      case "getFloat" -> value == null ? 0.0f : number(value).floatValue();
      case "getBoolean" ->
          value != null && (value instanceof Boolean truth ? truth : number(value).intValue() != 0);
      case "getString" -> value == null ? null : value.toString();
      case "getBigDecimal" -> value == null ? null : new BigDecimal(value.toString());
      case "getObject" -> value;
      default -> throw new SQLFeatureNotSupportedException("Druid: ResultSet." + getter);
    };
  }

  /** Times are ISO texts in UTC. */
  private static @Nullable Object as(Class<?> type, @Nullable Object value) throws SQLException {
    if (value == null) {
      return null;
    }
    Instant time =
        value instanceof Number millis
            ? Instant.ofEpochMilli(millis.longValue())
            : Instant.parse(value.toString());
    LocalDateTime utc = LocalDateTime.ofInstant(time, ZoneOffset.UTC);
    if (type == LocalDateTime.class) {
      return utc;
    }
    if (type == LocalDate.class) {
      return utc.toLocalDate();
    }
    throw new SQLFeatureNotSupportedException("Druid: a value as " + type);
  }

  /** Not-a-number and the infinities arrive as texts. */
  private static Number number(Object value) {
    if (value instanceof Number number) {
      return number;
    }
    if (value instanceof Boolean truth) {
      return truth ? 1 : 0;
    }
    return Double.valueOf(value.toString());
  }

  private ResultSetMetaData metadata() {
    return DruidConnection.proxy(
        ResultSetMetaData.class,
        (self, method, arguments) -> {
          int column = arguments == null ? 0 : (Integer) arguments[0];
          return switch (method.getName()) {
            case "getColumnCount" -> names.size();
            case "getColumnName", "getColumnLabel" -> names.get(column - 1);
            case "getColumnType" -> DruidRows.jdbcType(types.get(column - 1));
            case "getColumnTypeName" -> types.get(column - 1);
            case "isNullable" -> ResultSetMetaData.columnNullableUnknown;
            case "getScale", "getPrecision" -> Types.NULL;
            default ->
                throw new SQLFeatureNotSupportedException(
                    "Druid: ResultSetMetaData." + method.getName());
          };
        });
  }

  private void close() throws SQLException {
    if (open != null) {
      try {
        open.close();
      } catch (IOException e) {
        throw new SQLException(e);
      }
    }
  }
}
