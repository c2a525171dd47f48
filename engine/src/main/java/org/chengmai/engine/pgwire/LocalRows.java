package org.chengmai.engine.pgwire;

import java.util.Iterator;
import java.util.List;
import org.chengmai.engine.sql.RowStream;
import org.chengmai.indicators.Table;
import org.jspecify.annotations.Nullable;

/** Rows of texts that the session knows itself. */
final class LocalRows implements RowStream {
  private final List<Table.Column> columns;
  private final Iterator<List<@Nullable Object>> rows;

  LocalRows(List<String> columns, List<List<@Nullable Object>> rows) {
    this.columns = columns.stream().map(name -> new Table.Column(name, "VARCHAR")).toList();
    this.rows = rows.iterator();
  }

  @Override
  public List<Table.Column> columns() {
    return columns;
  }

  @Override
  public boolean hasNext() {
    return rows.hasNext();
  }

  @Override
  public List<@Nullable Object> next() {
    return rows.next();
  }

  @Override
  public void cancel() {
    // nothing runs
  }

  @Override
  public void close() {
    // nothing is held
  }
}
