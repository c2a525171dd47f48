package org.chengmai.engine.sql;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;
import org.jspecify.annotations.Nullable;

/**
 * A query with the values of its parameters.
 *
 * @param types of the values, by their names in SQL
 * @param values as {@link ParameterValue} has them
 */
record BoundQuery(String sql, List<String> types, List<@Nullable Object> values) {

  /** A query without parameters. */
  static BoundQuery of(String sql) {
    return new BoundQuery(sql, List.of(), Collections.emptyList());
  }

  /**
   * @throws ChengmaiException INVALID_INPUT when the values are too many, too few, or not of the
   *     types
   */
  static BoundQuery of(PreparedQuery query, List<? extends @Nullable Object> values) {
    List<String> types = query.parameters();
    if (values.size() != types.size()) {
      throw new ChengmaiException(
          ErrorCode.INVALID_INPUT,
          "the query has %d parameters, and %d values came".formatted(types.size(), values.size()));
    }
    @Nullable Object[] typed = new Object[types.size()];
    for (int i = 0; i < typed.length; i++) {
      typed[i] = ParameterValue.of(values.get(i), types.get(i), i + 1);
    }
    return new BoundQuery(query.sql(), types, Collections.unmodifiableList(Arrays.asList(typed)));
  }

  /** The same values for a part of the query. */
  BoundQuery part(String other) {
    return new BoundQuery(other, types, values);
  }
}
