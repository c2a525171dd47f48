package org.chengmai.engine.sql;

import java.util.List;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.Project;
import org.apache.calcite.rel.rel2sql.RelToSqlConverter;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlDialect;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.SqlSelect;
import org.apache.calcite.sql.SqlUtil;
import org.apache.calcite.sql.validate.SqlValidatorUtil;

/** A relation's SQL in a dialect; called by Calcite by reflection, hence public. */
public class SourceSql extends RelToSqlConverter {
  SourceSql(SqlDialect dialect) {
    super(dialect);
  }

  /** The whole query of a relation, with marks for parameters. */
  final String write(RelNode rel) {
    SqlNode statement = visitRoot(rel).asStatement();
    nameColumns(statement);
    return Parameters.sql(statement, dialect);
  }

  /**
   * Names the columns that have no name: DuckDB would call one by its whole expression, and Arrow's
   * importer reads no name beyond 32,767 bytes.
   */
  private static void nameColumns(SqlNode statement) {
    if (statement instanceof SqlSelect select) {
      SqlNodeList columns = select.getSelectList();
      for (int i = 0; i < columns.size(); i++) {
        if (!isStar(columns.get(i)) && SqlValidatorUtil.alias(columns.get(i)) == null) {
          columns.set(
              i, SqlValidatorUtil.addAlias(columns.get(i), SqlUtil.deriveAliasFromOrdinal(i)));
        }
      }
    } else if (SqlKind.SET_QUERY.contains(statement.getKind())) {
      // a set operation's columns are named by its first query
      nameColumns(((SqlCall) statement).operand(0));
    }
  }

  private static boolean isStar(SqlNode column) {
    return column instanceof SqlIdentifier identifier && identifier.isStar();
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
