package org.chengmai.engine.pgwire;

import java.util.List;
import org.chengmai.indicators.Table;

/** A column of a result as it is told to clients. */
record WireColumn(String name, WireType type) {
  static List<WireColumn> of(List<Table.Column> columns) {
    return columns.stream()
        .map(column -> new WireColumn(column.name(), WireType.of(column.type())))
        .toList();
  }
}
