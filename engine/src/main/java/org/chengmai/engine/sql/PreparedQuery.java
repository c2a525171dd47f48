package org.chengmai.engine.sql;

import java.util.List;
import org.apache.arrow.vector.types.pojo.Schema;
import org.chengmai.indicators.Table;

/**
 * A query with the types of its parameters and of its result, which runs for many values.
 * Immutable.
 *
 * <p>Parameters are {@code ?} in their order, or {@code $1}, {@code $2}, … by their numbers.
 *
 * @param sql as it was written
 * @param parameters the SQL type of each: BOOLEAN, INTEGER, BIGINT, DECIMAL, DOUBLE, VARCHAR,
 *     VARBINARY, DATE, TIME or TIMESTAMP
 * @param columns of the result
 * @param shape the same with their exact types
 */
public record PreparedQuery(
    String sql, List<String> parameters, List<Table.Column> columns, Schema shape) {
  public PreparedQuery {
    parameters = List.copyOf(parameters);
    columns = List.copyOf(columns);
  }
}
