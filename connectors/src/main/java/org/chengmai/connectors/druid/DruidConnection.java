package org.chengmai.connectors.druid;

import java.io.IOException;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;
import org.jspecify.annotations.Nullable;

/**
 * As much of JDBC over Druid's HTTP SQL as Calcite's adapter calls: metadata, a statement,
 * forward-only rows.
 *
 * <p>Proxies, because of JDBC's hundreds of methods a dozen are called; the others answer "not
 * supported".
 */
final class DruidConnection {
  private DruidConnection() {}

  static Connection open(DruidClient client, DruidCatalog catalog) {
    return proxy(
        Connection.class,
        (self, method, arguments) ->
            switch (method.getName()) {
              case "createStatement" -> statement(client, catalog, (Connection) self);
              case "getMetaData" -> metadata(catalog);
              case "getSchema" -> "druid";
              case "isClosed" -> false;
              case "close", "getCatalog" -> null;
              default ->
                  throw new SQLFeatureNotSupportedException(
                      "Druid: Connection." + method.getName());
            });
  }

  /**
   * The context of a query: its name for cancelling, UTC, and answers as exact as other sources'.
   */
  static Map<String, Object> context(String id) {
    Map<String, Object> context = new HashMap<>();
    context.put("sqlQueryId", id);
    context.put("sqlTimeZone", "UTC");
    context.put("useApproximateCountDistinct", false);
    context.put("useApproximateTopN", false);
    return context;
  }

  private static DatabaseMetaData metadata(DruidCatalog catalog) {
    return proxy(
        DatabaseMetaData.class,
        (self, method, arguments) ->
            switch (method.getName()) {
              case "getDatabaseProductName" -> "Apache Druid";
              case "getJDBCMajorVersion" -> 4;
              case "getJDBCMinorVersion" -> 1;
              case "getTables" -> DruidResultSet.of(catalog.tables((String) arguments[2]));
              case "getColumns" -> DruidResultSet.of(catalog.columns((String) arguments[2]));
              default ->
                  throw new SQLFeatureNotSupportedException(
                      "Druid: DatabaseMetaData." + method.getName());
            });
  }

  private static Statement statement(DruidClient client, DruidCatalog catalog, Connection owner) {
    return proxy(Statement.class, new StatementHandler(client, catalog, owner));
  }

  static <T> T proxy(Class<T> type, InvocationHandler handler) {
    return type.cast(
        Proxy.newProxyInstance(
            DruidConnection.class.getClassLoader(), new Class<?>[] {type}, handler));
  }

  /** One statement: runs one query at a time, which another thread may cancel. */
  private static final class StatementHandler implements InvocationHandler {
    private final DruidClient client;
    private final DruidCatalog catalog;
    private final Connection owner;
    private final String id = UUID.randomUUID().toString();
    private @Nullable DruidRows rows;
    private int timeoutSeconds;

    StatementHandler(DruidClient client, DruidCatalog catalog, Connection owner) {
      this.client = client;
      this.catalog = catalog;
      this.owner = owner;
    }

    @Override
    public @Nullable Object invoke(Object self, Method method, Object @Nullable [] arguments)
        throws Throwable {
      switch (method.getName()) {
        case "execute" -> {
          rows = run((String) Objects.requireNonNull(arguments)[0]);
          return true;
        }
        case "executeQuery" -> {
          rows = run((String) Objects.requireNonNull(arguments)[0]);
          return results((Statement) self);
        }
        case "getResultSet" -> {
          return results((Statement) self);
        }
        case "getConnection" -> {
          return owner;
        }
        case "setQueryTimeout" -> {
          timeoutSeconds = (Integer) Objects.requireNonNull(arguments)[0];
          return null;
        }
        case "cancel" -> {
          client.cancel(id);
          return null;
        }
        case "close" -> {
          close();
          return null;
        }
        case "hashCode" -> {
          return System.identityHashCode(self);
        }
        case "equals" -> {
          return self == Objects.requireNonNull(arguments)[0];
        }
        default ->
            throw new SQLFeatureNotSupportedException("Druid: Statement." + method.getName());
      }
    }

    private ResultSet results(Statement self) {
      return DruidResultSet.of(Objects.requireNonNull(rows), self);
    }

    private DruidRows run(String sql) throws SQLException {
      Map<String, Object> context = context(id);
      if (timeoutSeconds > 0) {
        context.put("timeout", timeoutSeconds * 1000L);
      }
      try {
        return new DruidRows(client.sql(sql, context));
      } catch (ChengmaiException e) {
        // a table that is expected but not there yet, or not all of its columns
        String standIn = e.code() == ErrorCode.INVALID_INPUT ? catalog.withStandIns(sql) : null;
        if (standIn == null) {
          throw new SQLException(e.getMessage(), e);
        }
        try {
          return new DruidRows(client.sql(standIn, context));
        } catch (ChengmaiException again) {
          throw new SQLException(again.getMessage(), again);
        }
      }
    }

    private void close() throws SQLException {
      if (rows != null) {
        try {
          rows.close();
        } catch (IOException e) {
          throw new SQLException(e);
        }
      }
    }
  }
}
