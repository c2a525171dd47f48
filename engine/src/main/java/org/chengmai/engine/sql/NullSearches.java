package org.chengmai.engine.sql;

import java.util.Objects;
import org.apache.calcite.rel.RelHomogeneousShuttle;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.Filter;
import org.apache.calcite.rel.core.Join;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexLiteral;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexShuttle;
import org.apache.calcite.rex.RexUnknownAs;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.util.Sarg;

/**
 * Says in SQL's words that a search is false for null, which Calcite's writer of SQL leaves out:
 * {@code (x IN (1, 2)) IS TRUE}.
 */
final class NullSearches {
  private NullSearches() {}

  static RelNode apply(RelNode rel) {
    RexBuilder builder = rel.getCluster().getRexBuilder();
    RexShuttle everywhere = new Everywhere(builder);
    RexShuttle unlessFiltered = new UnlessFiltered(everywhere);
    return rel.accept(
        new RelHomogeneousShuttle() {
          @Override
          public RelNode visit(RelNode other) {
            RelNode visited = super.visit(other);
            boolean isCondition = visited instanceof Filter || visited instanceof Join;
            return visited.accept(isCondition ? unlessFiltered : everywhere);
          }
        });
  }

  private static final class Everywhere extends RexShuttle {
    private final RexBuilder builder;

    Everywhere(RexBuilder builder) {
      this.builder = builder;
    }

    @Override
    public RexNode visitCall(RexCall call) {
      return call.getKind() == SqlKind.SEARCH ? searched(call) : super.visitCall(call);
    }

    private <C extends Comparable<C>> RexNode searched(RexCall search) {
      RexLiteral literal = (RexLiteral) search.getOperands().get(1);
      @SuppressWarnings("unchecked")
      Sarg<C> values = (Sarg<C>) Objects.requireNonNull(literal.getValueAs(Sarg.class));
      if (values.nullAs != RexUnknownAs.FALSE) {
        return search;
      }
      RexNode unknown =
          builder.makeSearchArgumentLiteral(
              Sarg.of(RexUnknownAs.UNKNOWN, values.rangeSet), literal.getType());
      return builder.makeCall(
          SqlStdOperatorTable.IS_TRUE,
          builder.makeCall(
              search.getOperator(), search.getOperands().get(0).accept(this), unknown));
    }
  }

  /** Where a condition's unknown is as good as false, as it stands: a source may have an index. */
  private static final class UnlessFiltered extends RexShuttle {
    private final RexShuttle everywhere;

    UnlessFiltered(RexShuttle everywhere) {
      this.everywhere = everywhere;
    }

    @Override
    public RexNode visitCall(RexCall call) {
      return switch (call.getKind()) {
        case AND, OR -> super.visitCall(call);
        case SEARCH -> call;
        default -> call.accept(everywhere);
      };
    }
  }
}
