package org.chengmai.connectors.jdbc;

/** Kingbase's SQL, which is PostgreSQL 12's. Never tried on a server. */
final class KingbaseDialect extends PostgresDialect {
  /** Like older PostgreSQLs, it may compare with one key after the other. */
  @Override
  public int mostKeys() {
    return 20_000;
  }
}
