package org.chengmai.engine.sql;

import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.DataContexts;
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

/**
 * Computes constant expressions while planning, except those where Java's answer is another one
 * than SQL's: it counts characters in UTF-16, and its casts to integers cut instead of rounding.
 * Safe for use by several threads.
 */
final class Constants implements RexExecutor {
  private final RexExecutor java = new RexExecutorImpl(DataContexts.EMPTY);

  @Override
  public void reduce(RexBuilder builder, List<RexNode> expressions, List<RexNode> reduced) {
    List<RexNode> ours = expressions.stream().filter(Constants::isExact).toList();
    List<RexNode> values = new ArrayList<>();
    if (!ours.isEmpty()) {
      java.reduce(builder, ours, values);
    }
    int next = 0;
    for (RexNode expression : expressions) {
      reduced.add(
          next < ours.size() && ours.get(next) == expression ? values.get(next++) : expression);
    }
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
            isExact[0] &= !isCut;
            return super.visitCall(call);
          }
        });
    return isExact[0];
  }
}
