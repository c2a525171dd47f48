package org.chengmai.connectors.pushdown;

import java.io.PrintWriter;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.Statement;
import java.sql.Types;
import java.util.logging.Logger;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * A data source whose statements can be cancelled with their query and whose results carry times as
 * UTC numbers.
 *
 * <p>Proxies, because JDBC's interfaces have hundreds of methods of which Calcite's generated code
 * calls a dozen.
 */
public final class WatchedDataSource implements DataSource {
  private static final int DATA_TYPE = 5;
  private static final int COLUMN_SIZE = 7;
  private static final int DECIMAL_DIGITS = 9;
  private static final int TEXT = 65_536;
  private static final int DIGITS = 38;
  private static final int SCALE = 18;

  private final DataSource target;

  public WatchedDataSource(DataSource target) {
    this.target = target;
  }

  @Override
  public Connection getConnection() throws SQLException {
    return watch(target.getConnection());
  }

  @Override
  public Connection getConnection(String user, String password) throws SQLException {
    return getConnection();
  }

  private static Connection watch(Connection connection) {
    return proxy(
        Connection.class,
        (self, method, arguments) -> {
          Object result = invoke(connection, method, arguments);
          if (result instanceof DatabaseMetaData metadata) {
            return proxy(
                DatabaseMetaData.class,
                (metadataSelf, call, values) ->
                    watch(invoke(metadata, call, values), call.getName()));
          }
          return result instanceof Statement statement
              ? watch(
                  statement,
                  (Connection) self,
                  arguments != null && arguments[0] instanceof String sql ? sql : "")
              : result;
        });
  }

  /**
   * Columns without their drivers' quirks: texts without a size, decimals without one, and times
   * that all carry milliseconds and no zone.
   */
  private static @Nullable Object watch(@Nullable Object result, String call) {
    if (!(result instanceof ResultSet columns) || !call.equals("getColumns")) {
      return result;
    }
    return proxy(
        ResultSet.class,
        (self, method, arguments) -> {
          Object value = invoke(columns, method, arguments);
          if (!method.getName().equals("getInt") || arguments == null) {
            return value;
          }
          int type = columns.getInt(DATA_TYPE);
          boolean isTime = type == Types.TIMESTAMP || type == Types.TIMESTAMP_WITH_TIMEZONE;
          if (arguments[0].equals(DATA_TYPE)) {
            return isTime ? Types.TIMESTAMP : type;
          }
          if (arguments[0].equals(DECIMAL_DIGITS) && isTime) {
            return 3;
          }
          boolean isDecimal = type == Types.NUMERIC || type == Types.DECIMAL;
          if (isDecimal && columns.getInt(COLUMN_SIZE) <= 0) {
            // any number may be in it: a scale of 0, as drivers say, would be wrong
            return arguments[0].equals(COLUMN_SIZE)
                ? DIGITS
                : arguments[0].equals(DECIMAL_DIGITS) ? SCALE : value;
          }
          return arguments[0].equals(COLUMN_SIZE) && type == Types.VARCHAR && (Integer) value <= 0
              ? TEXT
              : value;
        });
  }

  private static Statement watch(Statement statement, Connection owner, String preparedSql) {
    @Nullable OpenStatements query = OpenStatements.current();
    return proxy(
        statement instanceof PreparedStatement ? PreparedStatement.class : Statement.class,
        (self, method, arguments) -> {
          switch (method.getName()) {
            case "execute", "executeQuery" -> {
              if (query != null) {
                query.begin(statement, arguments == null ? preparedSql : (String) arguments[0]);
              }
              Object result = invoke(statement, method, arguments);
              return result instanceof ResultSet rows ? watch(rows, (Statement) self) : result;
            }
            case "getResultSet" -> {
              return watch((ResultSet) invoke(statement, method, arguments), (Statement) self);
            }
            case "getConnection" -> {
              return owner;
            }
            case "close" -> {
              if (query != null) {
                query.end(statement);
              }
              return invoke(statement, method, arguments);
            }
            default -> {
              return invoke(statement, method, arguments);
            }
          }
        });
  }

  private static ResultSet watch(ResultSet rows, Statement owner) throws SQLException {
    return proxy(ResultSet.class, new UtcResultSet(rows, owner));
  }

  private static <T> T proxy(Class<? extends T> type, InvocationHandler handler) {
    return type.cast(
        Proxy.newProxyInstance(
            WatchedDataSource.class.getClassLoader(), new Class<?>[] {type}, handler));
  }

  static Object invoke(Object target, Method method, Object @Nullable [] arguments)
      throws Throwable {
    try {
      return method.invoke(target, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }

  @Override
  public <T> T unwrap(Class<T> type) throws SQLException {
    if (type.isInstance(target)) {
      return type.cast(target);
    }
    throw new SQLException("not a " + type);
  }

  @Override
  public boolean isWrapperFor(Class<?> type) {
    return type.isInstance(target);
  }

  @Override
  public @Nullable PrintWriter getLogWriter() {
    return null;
  }

  @Override
  public void setLogWriter(PrintWriter writer) {
    // logging goes through SLF4J
  }

  @Override
  public void setLoginTimeout(int seconds) throws SQLException {
    throw new SQLFeatureNotSupportedException("set it in the source's configuration");
  }

  @Override
  public int getLoginTimeout() {
    return 0;
  }

  @Override
  public Logger getParentLogger() throws SQLFeatureNotSupportedException {
    throw new SQLFeatureNotSupportedException("logging goes through SLF4J");
  }
}
