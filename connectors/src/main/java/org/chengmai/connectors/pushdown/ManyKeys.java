package org.chengmai.connectors.pushdown;

import java.util.List;

/** A dialect that has a short form for the condition that a value is among many. */
public interface ManyKeys {
  /** The most keys that one SQL carries. */
  int mostKeys();

  /**
   * The condition that a column has one of these values.
   *
   * @param column as the SQL names it
   * @param keys numbers, texts, dates and times as the source reads them, without quotes
   */
  String among(String column, List<String> keys);
}
