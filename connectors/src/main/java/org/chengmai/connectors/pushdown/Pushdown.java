package org.chengmai.connectors.pushdown;

import java.math.BigDecimal;
import java.util.Objects;
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
import org.apache.calcite.rex.RexLiteral;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexOver;
import org.apache.calcite.rex.RexSubQuery;
import org.apache.calcite.rex.RexUtil;
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
          SqlKind.PLUS,
          SqlKind.MINUS,
          SqlKind.TIMES,
          SqlKind.MINUS_PREFIX,
          SqlKind.CASE,
          SqlKind.COALESCE);
  private static final Set<String> FUNCTIONS =
      Set.of("UPPER", "LOWER", "CHAR_LENGTH", "CHARACTER_LENGTH", "ABS", "||", "SUBSTRING");

  /** What PostgreSQL and DuckDB compute alike, beyond {@link #FUNCTIONS}. */
  private static final Set<String> POSTGRES_FUNCTIONS =
      Set.of("TRIM", "POSITION", "REPLACE", "LEFT", "RIGHT", "POWER", "SQRT", "EXP", "LN");

  private static final Set<SqlKind> POSTGRES_KINDS =
      Set.of(SqlKind.IS_DISTINCT_FROM, SqlKind.IS_NOT_DISTINCT_FROM, SqlKind.NULLIF);
  private static final Set<SqlKind> AGGREGATES =
      Set.of(
          SqlKind.COUNT, SqlKind.SUM, SqlKind.SUM0, SqlKind.MIN, SqlKind.MAX, SqlKind.LITERAL_AGG);
  private static final Set<SqlKind> POSTGRES_AGGREGATES =
      Set.of(
          SqlKind.GROUPING,
          SqlKind.STDDEV_POP,
          SqlKind.STDDEV_SAMP,
          SqlKind.VAR_POP,
          SqlKind.VAR_SAMP);
  private static final Set<SqlKind> WINDOWS =
      Set.of(
          SqlKind.COUNT,
          SqlKind.SUM,
          SqlKind.SUM0,
          SqlKind.MIN,
          SqlKind.MAX,
          SqlKind.ROW_NUMBER,
          SqlKind.RANK,
          SqlKind.DENSE_RANK,
          SqlKind.PERCENT_RANK,
          SqlKind.CUME_DIST,
          SqlKind.NTILE,
          SqlKind.LAG,
          SqlKind.LEAD,
          SqlKind.FIRST_VALUE,
          SqlKind.LAST_VALUE,
          SqlKind.NTH_VALUE);
  private static final Set<TimeUnitRange> UNITS =
      Set.of(
          TimeUnitRange.YEAR,
          TimeUnitRange.QUARTER,
          TimeUnitRange.MONTH,
          TimeUnitRange.DAY,
          TimeUnitRange.HOUR,
          TimeUnitRange.MINUTE);
  private static final Set<TimeUnitRange> POSTGRES_UNITS =
      Set.of(TimeUnitRange.WEEK, TimeUnitRange.DOY, TimeUnitRange.ISODOW);

  /** How a source compares texts; we compare their bytes in UTF-8. */
  public enum Texts {
    /** As we do. */
    BY_BYTES,
    /** Equal where we say so, in another order. */
    ORDERED_BY_LOCALE,
    /** Different texts may be equal, such as those in capitals. */
    BY_COLLATION
  }

  /** How the source compares texts unless it is told otherwise. */
  public Texts texts() {
    return Texts.BY_BYTES;
  }

  /** Whether functions, casts, windows and grouping sets are as in PostgreSQL. */
  protected boolean isLikePostgres() {
    return false;
  }

  /** Whether a join of two of the source's own tables is its work. */
  protected boolean joins(Join join) {
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

  /** Whether the source understands this aggregate. */
  protected boolean aggregates(AggregateCall call) {
    SqlKind kind = call.getAggregation().getKind();
    return AGGREGATES.contains(kind) || isLikePostgres() && POSTGRES_AGGREGATES.contains(kind);
  }

  /** Whether the source divides integers as SQL does. */
  protected boolean dividesIntegers() {
    return true;
  }

  /** Whether the source computes this exact quotient. */
  protected boolean divides(RexCall quotient) {
    return isLikePostgres() && Quotient.fits(quotient);
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
      return joins(join) && join.getVariablesSet().isEmpty() && takes(join.getCondition());
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
            if (isShift(call)) {
              isFine[0] &= takesShift(call);
              return null;
            }
            isFine[0] &= takesCall(call);
            return isFine[0] ? super.visitCall(call) : null;
          }

          @Override
          public Void visitOver(RexOver over) {
            isFine[0] &= takesOver(over);
            return null;
          }

          @Override
          public Void visitSubQuery(RexSubQuery query) {
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

  /** Whether a time is moved by an interval that is computed. */
  private static boolean isShift(RexCall call) {
    return (call.getKind() == SqlKind.PLUS || call.getKind() == SqlKind.MINUS)
        && call.getOperands().size() == 2
        && isInterval(call.getOperands().get(1))
        && call.getOperands().get(1) instanceof RexCall;
  }

  /**
   * A whole number of times an interval; what is left of fractions differs from source to source.
   */
  private boolean takesShift(RexCall shift) {
    RexCall interval = (RexCall) shift.getOperands().get(1);
    return isLikePostgres()
        && shift.getType().getSqlTypeName() == SqlTypeName.TIMESTAMP
        && computes(shift)
        && takes(shift.getOperands().get(0))
        && interval.getKind() == SqlKind.TIMES
        && interval.getOperands().stream()
            .allMatch(
                operand ->
                    isInterval(operand)
                        ? isIntervalOfOneUnit(operand)
                        : SqlTypeUtil.isIntType(operand.getType()) && takes(operand));
  }

  private boolean takesOver(RexOver over) {
    return isLikePostgres()
        && WINDOWS.contains(over.getOperator().getKind())
        && !over.isDistinct()
        && !over.ignoreNulls()
        && (texts() == Texts.BY_BYTES
            || over.getOperands().stream()
                .noneMatch(operand -> SqlTypeUtil.isCharacter(operand.getType())))
        && takes(over.getOperands())
        && takes(over.getWindow().partitionKeys)
        && takes(over.getWindow().orderKeys.stream().map(key -> key.left).toList());
  }

  private boolean takesCall(RexCall call) {
    if (call.getOperator() instanceof TimeFloor) {
      return floors(call);
    }
    if (call.getOperator() == Quotient.OPERATOR) {
      return divides(call);
    }
    if (!computes(call)) {
      return false;
    }
    return switch (call.getKind()) {
      case CAST -> takesCast(call.getOperands().get(0).getType(), call.getType());
      case EXTRACT -> {
        TimeUnitRange unit =
            ((RexLiteral) call.getOperands().get(0)).getValueAs(TimeUnitRange.class);
        yield UNITS.contains(unit) || isLikePostgres() && POSTGRES_UNITS.contains(unit);
      }
      case DIVIDE, MOD ->
          !isInterval(call)
              && (dividesIntegers()
                  || !SqlTypeUtil.isExactNumeric(call.getType())
                      && isNotZero(call.getOperands().get(1)));
      case LIKE -> takesLike(call);
      case FLOOR, CEIL -> isLikePostgres() && call.getOperands().size() == 1;
      default -> takesOther(call);
    };
  }

  private boolean takesOther(RexCall call) {
    String name = call.getOperator().getName();
    boolean isKnown =
        KINDS.contains(call.getKind())
            || FUNCTIONS.contains(name)
            || isLikePostgres()
                && (POSTGRES_KINDS.contains(call.getKind())
                    || POSTGRES_FUNCTIONS.contains(name)
                    // the halves of doubles are rounded in several ways
                    || name.equals("ROUND") && SqlTypeUtil.isExactNumeric(call.getType()));
    return isKnown
        && !isInterval(call)
        && call.getOperands().stream()
            .allMatch(operand -> !isInterval(operand) || isIntervalOfOneUnit(operand));
  }

  /** Without ESCAPE a backslash escapes in some sources and means itself in others and here. */
  private static boolean takesLike(RexCall call) {
    return call.getOperands().get(1) instanceof RexLiteral pattern
        && !String.valueOf(RexLiteral.stringValue(pattern)).contains("\\")
        && call.getOperands().size() == 2;
  }

  private static boolean isNotZero(RexNode divisor) {
    RexNode inner = RexUtil.removeCast(divisor);
    return inner instanceof RexLiteral literal
        && literal.getValue() instanceof BigDecimal value
        && value.signum() != 0;
  }

  /** Not all sources know those such as DAY TO HOUR. */
  private static boolean isIntervalOfOneUnit(RexNode node) {
    return node instanceof RexLiteral
        && Objects.requireNonNull(node.getType().getIntervalQualifier()).timeUnitRange.endUnit
            == null;
  }

  private static boolean isInterval(RexNode node) {
    return SqlTypeUtil.isInterval(node.getType());
  }

  /** Casts that round, format or pad differ from source to source. */
  private boolean takesCast(RelDataType from, RelDataType to) {
    boolean toText = to.getSqlTypeName() == SqlTypeName.VARCHAR;
    if (SqlTypeUtil.isCharacter(from) && SqlTypeUtil.isCharacter(to)) {
      return toText
          || from.getSqlTypeName() == to.getSqlTypeName()
              && from.getPrecision() == to.getPrecision();
    }
    if (SqlTypeUtil.isNumeric(from) && SqlTypeUtil.isNumeric(to)) {
      boolean isWider =
          SqlTypeUtil.isDecimal(from)
              && SqlTypeUtil.isDecimal(to)
              && to.getScale() >= from.getScale();
      return SqlTypeUtil.isIntType(from)
          || SqlTypeUtil.isApproximateNumeric(to)
          || isWider
          // halves go away from zero, those of doubles to the even number
          || isLikePostgres() && (SqlTypeUtil.isDecimal(from) || SqlTypeUtil.isIntType(to));
    }
    if (isLikePostgres() && SqlTypeUtil.isCharacter(from)) {
      return SqlTypeUtil.isExactNumeric(to) || to.getSqlTypeName() == SqlTypeName.DATE;
    }
    if (isLikePostgres() && toText) {
      return SqlTypeUtil.isExactNumeric(from)
          || SqlTypeUtil.isBoolean(from)
          || from.getSqlTypeName() == SqlTypeName.DATE;
    }
    return from.getSqlTypeName() == to.getSqlTypeName() || isTime(from) && isTime(to);
  }

  private static boolean isTime(RelDataType type) {
    return type.getSqlTypeName() == SqlTypeName.TIMESTAMP
        || type.getSqlTypeName() == SqlTypeName.DATE;
  }

  private boolean takesAggregate(Aggregate aggregate) {
    return groups()
        && (isLikePostgres() || Aggregate.isSimple(aggregate))
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
