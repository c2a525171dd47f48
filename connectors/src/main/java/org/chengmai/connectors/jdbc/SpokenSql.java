package org.chengmai.connectors.jdbc;

import java.util.Set;
import java.util.function.Supplier;
import org.apache.calcite.sql.SqlDialect;
import org.chengmai.connectors.duckdb.DuckDbDialect;
import org.chengmai.connectors.duckdb.DuckDbPushdown;
import org.chengmai.connectors.pushdown.Pushdown;

/** The SQL of a system whose protocol does not tell what it speaks. */
public enum SpokenSql {
  /** Nothing is known: columns, and comparisons of numbers and times. */
  ANSI(AnsiDialect::new, () -> new NarrowPushdown(false, Set.of())),
  DUCKDB(DuckDbDialect::new, DuckDbPushdown::new),
  POSTGRESQL(PostgresDialect::new, PostgresPushdown::new);

  private final Supplier<SqlDialect> dialect;
  private final Supplier<Pushdown> pushdown;

  SpokenSql(Supplier<SqlDialect> dialect, Supplier<Pushdown> pushdown) {
    this.dialect = dialect;
    this.pushdown = pushdown;
  }

  public SqlDialect dialect() {
    return dialect.get();
  }

  /** What it is asked for. */
  public Pushdown pushdown() {
    return pushdown.get();
  }
}
