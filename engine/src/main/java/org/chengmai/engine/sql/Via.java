package org.chengmai.engine.sql;

/** The interface that a query came by. */
public enum Via {
  /** The engine itself: indicators, their definitions, snapshots. */
  ENGINE,
  HTTP,
  /** The command {@code chengmai sql}. */
  TERMINAL,
  FLIGHT,
  PGWIRE
}
