package org.chengmai.engine.sql;

import java.time.Duration;

/**
 * A table whose rows are kept in the engine's data folder, so that queries need not go to its
 * source.
 *
 * @param table library and table with a dot between, spelled as in the catalogue
 * @param every how long after a refresh began the next one begins
 * @param usableFor how old a snapshot may be that a query reads; with an older one the source is
 *     asked
 */
public record SnapshotConfig(String table, Duration every, Duration usableFor) {
  public SnapshotConfig {
    if (table.indexOf('.') < 1 || table.endsWith(".")) {
      throw new IllegalArgumentException(
          "snapshot '%s' is not a library and a table with a dot between".formatted(table));
    }
    if (every.isZero() || every.isNegative() || usableFor.compareTo(every) <= 0) {
      throw new IllegalArgumentException(
          "snapshot %s: usable_for %s must be longer than every %s, or nothing is fresh meanwhile"
              .formatted(table, usableFor, every));
    }
  }

  String library() {
    return table.substring(0, table.indexOf('.'));
  }

  String name() {
    return table.substring(table.indexOf('.') + 1);
  }
}
