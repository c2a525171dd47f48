package org.chengmai.engine.sql;

import java.util.List;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.chengmai.connectors.duckdb.DuckDbDialect;

/** The residual's SQL for DuckDB; called by Calcite by reflection, hence public. */
public final class ResidualSql extends SourceSql {
  static final DuckDbDialect DIALECT = new DuckDbDialect();

  private ResidualSql() {
    super(DIALECT);
  }

  static String of(RelNode rel) {
    return new ResidualSql().write(rel);
  }

  /** A fragment's rows are a table by their name. */
  public Result visit(FragmentScan scan) {
    return result(
        new SqlIdentifier(scan.name(), SqlParserPos.ZERO), List.of(Clause.FROM), scan, null);
  }
}
