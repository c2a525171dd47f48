package org.chengmai.engine.sql;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.calcite.DataContexts;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexExecutor;
import org.apache.calcite.rex.RexExecutorImpl;
import org.apache.calcite.rex.RexLiteral;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexVisitorImpl;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.sql.type.SqlTypeUtil;
import org.jspecify.annotations.Nullable;

/**
 * Computes constant expressions while planning, except those where Java's answer is another one
 * than SQL's: it counts characters in UTF-16, its casts to integers cut instead of rounding, and
 * its integers wrap around. Nor does it compute intervals, which a literal holds in whole units of
 * their type. Safe for use by several threads.
 *
 * <p>Plain arithmetic is done here, because Calcite compiles a class for what it computes.
 */
final class Constants implements RexExecutor {
  private static final Set<SqlKind> ARITHMETIC =
      Set.of(SqlKind.PLUS, SqlKind.MINUS, SqlKind.TIMES, SqlKind.MINUS_PREFIX);

  private final RexExecutor java = new RexExecutorImpl(DataContexts.EMPTY);

  @Override
  public void reduce(RexBuilder builder, List<RexNode> expressions, List<RexNode> reduced) {
    List<RexNode> known = expressions.stream().map(one -> plain(builder, one)).toList();
    List<RexNode> ours = new ArrayList<>();
    for (RexNode expression : known) {
      if (!(expression instanceof RexLiteral) && isExact(expression)) {
        ours.add(expression);
      }
    }
    List<RexNode> values = new ArrayList<>();
    if (!ours.isEmpty()) {
      java.reduce(builder, ours, values);
    }
    int next = 0;
    for (RexNode expression : known) {
      reduced.add(
          next < ours.size() && ours.get(next) == expression ? values.get(next++) : expression);
    }
  }

  /** A number as a literal; any other expression as it is. */
  private static RexNode plain(RexBuilder builder, RexNode expression) {
    BigDecimal number = expression instanceof RexLiteral ? null : number(expression);
    if (number == null) {
      return expression;
    }
    Object value =
        SqlTypeUtil.isApproximateNumeric(expression.getType())
            ? (Object) number.doubleValue()
            : number;
    return builder.makeLiteral(value, expression.getType());
  }

  private static @Nullable BigDecimal number(RexNode node) {
    if (!SqlTypeUtil.isNumeric(node.getType())) {
      return null;
    }
    if (node instanceof RexLiteral literal) {
      return literal.getValueAs(BigDecimal.class);
    }
    if (!(node instanceof RexCall call)
        || call.getKind() != SqlKind.CAST && !ARITHMETIC.contains(call.getKind())) {
      return null;
    }
    // no digit is lost by a minus; a source would take what it leaves for a column's position
    boolean isNegated =
        call.getKind() == SqlKind.MINUS_PREFIX && SqlTypeUtil.isApproximateNumeric(call.getType());
    List<BigDecimal> operands = new ArrayList<>();
    for (RexNode operand : call.getOperands()) {
      BigDecimal value = number(operand);
      if (value == null
          || ARITHMETIC.contains(call.getKind())
              && !isNegated
              && !SqlTypeUtil.isExactNumeric(operand.getType())) {
        return null;
      }
      operands.add(value);
    }
    BigDecimal first = operands.get(0);
    if (isNegated) {
      return first.negate();
    }
    return fitting(
        switch (call.getKind()) {
          case PLUS -> first.add(operands.get(1));
          case MINUS -> first.subtract(operands.get(1));
          case TIMES -> first.multiply(operands.get(1));
          case MINUS_PREFIX -> first.negate();
          default -> first;
        },
        call.getType());
  }

  /** The value in its type, or null where it loses digits, which is for others to judge. */
  private static @Nullable BigDecimal fitting(BigDecimal value, RelDataType type) {
    if (type.getSqlTypeName() == SqlTypeName.DOUBLE) {
      return value;
    }
    if (!SqlTypeUtil.isExactNumeric(type)) {
      return null;
    }
    BigDecimal plain = value.stripTrailingZeros();
    boolean fits =
        SqlTypeUtil.isIntType(type)
            ? plain.scale() <= 0 && value.toBigInteger().bitLength() < bits(type.getSqlTypeName())
            : plain.scale() <= type.getScale()
                && plain.precision() - plain.scale() <= type.getPrecision() - type.getScale();
    return fits ? value.setScale(Math.max(0, type.getScale())) : null;
  }

  private static int bits(SqlTypeName integer) {
    return switch (integer) {
      case TINYINT -> Byte.SIZE;
      case SMALLINT -> Short.SIZE;
      case INTEGER -> Integer.SIZE;
      default -> Long.SIZE;
    };
  }

  private static boolean isExact(RexNode expression) {
    boolean[] isExact = {true};
    expression.accept(
        new RexVisitorImpl<Void>(true) {
          @Override
          public Void visitLiteral(RexLiteral literal) {
            isExact[0] &=
                literal.getTypeName() != SqlTypeName.CHAR
                    || literal.isNull()
                    || String.valueOf(literal.getValueAs(String.class))
                        .chars()
                        .noneMatch(c -> Character.isSurrogate((char) c));
            return null;
          }

          @Override
          public Void visitCall(RexCall call) {
            boolean isCut =
                call.getKind() == SqlKind.CAST
                    && SqlTypeUtil.isIntType(call.getType())
                    && !SqlTypeUtil.isIntType(call.getOperands().get(0).getType());
            isExact[0] &=
                !isCut
                    && !ARITHMETIC.contains(call.getKind())
                    && !SqlTypeUtil.isInterval(call.getType());
            return super.visitCall(call);
          }
        });
    return isExact[0];
  }
}
