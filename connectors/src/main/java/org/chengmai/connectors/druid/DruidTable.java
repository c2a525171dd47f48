package org.chengmai.connectors.druid;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A data source whose columns are known before it has its first row.
 *
 * @param columns name and Druid SQL type, without the time column
 */
public record DruidTable(String name, List<Column> columns) {
  /** A column's name and its Druid SQL type: VARCHAR, BIGINT or DOUBLE. */
  public record Column(String name, String type) {}

  public DruidTable {
    columns = List.copyOf(columns);
  }

  /** The data sources of docs/architecture.md. */
  public static final List<DruidTable> CHENGMAI =
      List.of(
          of("observations", "series measure region id VARCHAR value DOUBLE received BIGINT"),
          of(
              "vital_signs",
              "code region dimensions grain trust parts readings input_hash VARCHAR value numerator denominator DOUBLE"
                  + " version n revision computed_at BIGINT"));

  /** Names, each group followed by its type. */
  public static DruidTable of(String name, String columns) {
    List<Column> list = new ArrayList<>();
    List<String> group = new ArrayList<>();
    for (String word : columns.split(" ")) {
      if (Set.of("VARCHAR", "DOUBLE", "BIGINT").contains(word)) {
        group.forEach(column -> list.add(new Column(column, word)));
        group.clear();
      } else {
        group.add(word);
      }
    }
    return new DruidTable(name, list);
  }

  /**
   * The table as a query in which the columns that Druid has not seen yet are null; no rows when it
   * has seen none.
   */
  String standIn(Map<String, String> seen) {
    if (seen.isEmpty()) {
      return columns.stream()
          .map(column -> "CAST(NULL AS %s) AS \"%s\"".formatted(column.type(), column.name()))
          .collect(
              Collectors.joining(
                  ", ",
                  "(SELECT TIMESTAMP '1970-01-01 00:00:00' AS \"__time\", ",
                  " FROM (VALUES (1)) AS \"none\"(\"x\") WHERE \"x\" = 0)"));
    }
    return columns.stream()
        .map(
            column ->
                seen.containsKey(column.name())
                    ? "\"" + column.name() + "\""
                    : "CAST(NULL AS %s) AS \"%s\"".formatted(column.type(), column.name()))
        .collect(
            Collectors.joining(", ", "(SELECT \"__time\", ", " FROM \"druid\".\"" + name + "\")"));
  }

  boolean isComplete(Map<String, String> seen) {
    return columns.stream().allMatch(column -> seen.containsKey(column.name()));
  }
}
