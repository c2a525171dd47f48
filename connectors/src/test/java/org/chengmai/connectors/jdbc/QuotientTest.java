package org.chengmai.connectors.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlLiteral;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.SqlSelect;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.chengmai.connectors.duckdb.DuckDbDialect;
import org.chengmai.connectors.pushdown.Quotient;
import org.junit.jupiter.api.Test;

final class QuotientTest {

  @Test
  void standsApartFromTheWordsAroundIt() {
    assertThat(select().toSqlString(new PostgresDialect()).getSql().replaceAll("\\s+", " "))
        .startsWith("SELECT ROUND(")
        .endsWith(") AS \"q\" FROM \"t\"");
    assertThat(select().toSqlString(new DuckDbDialect()).getSql().replaceAll("\\s+", " "))
        .startsWith("SELECT (CASE WHEN ")
        .endsWith(" END) AS \"q\" FROM \"t\"");
  }

  private static SqlNode select() {
    SqlNode quotient =
        Quotient.OPERATOR.createCall(
            SqlParserPos.ZERO, column("a"), column("b"), number(0), number(2), number(6));
    SqlNode named = SqlStdOperatorTable.AS.createCall(SqlParserPos.ZERO, quotient, column("q"));
    return new SqlSelect(
        SqlParserPos.ZERO,
        null,
        new SqlNodeList(List.of(named), SqlParserPos.ZERO),
        column("t"),
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null);
  }

  private static SqlNode column(String name) {
    return new SqlIdentifier(name, SqlParserPos.ZERO);
  }

  private static SqlNode number(int value) {
    return SqlLiteral.createExactNumeric(String.valueOf(value), SqlParserPos.ZERO);
  }
}
