package org.chengmai.engine.sql;

/**
 * What a query moved out of its sources. Immutable.
 *
 * @param rows of all sources
 * @param bytes of these rows as Arrow vectors
 */
public record QueryReport(long rows, long bytes) {
  static final QueryReport NOTHING = new QueryReport(0, 0);
}
