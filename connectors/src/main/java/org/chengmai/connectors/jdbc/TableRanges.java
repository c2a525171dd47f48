package org.chengmai.connectors.jdbc;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** PostgreSQL's scan of one table as scans of ranges of its pages. */
final class TableRanges {
  private static final ObjectMapper JSON = new ObjectMapper();

  private TableRanges() {}

  /**
   * The SQL texts of the ranges, which together have the rows of the query; empty where the server
   * would do more than read one table from its beginning to its end.
   */
  static List<String> of(Connection connection, String sql, int count) throws SQLException {
    JsonNode plan = plan(connection, sql);
    if (!plan.path("Node Type").asText().equals("Seq Scan") || plan.has("Plans")) {
      return List.of();
    }
    String name = quoted(plan.path("Relation Name").asText());
    String table = quoted(plan.path("Schema").asText()) + "." + name;
    int at = sql.indexOf(table);
    if (at < 0 || sql.indexOf(table, at + 1) >= 0) {
      return List.of();
    }
    String rest = sql.substring(at + table.length());
    long pages = pages(connection, table);
    List<String> ranges = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      ranges.add(
          sql.substring(0, at)
              + "(SELECT * FROM %s WHERE %s)"
                  .formatted(
                      table, range(pages * i / count, i + 1 < count ? pages * (i + 1) / count : -1))
              + (rest.startsWith(" AS ") ? "" : " AS " + name)
              + rest);
    }
    return ranges;
  }

  private static String range(long from, long to) {
    String low = "ctid >= '(%d,0)'".formatted(from);
    return to < 0 ? low : low + " AND ctid < '(%d,0)'".formatted(to);
  }

  private static JsonNode plan(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("EXPLAIN (VERBOSE, FORMAT JSON) " + sql)) {
      row.next();
      return JSON.readTree(row.getString(1)).path(0).path("Plan");
    } catch (JsonProcessingException e) {
      throw new SQLException("the plan is no JSON", e);
    }
  }

  private static long pages(Connection connection, String table) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                "SELECT pg_relation_size('%s'::regclass) / current_setting('block_size')::int"
                    .formatted(table.replace("'", "''")))) {
      row.next();
      return row.getLong(1);
    }
  }

  private static String quoted(String name) {
    return '"' + name.replace("\"", "\"\"") + '"';
  }

  /** Begins a transaction whose snapshot others can share; answers the snapshot's name. */
  static String share(Connection connection) throws SQLException {
    connection.rollback();
    try (Statement statement = connection.createStatement()) {
      statement.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ");
      try (ResultSet row = statement.executeQuery("SELECT pg_export_snapshot()")) {
        row.next();
        return row.getString(1);
      }
    }
  }

  /** Begins a transaction that sees what another sees. */
  static void join(Connection connection, String snapshot) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ");
      statement.execute(String.format(Locale.ROOT, "SET TRANSACTION SNAPSHOT '%s'", snapshot));
    }
  }
}
