package org.chengmai.engine.sql;

import java.lang.reflect.Method;
import java.util.List;
import org.apache.calcite.linq4j.function.Strict;
import org.apache.calcite.schema.impl.ScalarFunctionImpl;
import org.apache.calcite.sql.SqlFunction;
import org.apache.calcite.sql.SqlFunctionCategory;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlOperatorTable;
import org.apache.calcite.sql.SqlSyntax;
import org.apache.calcite.sql.fun.SqlLibrary;
import org.apache.calcite.sql.fun.SqlLibraryOperatorTableFactory;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.sql.type.OperandTypes;
import org.apache.calcite.sql.type.ReturnTypes;
import org.apache.calcite.sql.type.SqlReturnTypeInference;
import org.apache.calcite.sql.type.SqlTypeFamily;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.sql.util.SqlOperatorTables;
import org.apache.calcite.sql.validate.SqlUserDefinedFunction;
import org.chengmai.connectors.pushdown.TimeFloor;

/**
 * The functions of our SQL: the standard's, PostgreSQL's and a few for time. {@link Rewrites} turns
 * most of ours into what sources know.
 */
public final class SqlFunctions {
  /** {@code DATE_BIN(interval, ts, origin)}: the start of the bin, as PostgreSQL has it. */
  static final SqlFunction DATE_BIN =
      function(
          "DATE_BIN",
          ReturnTypes.ARG1_NULLABLE,
          method(SqlFunctions.class, "dateBin", long.class, long.class, long.class),
          SqlTypeFamily.DATETIME_INTERVAL,
          SqlTypeFamily.DATETIME,
          SqlTypeFamily.DATETIME);

  /** {@code NOW()}: the start of the query. */
  static final SqlFunction NOW =
      new SqlFunction(
          "NOW",
          SqlKind.OTHER_FUNCTION,
          ReturnTypes.explicit(SqlTypeName.TIMESTAMP, 3),
          null,
          OperandTypes.NILADIC,
          SqlFunctionCategory.TIMEDATE);

  /** {@code DATABASE()}: the library that names without one mean. */
  static final SqlFunction DATABASE =
      new SqlFunction(
          "DATABASE",
          SqlKind.OTHER_FUNCTION,
          ReturnTypes.VARCHAR,
          null,
          OperandTypes.NILADIC,
          SqlFunctionCategory.SYSTEM);

  private SqlFunctions() {}

  static SqlOperatorTable table() {
    return PostgresFunctions.table(
        SqlOperatorTables.chain(
            SqlOperatorTables.of(TimeFloor.UTC, TimeFloor.ZONED, DATE_BIN, NOW, DATABASE),
            // the standard's functions are in here; twice they would be ambiguous
            SqlLibraryOperatorTableFactory.INSTANCE.getOperatorTable(
                SqlLibrary.STANDARD, SqlLibrary.POSTGRESQL)));
  }

  /** Called by generated code. */
  @Strict
  public static long dateBin(long stride, long time, long origin) {
    if (stride <= 0) {
      throw new ArithmeticException("DATE_BIN: the interval must be positive");
    }
    return origin + Math.floorDiv(time - origin, stride) * stride;
  }

  static SqlFunction function(
      String name, SqlReturnTypeInference type, Method method, SqlTypeFamily... operands) {
    return new SqlUserDefinedFunction(
        new SqlIdentifier(name, SqlParserPos.ZERO),
        SqlKind.OTHER_FUNCTION,
        type,
        null,
        OperandTypes.operandMetadata(
            List.of(operands), factory -> List.of(), i -> "argument" + i, i -> false),
        ScalarFunctionImpl.create(method),
        SqlFunctionCategory.TIMEDATE,
        SqlSyntax.FUNCTION) {};
  }

  static Method method(Class<?> home, String name, Class<?>... parameters) {
    try {
      return home.getMethod(name, parameters);
    } catch (NoSuchMethodException e) {
      throw new LinkageError(e.getMessage(), e);
    }
  }
}
