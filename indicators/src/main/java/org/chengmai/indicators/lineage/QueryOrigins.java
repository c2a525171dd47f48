package org.chengmai.indicators.lineage;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Tells what queries and views read. */
public interface QueryOrigins {

  /**
   * What a query reads.
   *
   * @throws org.chengmai.indicators.ChengmaiException INVALID_INPUT when it does not fit the tables
   */
  Origins of(String sql);

  /** What a view reads; empty for a table. */
  Optional<Origins> ofView(String library, String name);

  /** Whether there is such a library, table or view, or column, in any case. */
  boolean has(String library, @Nullable String table, @Nullable String column);
}
