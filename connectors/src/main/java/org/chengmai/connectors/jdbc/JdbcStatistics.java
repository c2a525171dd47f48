package org.chengmai.connectors.jdbc;

import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.chengmai.connectors.TableStatistics;
import org.jspecify.annotations.Nullable;

/** Reads what PostgreSQL's and MariaDB's own planners know of the tables of one schema. */
final class JdbcStatistics {
  private static final int SECONDS = 5;

  /**
   * Rows are scaled by the table's growth since it was analysed, as PostgreSQL's planner does.
   * Lists of values come as numbers; times in milliseconds.
   */
  private static final String POSTGRES =
      """
      SELECT c.relname, s.attname, s.n_distinct, s.null_frac, s.avg_width, s.most_common_freqs::float8[],
        CASE WHEN c.reltuples >= 0 AND c.relpages > 0
          THEN c.reltuples::float8 / c.relpages * (pg_relation_size(c.oid) / current_setting('block_size')::int)
          ELSE c.reltuples END,
        %s,
        %s
      FROM pg_class c
      JOIN pg_namespace n ON n.oid = c.relnamespace
      LEFT JOIN pg_stats s ON s.schemaname = n.nspname AND s.tablename = c.relname AND s.inherited = (c.relkind = 'p')
      LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = s.attname
      WHERE n.nspname = ? AND c.relkind IN ('r', 'p', 'm', 'f') AND c.reltuples >= 0
      """
          .formatted(numbers("s.most_common_vals"), numbers("s.histogram_bounds"));

  private static final String MARIADB =
      """
      SELECT t.table_name, s.column_name, t.table_rows, s.cardinality
      FROM information_schema.tables t
      LEFT JOIN information_schema.statistics s
        ON s.table_schema = t.table_schema AND s.table_name = t.table_name AND s.seq_in_index = 1
      WHERE t.table_schema = COALESCE(?, DATABASE()) AND t.table_rows IS NOT NULL
      """;

  private JdbcStatistics() {}

  private static String numbers(String values) {
    return """
        CASE WHEN a.atttypid IN ('int2'::regtype, 'int4'::regtype, 'int8'::regtype, 'numeric'::regtype, 'float4'::regtype, 'float8'::regtype)
          THEN %1$s::text::float8[]
          WHEN a.atttypid IN ('date'::regtype, 'timestamp'::regtype, 'timestamptz'::regtype)
          THEN (SELECT array_agg(extract(epoch FROM v)::float8 * 1000 ORDER BY i) FROM unnest(%1$s::text::timestamptz[]) WITH ORDINALITY AS u(v, i))
        END"""
        .formatted(values);
  }

  /** Rows and columns of each table, with their different values. */
  static Map<String, TableStatistics> postgres(Connection connection, String schema)
      throws SQLException {
    Map<String, Double> rows = new HashMap<>();
    Map<String, Map<String, TableStatistics.Column>> columns = new HashMap<>();
    try (PreparedStatement statement = connection.prepareStatement(POSTGRES)) {
      statement.setQueryTimeout(SECONDS);
      statement.setString(1, schema);
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          String table = row.getString(1);
          double all = row.getDouble(7);
          rows.put(table, all);
          Map<String, TableStatistics.Column> ofTable =
              columns.computeIfAbsent(table, name -> new HashMap<>());
          String column = row.getString(2);
          if (column != null) {
            double distinct = row.getDouble(3);
            double nulls = row.getDouble(4);
            ofTable.put(
                column,
                new TableStatistics.Column(
                    distinct < 0 ? -distinct * all : distinct,
                    nulls,
                    row.getDouble(5),
                    bounds(
                        numbers(row.getArray(8)),
                        numbers(row.getArray(6)),
                        numbers(row.getArray(9)),
                        nulls)));
          }
        }
      }
    }
    Map<String, TableStatistics> tables = new HashMap<>();
    rows.forEach(
        (table, all) ->
            tables.put(table, new TableStatistics(all, columns.getOrDefault(table, Map.of()))));
    return tables;
  }

  private static double[] bounds(
      List<Double> common, List<Double> frequencies, List<Double> histogram, double nulls) {
    EqualParts parts = new EqualParts();
    double seen = nulls;
    // lists of unknown numbers are empty, frequencies never are
    for (int i = 0; i < Math.min(common.size(), frequencies.size()); i++) {
      parts.add(common.get(i), frequencies.get(i));
      seen += frequencies.get(i);
    }
    parts.addHistogram(histogram, Math.max(0, 1 - seen));
    return parts.bounds();
  }

  private static List<Double> numbers(@Nullable Array array) throws SQLException {
    List<Double> numbers = new ArrayList<>();
    if (array != null) {
      for (Object value : (Object[]) array.getArray()) {
        if (value instanceof Number number && Double.isFinite(number.doubleValue())) {
          numbers.add(number.doubleValue());
        }
      }
    }
    return numbers;
  }

  /**
   * Rows of each table, and different values of the columns that lead an index.
   *
   * @param schema null for the connection's database
   */
  static Map<String, TableStatistics> mariaDb(Connection connection, @Nullable String schema)
      throws SQLException {
    Map<String, Double> rows = new HashMap<>();
    Map<String, Map<String, TableStatistics.Column>> columns = new HashMap<>();
    try (PreparedStatement statement = connection.prepareStatement(MARIADB)) {
      statement.setQueryTimeout(SECONDS);
      statement.setString(1, schema);
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          String table = row.getString(1);
          rows.put(table, row.getDouble(3));
          Map<String, TableStatistics.Column> ofTable =
              columns.computeIfAbsent(table, name -> new HashMap<>());
          String column = row.getString(2);
          double distinct = row.getDouble(4);
          if (column != null && distinct > 0) {
            ofTable.merge(
                column,
                new TableStatistics.Column(distinct, 0, 8, new double[0]),
                (one, other) -> one.distinct() >= other.distinct() ? one : other);
          }
        }
      }
    }
    Map<String, TableStatistics> tables = new HashMap<>();
    rows.forEach(
        (table, all) ->
            tables.put(table, new TableStatistics(all, columns.getOrDefault(table, Map.of()))));
    return tables;
  }
}
