package org.chengmai.connectors.jdbc;

/** Kingbase's SQL, which is PostgreSQL 12's. Never tried on a server. */
final class KingbaseDialect extends PostgresDialect {}
