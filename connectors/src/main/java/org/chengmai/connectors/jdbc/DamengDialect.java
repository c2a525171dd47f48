package org.chengmai.connectors.jdbc;

import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlWriter;
import org.jspecify.annotations.Nullable;

/**
 * Dameng's SQL, which is Oracle's with {@code LIMIT}. Written after its manual and never tried on a
 * server.
 */
final class DamengDialect extends OracleDialect {
  @Override
  public void unparseOffsetFetch(
      SqlWriter writer, @Nullable SqlNode offset, @Nullable SqlNode fetch) {
    unparseFetchUsingLimit(writer, offset, fetch);
  }
}
