package org.chengmai.indicators;

import java.util.List;

/** Checks SQL against the catalogue without running it. */
public interface SqlChecker {

  /**
   * The columns that a query would return.
   *
   * @throws ChengmaiException INVALID_INPUT naming the unknown table, column or function and its
   *     position
   */
  List<Table.Column> check(String sql);
}
