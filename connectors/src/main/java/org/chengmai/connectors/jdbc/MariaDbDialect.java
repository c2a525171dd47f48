package org.chengmai.connectors.jdbc;

import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.sql.SqlAlienSystemTypeNameSpec;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlDataTypeSpec;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlWriter;
import org.apache.calcite.sql.dialect.MysqlSqlDialect;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.chengmai.connectors.pushdown.SqlTemplate;
import org.chengmai.connectors.pushdown.TextBytes;
import org.chengmai.connectors.pushdown.TimeFloor;
import org.jspecify.annotations.Nullable;

/** MariaDB's SQL. Zones are written as seconds: a server's table of zone names is often empty. */
final class MariaDbDialect extends MysqlSqlDialect implements TimeFloor.Dialect {
  MariaDbDialect() {
    super(DEFAULT_CONTEXT);
  }

  /** Columns by name: the order of a star may have changed since the catalogue was read. */
  @Override
  public boolean supportGenerateSelectStar(RelNode rel) {
    return false;
  }

  /** Times keep their fractions, texts their length, and a truth value is a number. */
  @Override
  public @Nullable SqlNode getCastSpec(RelDataType type) {
    return switch (type.getSqlTypeName()) {
      case BOOLEAN -> named("SIGNED", type);
      case CHAR, VARCHAR -> named("CHAR", type);
      // FLOAT is of 24 bits there, and REAL no type to cast to
      case REAL, FLOAT, DOUBLE -> named("DOUBLE", type);
      case TIMESTAMP -> named("DATETIME(6)", type);
      default -> super.getCastSpec(type);
    };
  }

  private static SqlNode named(String name, RelDataType type) {
    return new SqlDataTypeSpec(
        new SqlAlienSystemTypeNameSpec(name, type.getSqlTypeName(), SqlParserPos.ZERO),
        SqlParserPos.ZERO);
  }

  /** A number among the keys would be a column's position. */
  @Override
  public boolean supportsGroupByLiteral() {
    return false;
  }

  /** Times come as UTC numbers from our result set, whatever the JVM's zone. */
  @Override
  public CalendarPolicy getCalendarPolicy() {
    return CalendarPolicy.DIRECT;
  }

  @Override
  public void quoteStringLiteral(StringBuilder sql, @Nullable String charset, String value) {
    super.quoteStringLiteral(sql, null, value.replace("\\", "\\\\"));
  }

  @Override
  public void unparseCall(SqlWriter writer, SqlCall call, int leftPrecedence, int rightPrecedence) {
    if (call.getOperator().getName().equals("||")) {
      // which is OR there
      SqlWriter.Frame frame = writer.startFunCall("CONCAT");
      for (SqlNode operand : call.getOperandList()) {
        writer.sep(",");
        operand.unparse(writer, 0, 0);
      }
      writer.endFunCall(frame);
    } else if (call.getOperator() == TextBytes.OPERATOR) {
      SqlTemplate.write(
          writer, "(CONVERT(? USING utf8mb4) COLLATE utf8mb4_nopad_bin)", call.operand(0));
    } else {
      super.unparseCall(writer, call, leftPrecedence, rightPrecedence);
    }
  }

  @Override
  public String timeFloor(TimeFloor.Arguments floor) {
    int offset = floor.offsetSeconds();
    long seconds =
        switch (floor.unit()) {
          case "week" -> 604_800;
          default -> floor.seconds() > 0 ? floor.seconds() : 86_400;
        };
    boolean isCalendar = floor.unit().equals("month") || floor.unit().equals("year");
    // 1900-01-01 is a Monday before every date that is asked for, so the division never meets a
    // negative number
    return isCalendar
        ? "TIMESTAMPADD(SECOND, %d, CAST(DATE_FORMAT(TIMESTAMPADD(SECOND, %d, ?), '%s') AS DATETIME))"
            .formatted(-offset, offset, floor.unit().equals("month") ? "%Y-%m-01" : "%Y-01-01")
        : "TIMESTAMPADD(SECOND, (TIMESTAMPDIFF(SECOND, '1900-01-01', ?) + %d) DIV %d * %d - %d, TIMESTAMP('1900-01-01'))"
            .formatted(offset, seconds, seconds, offset);
  }
}
