package org.chengmai.engine.sql;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;

/** An engine over tables of random values, and random queries over them. */
public final class RandomSql implements AutoCloseable {
  private final DifferentialLibraries libraries;

  public RandomSql(Path folder) throws IOException {
    libraries = DifferentialLibraries.ofFiles(folder);
  }

  public SqlEngine engine() {
    return libraries.engine();
  }

  public String query(long seed) {
    return libraries.query(seed).sql();
  }

  /** Whether the order of the query's rows is defined. */
  public boolean isOrdered(long seed) {
    return libraries.query(seed).isOrdered();
  }

  @Override
  public void close() throws SQLException {
    libraries.close();
  }
}
