package org.chengmai.indicators;

/** Runs federated SQL for someone. Safe for use by several threads. */
public interface QueryRunner {

  /**
   * Runs one query and holds its result in memory.
   *
   * @throws ChengmaiException INVALID_INPUT for SQL that does not parse or validate, FORBIDDEN,
   *     RESOURCES, EXTERNAL
   */
  Table query(Principal principal, String sql);
}
