package org.chengmai.connectors;

import java.util.Map;

/**
 * What a source's catalogue tells of a table's size and columns; estimates, not facts. Immutable.
 *
 * @param rows how many rows the table has
 * @param columns by name; one that is absent is unknown
 */
public record TableStatistics(double rows, Map<String, Column> columns) {

  /**
   * A column.
   *
   * @param distinct how many different values it has
   * @param nullFraction how much of it is null, 0 to 1
   * @param width bytes of a value, on average
   * @param bounds ascending values that cut the column into parts of as many rows each, the
   *     smallest and the largest included; numbers as they are, times in milliseconds since the
   *     epoch; empty when unknown or no number
   */
  public record Column(double distinct, double nullFraction, double width, double[] bounds) {}

  public TableStatistics {
    columns = Map.copyOf(columns);
  }
}
