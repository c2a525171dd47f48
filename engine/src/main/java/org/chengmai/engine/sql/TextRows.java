package org.chengmai.engine.sql;

import java.util.Iterator;
import java.util.List;
import org.chengmai.indicators.Table;
import org.jspecify.annotations.Nullable;

/** Lines of text as the rows of a result. */
final class TextRows implements RowStream {
  private final List<Table.Column> columns;
  private final Iterator<String> lines;

  TextRows(String column, List<String> lines) {
    this.columns = columns(column);
    this.lines = lines.iterator();
  }

  /** The columns of such a result. */
  static List<Table.Column> columns(String name) {
    return List.of(new Table.Column(name, "VARCHAR"));
  }

  @Override
  public List<Table.Column> columns() {
    return columns;
  }

  @Override
  public boolean hasNext() {
    return lines.hasNext();
  }

  @Override
  public List<@Nullable Object> next() {
    return List.of(lines.next());
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
