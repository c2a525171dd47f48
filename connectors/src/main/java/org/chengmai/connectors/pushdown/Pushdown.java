package org.chengmai.connectors.pushdown;

import java.util.Set;
import org.apache.calcite.avatica.util.TimeUnitRange;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.Aggregate;
import org.apache.calcite.rel.core.AggregateCall;
import org.apache.calcite.rel.core.Filter;
import org.apache.calcite.rel.core.Join;
import org.apache.calcite.rel.core.Project;
import org.apache.calcite.rel.core.SetOp;
import org.apache.calcite.rel.core.Sort;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexCorrelVariable;
import org.apache.calcite.rex.RexDynamicParam;
import org.apache.calcite.rex.RexLiteral;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexOver;
import org.apache.calcite.rex.RexSubQuery;
import org.apache.calcite.rex.RexVisitorImpl;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.sql.type.SqlTypeUtil;

/**
 * What a source computes exactly as we would; everything else stays with us. Immutable.
 *
 * <p>An allow-list, because a function that a source knows under the same name with another meaning
 * gives wrong answers, and one that it does not know fails.
 */
public class Pushdown {
  private static final Set<SqlKind> KINDS =
      Set.of(
          SqlKind.AND,
          SqlKind.OR,
          SqlKind.NOT,
          SqlKind.EQUALS,
          SqlKind.NOT_EQUALS,
          SqlKind.LESS_THAN,
          SqlKind.LESS_THAN_OR_EQUAL,
          SqlKind.GREATER_THAN,
          SqlKind.GREATER_THAN_OR_EQUAL,
          SqlKind.IS_NULL,
          SqlKind.IS_NOT_NULL,
          SqlKind.IS_TRUE,
          SqlKind.IS_NOT_TRUE,
          SqlKind.IS_FALSE,
          SqlKind.IS_NOT_FALSE,
          SqlKind.SEARCH,
          SqlKind.LIKE,
          SqlKind.PLUS,
          SqlKind.MINUS,
          SqlKind.TIMES,
          SqlKind.DIVIDE,
          SqlKind.MOD,
          SqlKind.MINUS_PREFIX,
          SqlKind.CASE,
          SqlKind.COALESCE);
  private static final Set<String> FUNCTIONS =
      Set.of("UPPER", "LOWER", "CHAR_LENGTH", "CHARACTER_LENGTH", "ABS", "||", "SUBSTRING");
  private static final Set<SqlKind> AGGREGATES =
      Set.of(SqlKind.COUNT, SqlKind.SUM, SqlKind.SUM0, SqlKind.MIN, SqlKind.MAX);
  private static final Set<TimeUnitRange> UNITS =
      Set.of(
          TimeUnitRange.YEAR,
          TimeUnitRange.QUARTER,
          TimeUnitRange.MONTH,
          TimeUnitRange.DAY,
          TimeUnitRange.HOUR,
          TimeUnitRange.MINUTE);

  /** Whether joins of two of the source's own tables are its work. */
  protected boolean joins() {
    return true;
  }

  /** Whether unions, intersections and differences within the source are its work. */
  protected boolean setOperations() {
    return true;
  }

  /** Whether the source sorts and cuts this. */
  protected boolean sorts(Sort sort) {
    return true;
  }

  /** Whether this call of a function or operator, taken alone, is the source's work. */
  protected boolean computes(RexCall call) {
    return true;
  }

  /** Whether the source groups rows. */
  protected boolean groups() {
    return true;
  }

  /** Whether the source understands this aggregate beyond the common ones. */
  protected boolean aggregates(AggregateCall call) {
    return AGGREGATES.contains(call.getAggregation().getKind());
  }

  /** Whether the source divides integers as SQL does. */
  protected boolean dividesIntegers() {
    return true;
  }

  /** Whether the source floors by local periods with these arguments. */
  protected boolean floors(RexCall timeFloor) {
    return TimeFloor.isPushable(timeFloor);
  }

