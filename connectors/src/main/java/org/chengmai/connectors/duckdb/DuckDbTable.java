package org.chengmai.connectors.duckdb;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * One table that DuckDB reads for us: where its data come from and when they must be read again.
 */
public interface DuckDbTable {

  /** Its name in SQL. */
  String name();

  /** Whether the data may have changed since they were loaded. */
  boolean isStale();

  /**
   * Creates or replaces the table {@link #name()}.
   *
   * @param work a folder for what must be transcoded or fetched first
   */
  void load(Statement duckDb, Path work) throws IOException, SQLException;
}
