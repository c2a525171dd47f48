package org.chengmai.engine.sql;

/** How queries run. */
public enum Execution {
  /** Each source computes what it can, DuckDB the rest. */
  FEDERATED,
  /** Calcite's generated code computes what sources cannot: the oracle of tests. */
  ENUMERABLE,
  /** Sources give their tables as they are and DuckDB computes everything: another oracle. */
  BARE_TABLES
}
