package org.chengmai.indicators.lineage;

import java.util.List;

/**
 * An indicator that fails when a column goes.
 *
 * @param because one way from the column to the indicator: columns or views, then codes
 */
public record Break(String code, Name name, List<String> because) {

  /** In Chinese and in English. */
  public record Name(String zh, String en) {}
}
