package org.chengmai.engine.sql;

import java.util.List;
import org.apache.calcite.rel.core.Project;
import org.apache.calcite.rel.rel2sql.RelToSqlConverter;
import org.apache.calcite.sql.SqlDialect;

/** A relation's SQL in a dialect; called by Calcite by reflection, hence public. */
public class SourceSql extends RelToSqlConverter {
  SourceSql(SqlDialect dialect) {
    super(dialect);
  }

  /** Calcite would write windows into what is grouped by them, which no engine understands. */
  @Override
  public Result visit(Project project) {
    Result select = super.visit(project);
    return project.containsOver()
        ? result(select.asSelect(), List.of(Clause.SELECT, Clause.FETCH), project, null)
        : select;
  }
}
