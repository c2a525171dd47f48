package org.chengmai.connectors.jdbc;

/**
 * openGauss' SQL, which is PostgreSQL 9.2's: conditions inside of aggregates are written as {@code
 * CASE}. Never tried on a server.
 */
final class OpenGaussDialect extends PostgresDialect {
  @Override
  public boolean supportsAggregateFunctionFilter() {
    return false;
  }

  /** Like older PostgreSQLs, it may compare with one key after the other. */
  @Override
  public int mostKeys() {
    return 20_000;
  }
}
