package org.chengmai.connectors.duckdb;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.chengmai.connectors.TableStatistics;

/** Looks through tables that DuckDB reads: rows, different values, smallest and largest. */
final class DuckDbStatistics {
  /** A table with more values than this is only counted. */
  private static final long MOST_VALUES = 50_000_000;

  private DuckDbStatistics() {}

  /** One scan of each small table; a Parquet file's rows are counted from its footer. */
  static Map<String, TableStatistics> read(Connection duckDb) throws SQLException {
    Map<String, TableStatistics> tables = new HashMap<>();
    Map<String, Map<String, String>> columns = new LinkedHashMap<>();
    try (Statement statement = duckDb.createStatement()) {
      try (ResultSet row =
          statement.executeQuery(
              "SELECT table_name, column_name, data_type FROM duckdb_columns() WHERE schema_name = 'main' AND NOT internal ORDER BY table_name, column_index")) {
        while (row.next()) {
          columns
              .computeIfAbsent(row.getString(1), table -> new LinkedHashMap<>())
              .put(row.getString(2), row.getString(3));
        }
      }
      for (Map.Entry<String, Map<String, String>> table : columns.entrySet()) {
        tables.put(table.getKey(), read(statement, table.getKey(), table.getValue()));
      }
    }
    return tables;
  }

  private static TableStatistics read(
      Statement statement, String table, Map<String, String> columns) throws SQLException {
    double rows;
    try (ResultSet count =
        statement.executeQuery("SELECT count(*) FROM " + DuckDbSource.quoted(table))) {
      count.next();
      rows = count.getDouble(1);
    }
    Map<String, TableStatistics.Column> known = new HashMap<>();
    if (rows > 0 && rows * columns.size() <= MOST_VALUES) {
      List<String> list = new ArrayList<>();
      columns.forEach((name, type) -> list.add(figures(DuckDbSource.quoted(name), type)));
      try (ResultSet row =
          statement.executeQuery(
              "SELECT %s FROM %s".formatted(String.join(", ", list), DuckDbSource.quoted(table)))) {
        row.next();
        int place = 1;
        for (Map.Entry<String, String> column : columns.entrySet()) {
          double distinct = row.getDouble(place++);
          double filled = row.getDouble(place++);
          double low = row.getDouble(place++);
          boolean isKnown = !row.wasNull();
          double high = row.getDouble(place++);
          known.put(
              column.getKey(),
              new TableStatistics.Column(
                  Math.min(distinct, filled),
                  1 - filled / rows,
                  column.getValue().equals("VARCHAR") ? 16 : 8,
                  isKnown ? new double[] {low, high} : new double[0]));
        }
      }
    }
    return new TableStatistics(rows, known);
  }

  private static String figures(String column, String type) {
    String bounds =
        switch (type.replaceAll("\\(.*", "")) {
          case "TINYINT", "SMALLINT", "INTEGER", "BIGINT", "FLOAT", "DOUBLE", "DECIMAL" ->
              "min(%1$s)::DOUBLE, max(%1$s)::DOUBLE";
          case "DATE", "TIMESTAMP" ->
              "epoch_ms(min(%1$s)::TIMESTAMP)::DOUBLE, epoch_ms(max(%1$s)::TIMESTAMP)::DOUBLE";
          default -> "NULL::DOUBLE, NULL::DOUBLE";
        };
    return "approx_count_distinct(%1$s)::DOUBLE, count(%1$s)::DOUBLE, ".formatted(column)
        + bounds.formatted(column);
  }
}
