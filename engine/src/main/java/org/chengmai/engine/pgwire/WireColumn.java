package org.chengmai.engine.pgwire;

import java.util.List;
import org.chengmai.engine.sql.PostgresType;
import org.chengmai.indicators.Table;

/** A column of a result as it is told to clients. */
record WireColumn(String name, PostgresType type) {
  static List<WireColumn> of(List<Table.Column> columns) {
    return columns.stream()
        .map(column -> new WireColumn(column.name(), PostgresType.of(column.type())))
        .toList();
  }
}
