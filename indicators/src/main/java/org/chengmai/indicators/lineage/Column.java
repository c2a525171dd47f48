package org.chengmai.indicators.lineage;

import java.util.Comparator;

/** A column of a library's table or view, spelled as there; found in any case, as in SQL. */
public record Column(String library, String table, String column) implements Comparable<Column> {
  private static final Comparator<Column> ORDER =
      Comparator.comparing(Column::library)
          .thenComparing(Column::table)
          .thenComparing(Column::column);

  /** The name of its table or view in SQL, {@code library.table}. */
  public String of() {
    return library + "." + table;
  }

  @Override
  public int compareTo(Column other) {
    return ORDER.compare(this, other);
  }

  @Override
  public String toString() {
    return of() + "." + column;
  }
}
