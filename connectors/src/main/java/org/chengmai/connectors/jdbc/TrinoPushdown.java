package org.chengmai.connectors.jdbc;

import java.math.BigDecimal;
import java.util.Set;
import org.apache.calcite.rel.core.AggregateCall;
import org.apache.calcite.rel.core.Join;
import org.apache.calcite.rel.core.JoinRelType;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexLiteral;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.type.SqlTypeUtil;
import org.chengmai.connectors.pushdown.Pushdown;

/** What Trino takes: as PostgreSQL, without what Trino rounds or counts in another way. */
final class TrinoPushdown extends Pushdown {
  /** It has not all of them, and those outside of their domain give NaN. */
  private static final Set<String> OTHERWISE =
      Set.of("LEFT", "RIGHT", "REPLACE", "SQRT", "LN", "POWER");

  @Override
  protected boolean isLikePostgres() {
    return true;
  }

  @Override
  protected boolean computes(RexCall call) {
    return switch (call.getKind()) {
      case CAST -> casts(call.getOperands().get(0), call);
      default ->
          !OTHERWISE.contains(call.getOperator().getName())
              && (!call.getOperator().getName().equals("SUBSTRING") || startsInside(call));
    };
  }

  /** Its quotients of decimals have as many digits as their operands. */
  @Override
  protected boolean divides(RexCall quotient) {
    return false;
  }

  /** Texts with blanks around a number are refused, and halves of doubles go away from zero. */
  private static boolean casts(RexNode from, RexNode to) {
    return SqlTypeUtil.isCharacter(from.getType())
        ? SqlTypeUtil.isCharacter(to.getType())
        : !SqlTypeUtil.isApproximateNumeric(from.getType())
            || SqlTypeUtil.isApproximateNumeric(to.getType());
  }

  /** A start below 1 counts from the end. */
  private static boolean startsInside(RexCall substring) {
    return substring.getOperands().stream()
        .skip(1)
        .allMatch(
            operand ->
                operand instanceof RexLiteral literal
                    && literal.getValue() instanceof BigDecimal value
                    && value.signum() > 0);
  }

  /** A full join needs equal keys, and nothing else. */
  @Override
  protected boolean joins(Join join) {
    return join.getJoinType() != JoinRelType.FULL || join.analyzeCondition().isEqui();
  }

  @Override
  protected boolean aggregates(AggregateCall call) {
    return super.aggregates(call) && call.getAggregation().getKind() != SqlKind.LITERAL_AGG;
  }
}
