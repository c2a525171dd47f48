package org.chengmai.connectors.druid;

import java.sql.SQLException;
import java.sql.Types;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.chengmai.connectors.Breaker;
import org.jspecify.annotations.Nullable;

/** What tables Druid has, from its broker, and those it will have. */
final class DruidCatalog {
  private final DruidClient client;
  private final List<DruidTable> expected;
  private final Breaker breaker;

  DruidCatalog(DruidClient client, List<DruidTable> expected, Breaker breaker) {
    this.client = client;
    this.expected = expected;
    this.breaker = breaker;
  }

  private List<@Nullable Object[]> rows(String sql) throws SQLException {
    return breaker.attempt(() -> DruidRows.all(client, sql), DruidSource::isUnreached);
  }

  /** Rows in the order of JDBC's {@code getTables}: catalog, schema, name, type. */
  List<@Nullable Object[]> tables(@Nullable String name) throws SQLException {
    TreeSet<String> names = new TreeSet<>();
    expected.forEach(table -> names.add(table.name()));
    for (@Nullable Object[] row :
        rows("SELECT TABLE_NAME FROM INFORMATION_SCHEMA.TABLES WHERE TABLE_SCHEMA = 'druid'")) {
      names.add(String.valueOf(row[0]));
    }
    List<@Nullable Object[]> tables = new ArrayList<>();
    for (String table : names) {
      if (name == null || name.equals("%") || name.equals(table)) {
        tables.add(new @Nullable Object[] {null, "druid", table, "TABLE"});
      }
    }
    return tables;
  }

  /** Rows in the order of JDBC's {@code getColumns}, as far as Calcite reads them. */
  List<@Nullable Object[]> columns(String table) throws SQLException {
    List<@Nullable Object[]> columns = new ArrayList<>();
    Map<String, String> types = new LinkedHashMap<>();
    DruidTable known =
        expected.stream().filter(one -> one.name().equals(table)).findFirst().orElse(null);
    if (known != null) {
      types.put("__time", "TIMESTAMP");
      known.columns().forEach(column -> types.put(column.name(), column.type()));
    } else {
      types.putAll(seen(table));
    }
    types.forEach(
        (name, type) -> {
          int jdbc = DruidRows.jdbcType(type);
          if (jdbc != Types.OTHER) {
            int nullable = name.equals("__time") ? 0 : 1;
            columns.add(
                new @Nullable Object[] {
                  null,
                  "druid",
                  table,
                  name,
                  jdbc,
                  type,
                  jdbc == Types.VARCHAR ? 65_536 : 0,
                  null,
                  jdbc == Types.TIMESTAMP ? 3 : 0,
                  10,
                  nullable
                });
          }
        });
    return columns;
  }

  private Map<String, String> seen(String table) throws SQLException {
    Map<String, String> seen = new LinkedHashMap<>();
    String name = table.replace("'", "''");
    for (@Nullable Object[] row :
        rows(
            "SELECT COLUMN_NAME, DATA_TYPE FROM INFORMATION_SCHEMA.COLUMNS WHERE TABLE_SCHEMA = 'druid' AND TABLE_NAME = '%s'"
                .formatted(name))) {
      seen.put(String.valueOf(row[0]), String.valueOf(row[1]));
    }
    return seen;
  }

  /**
   * The SQL with each expected table that Druid does not know in full replaced by a stand-in; null
   * when there is nothing to replace.
   */
  @Nullable String withStandIns(String sql) throws SQLException {
    String result = sql;
    for (DruidTable table : expected) {
      Matcher mention =
          Pattern.compile("\"druid\"\\.\"" + Pattern.quote(table.name()) + "\"( AS \"[^\"]+\")?")
              .matcher(result);
      if (mention.find()) {
        Map<String, String> seen = seen(table.name());
        if (!table.isComplete(seen)) {
          String standIn = table.standIn(seen);
          result =
              mention.replaceAll(
                  found ->
                      Matcher.quoteReplacement(
                          standIn
                              + (found.group(1) == null
                                  ? " AS \"" + table.name() + "\""
                                  : found.group(1))));
        }
      }
    }
    return result.equals(sql) ? null : result;
  }
}
