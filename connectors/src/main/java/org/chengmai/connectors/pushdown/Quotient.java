package org.chengmai.connectors.pushdown;

import java.lang.reflect.Method;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import org.apache.calcite.linq4j.function.Strict;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.schema.impl.ScalarFunctionImpl;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlFunctionCategory;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlLiteral;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlSyntax;
import org.apache.calcite.sql.SqlWriter;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.sql.type.OperandTypes;
import org.apache.calcite.sql.type.ReturnTypes;
import org.apache.calcite.sql.type.SqlTypeFamily;
import org.apache.calcite.sql.type.SqlTypeUtil;
import org.apache.calcite.sql.validate.SqlUserDefinedFunction;

/**
 * The quotient of exact numbers, a decimal among them, rounded half away from zero to as many
 * digits after the point as its type has. Divided by zero it is an error.
 *
 * <p>Engines have their own ideas of a quotient's digits, so each dialect writes it as the quotient
 * of integers. Operands: dividend, divisor, their scales and the quotient's.
 */
public final class Quotient extends SqlUserDefinedFunction {
  public static final Quotient OPERATOR = new Quotient();

  /** The least digits after the point. */
  private static final int LEAST_SCALE = 6;

  /** What a decimal has, and at how many before the point the dividend may be out of range. */
  private static final int DIGITS = 38;

  private static final int LEAST_DIGITS = 12;

  private Quotient() {
    super(
        new SqlIdentifier("QUOTIENT", SqlParserPos.ZERO),
        SqlKind.OTHER_FUNCTION,
        ReturnTypes.ARG0_NULLABLE,
        null,
        OperandTypes.operandMetadata(
            List.of(
                SqlTypeFamily.NUMERIC,
                SqlTypeFamily.NUMERIC,
                SqlTypeFamily.INTEGER,
                SqlTypeFamily.INTEGER,
                SqlTypeFamily.INTEGER),
            factory -> List.of(),
            i -> "argument" + i,
            i -> false),
        ScalarFunctionImpl.create(method()),
        SqlFunctionCategory.NUMERIC,
        SqlSyntax.FUNCTION);
  }

  /** The digits after the point of a quotient: the dividend's, and at least six. */
  public static int scale(RelDataType dividend) {
    return Math.max(LEAST_SCALE, dividend.getScale());
  }

  /** A division of that type. */
  public static RexNode of(RexBuilder builder, RexCall division) {
    RexNode dividend = division.getOperands().get(0);
    RexNode divisor = division.getOperands().get(1);
    return builder.makeCall(
        division.getType(),
        OPERATOR,
        List.of(
            dividend,
            divisor,
            literal(builder, dividend.getType().getScale()),
            literal(builder, divisor.getType().getScale()),
            literal(builder, division.getType().getScale())));
  }

  private static RexNode literal(RexBuilder builder, int value) {
    return builder.makeExactLiteral(BigDecimal.valueOf(value));
  }

  /** Whether a division is one of these. */
  public static boolean is(RexCall call) {
    return call.getKind() == SqlKind.DIVIDE
        && SqlTypeUtil.isDecimal(call.getType())
        && call.getOperands().stream()
            .allMatch(operand -> SqlTypeUtil.isExactNumeric(operand.getType()));
  }

  /** Whether integers of 128 bits suffice. */
  static boolean fits(RexCall quotient) {
    RelDataType dividend = quotient.getOperands().get(0).getType();
    int before = dividend.getPrecision() - dividend.getScale();
    return Math.min(before, LEAST_DIGITS)
            + quotient.getType().getScale()
            + 1
            + quotient.getOperands().get(1).getType().getScale()
        <= DIGITS;
  }

  /** Called by generated code. */
  @Strict
  public static BigDecimal quotient(
      BigDecimal dividend, BigDecimal divisor, int dividendScale, int divisorScale, int scale) {
    if (divisor.signum() == 0) {
      throw new ArithmeticException("division by zero");
    }
    return dividend.divide(divisor, scale, RoundingMode.HALF_UP);
  }

  private static Method method() {
    try {
      return Quotient.class.getMethod(
          "quotient", BigDecimal.class, BigDecimal.class, int.class, int.class, int.class);
    } catch (NoSuchMethodException e) {
      throw new LinkageError(e.getMessage(), e);
    }
  }

  /** A dialect of an engine that computes it. */
  public interface Dialect {

    /** How the dialect writes it, with {@code ?} for the dividend and {@code !} for the divisor. */
    String quotient(int dividendScale, int divisorScale, int scale);
  }

  @Override
  public void unparse(SqlWriter writer, SqlCall call, int leftPrecedence, int rightPrecedence) {
    if (writer.getDialect() instanceof Dialect dialect) {
      SqlTemplate.write(
          writer,
          dialect.quotient(
              number(call.operand(2)), number(call.operand(3)), number(call.operand(4))),
          call.operand(0),
          call.operand(1));
    } else {
      super.unparse(writer, call, leftPrecedence, rightPrecedence);
    }
  }

  private static int number(SqlNode literal) {
    return ((SqlLiteral) literal).intValue(true);
  }
}
