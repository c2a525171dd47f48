package org.chengmai.engine.sql;

/** How queries run. */
public sealed interface Execution permits Execution.Here, TrinoCluster {
  /** Each source computes what it can, DuckDB the rest. */
  Execution FEDERATED = Here.FEDERATED;

  /** Calcite's generated code computes what sources cannot: the oracle of tests. */
  Execution ENUMERABLE = Here.ENUMERABLE;

  /** Sources give their tables as they are and DuckDB computes everything: another oracle. */
  Execution BARE_TABLES = Here.BARE_TABLES;

  /** As {@link #FEDERATED}, but rows are grouped before joins wherever that is right: for tests. */
  Execution GROUPED_EARLY = Here.GROUPED_EARLY;

  /** The ways that need no other system. */
  enum Here implements Execution {
    FEDERATED,
    ENUMERABLE,
    BARE_TABLES,
    GROUPED_EARLY
  }
}
