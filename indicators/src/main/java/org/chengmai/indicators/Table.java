package org.chengmai.indicators;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The result of a query, held in memory.
 *
 * @param columns name and SQL type of each column
 * @param rows values in column order: null, Boolean, Long, Double, BigDecimal, String, Instant,
 *     LocalDate or LocalTime
 */
public record Table(List<Column> columns, List<List<@Nullable Object>> rows) {
  public Table {
    columns = List.copyOf(columns);
  }

  /** A column's name and its SQL type name, such as {@code TIMESTAMP}. */
  public record Column(String name, String type) {}

  /** The position of a column, case-insensitive; NOT_FOUND when absent. */
  public int index(String name) {
    for (int i = 0; i < columns.size(); i++) {
      if (columns.get(i).name().equalsIgnoreCase(name)) {
        return i;
      }
    }
    throw new ChengmaiException(
        ErrorCode.NOT_FOUND, "the result has no column '%s'".formatted(name));
  }
}