  /** Whether the source computes this operator over inputs that it computes itself. */
  public final boolean takes(RelNode rel) {
    if (rel instanceof Project project) {
      return takes(project.getProjects());
    }
    if (rel instanceof Filter filter) {
      return filter.getVariablesSet().isEmpty() && takes(filter.getCondition());
    }
    if (rel instanceof Aggregate aggregate) {
      return takesAggregate(aggregate);
    }
    if (rel instanceof Sort sort) {
      return sorts(sort);
    }
    if (rel instanceof Join join) {
      return joins() && join.getVariablesSet().isEmpty() && takes(join.getCondition());
    }
    return rel instanceof SetOp && setOperations();
  }

  final boolean takes(Iterable<? extends RexNode> expressions) {
    for (RexNode expression : expressions) {
      if (!takes(expression)) {
        return false;
      }
    }
    return true;
  }

  public final boolean takes(RexNode expression) {
    boolean[] isFine = {true};
    expression.accept(
        new RexVisitorImpl<Void>(true) {
          @Override
          public Void visitCall(RexCall call) {
            isFine[0] &= takesCall(call);
            return isFine[0] ? super.visitCall(call) : null;
          }

          @Override
          public Void visitOver(RexOver over) {
            isFine[0] = false;
            return null;
          }

          @Override
          public Void visitSubQuery(RexSubQuery query) {
            isFine[0] = false;
            return null;
          }

          @Override
          public Void visitDynamicParam(RexDynamicParam parameter) {
            isFine[0] = false;
            return null;
          }

          @Override
          public Void visitCorrelVariable(RexCorrelVariable variable) {
            isFine[0] = false;
            return null;
          }
        });
    return isFine[0];
  }

  private boolean takesCall(RexCall call) {
    if (call.getOperator() instanceof TimeFloor) {
      return floors(call);
    }
    if (!computes(call)) {
      return false;
    }
    return switch (call.getKind()) {
      case CAST -> takesCast(call.getOperands().get(0).getType(), call.getType());
      case EXTRACT ->
          UNITS.contains(((RexLiteral) call.getOperands().get(0)).getValueAs(TimeUnitRange.class));
      case DIVIDE -> dividesIntegers() || !SqlTypeUtil.isExactNumeric(call.getType());
      default -> {
        boolean isPlain =
            call.getOperands().stream()
                .noneMatch(operand -> isInterval(operand) && !(operand instanceof RexLiteral));
        yield isPlain
            && (KINDS.contains(call.getKind()) || FUNCTIONS.contains(call.getOperator().getName()))
            && !isInterval(call);
      }
    };
  }

  private static boolean isInterval(RexNode node) {
    return SqlTypeUtil.isInterval(node.getType());
  }

  /** Casts that round, format or pad differ from source to source. */
  private static boolean takesCast(RelDataType from, RelDataType to) {
    if (SqlTypeUtil.isCharacter(from) && SqlTypeUtil.isCharacter(to)) {
      return to.getSqlTypeName() == SqlTypeName.VARCHAR;
    }
    if (SqlTypeUtil.isNumeric(from) && SqlTypeUtil.isNumeric(to)) {
      boolean isWider =
          SqlTypeUtil.isDecimal(from)
              && SqlTypeUtil.isDecimal(to)
              && to.getScale() >= from.getScale();
      return SqlTypeUtil.isIntType(from) || SqlTypeUtil.isApproximateNumeric(to) || isWider;
    }
    return isTime(from) && isTime(to);
  }

  private static boolean isTime(RelDataType type) {
    return type.getSqlTypeName() == SqlTypeName.TIMESTAMP
        || type.getSqlTypeName() == SqlTypeName.DATE;
  }

  private boolean takesAggregate(Aggregate aggregate) {
    return groups()
        && Aggregate.isSimple(aggregate)
        && aggregate.getAggCallList().stream()
            .allMatch(
                call ->
                    aggregates(call)
                        && call.getCollation().getFieldCollations().isEmpty()
                        && !call.isApproximate());
  }

  /** The relation that a planner's equivalence set started from. */
  protected static RelNode original(RelNode rel) {
    return rel.stripped();
  }
}
