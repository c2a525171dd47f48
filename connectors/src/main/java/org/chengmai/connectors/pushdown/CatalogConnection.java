package org.chengmai.connectors.pushdown;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * As much of JDBC as Calcite's adapter needs to learn tables and columns, for systems that have no
 * driver; statements are refused.
 */
public final class CatalogConnection {
  private CatalogConnection() {}

  /** Where tables and columns come from. */
  public interface Catalog {
    /** Rows in the order of JDBC's {@code getTables}: catalog, schema, name, type. */
    List<@Nullable Object[]> tables() throws SQLException;

    /** Rows in the order of JDBC's {@code getColumns}, as far as Calcite reads them. */
    List<@Nullable Object[]> columns(String table) throws SQLException;
  }

  /**
   * @param product what the system is called
   */
  public static Connection of(String product, Catalog catalog) {
    return proxy(
        Connection.class,
        (self, method, arguments) ->
            switch (method.getName()) {
              case "getMetaData" -> metadata(product, catalog);
              case "isClosed" -> false;
              case "close", "getCatalog", "getSchema" -> null;
              default ->
                  throw new SQLFeatureNotSupportedException(
                      product + " is not asked row by row; Connection." + method.getName());
            });
  }

  private static DatabaseMetaData metadata(String product, Catalog catalog) {
    return proxy(
        DatabaseMetaData.class,
        (self, method, arguments) ->
            switch (method.getName()) {
              case "getDatabaseProductName" -> product;
              case "getJDBCMajorVersion" -> 4;
              case "getJDBCMinorVersion" -> 1;
              case "getTables" -> rows(matching((String) arguments[2], catalog.tables()));
              case "getColumns" -> rows(catalog.columns((String) arguments[2]));
              default ->
                  throw new SQLFeatureNotSupportedException(
                      "%s: DatabaseMetaData.%s".formatted(product, method.getName()));
            });
  }

  private static List<@Nullable Object[]> matching(
      @Nullable String name, List<@Nullable Object[]> tables) {
    return tables.stream()
        .filter(row -> name == null || name.equals("%") || name.equals(row[2]))
        .toList();
  }

  /** Read once, forward. */
  private static ResultSet rows(List<@Nullable Object[]> rows) {
    Iterator<@Nullable Object[]> left = rows.iterator();
    @Nullable Object[][] current = new @Nullable Object[1][];
    return proxy(
        ResultSet.class,
        (self, method, arguments) -> {
          switch (method.getName()) {
            case "next" -> {
              current[0] = left.hasNext() ? left.next() : new @Nullable Object[0];
              return current[0].length > 0;
            }
            case "close" -> {
              return null;
            }
            case "getString" -> {
              Object value = current[0][(Integer) arguments[0] - 1];
              return value == null ? null : value.toString();
            }
            case "getInt" -> {
              Object value = current[0][(Integer) arguments[0] - 1];
              return value == null ? 0 : ((Number) Objects.requireNonNull(value)).intValue();
            }
            default -> throw new SQLFeatureNotSupportedException("ResultSet." + method.getName());
          }
        });
  }

  private static <T> T proxy(Class<T> type, InvocationHandler handler) {
    return type.cast(
        Proxy.newProxyInstance(
            CatalogConnection.class.getClassLoader(), new Class<?>[] {type}, handler));
  }
}
