package org.chengmai.engine.sql;

import java.util.Iterator;
import java.util.List;
import org.chengmai.indicators.Table;
import org.jspecify.annotations.Nullable;

/** The rows of a table that is in memory, one by one. */
public final class TableRows implements RowStream {
  private final List<Table.Column> columns;
  private final Iterator<List<@Nullable Object>> rows;

  public TableRows(Table table) {
    this.columns = table.columns();
    this.rows = table.rows().iterator();
  }

  /** Rows of texts. */
  public static TableRows ofTexts(List<String> columns, List<List<@Nullable Object>> rows) {
    return new TableRows(
        new Table(columns.stream().map(name -> new Table.Column(name, "VARCHAR")).toList(), rows));
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
