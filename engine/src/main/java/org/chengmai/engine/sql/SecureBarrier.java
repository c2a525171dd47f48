package org.chengmai.engine.sql;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.calcite.plan.Convention;
import org.apache.calcite.plan.RelOptUtil;
import org.apache.calcite.plan.RelTraitSet;
import org.apache.calcite.rel.RelHomogeneousShuttle;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.SingleRel;
import org.apache.calcite.rel.core.Filter;
import org.apache.calcite.rel.core.TableScan;
import org.apache.calcite.rel.logical.LogicalFilter;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexUtil;
import org.apache.calcite.sql.SqlKind;

/**
 * The rows of a table that a policy lets through; what a user asks for is computed above it, so
 * that no expression of theirs meets a hidden row. Immutable.
 *
 * <p>Only conditions that tell nothing by failing or by side effects (leak-proof ones) may go
 * below.
 */
final class SecureBarrier extends SingleRel {
  private static final Set<SqlKind> LEAK_PROOF =
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
          SqlKind.SEARCH,
          SqlKind.IS_NULL,
          SqlKind.IS_NOT_NULL,
          SqlKind.INPUT_REF,
          SqlKind.LITERAL,
          SqlKind.DYNAMIC_PARAM);

  private SecureBarrier(RelNode input) {
    super(input.getCluster(), RelTraitSet.createEmpty().plus(Convention.NONE), input);
  }

  /** The table behind its policy; the table itself when all of it may be seen. */
  static RelNode above(TableScan table, Policies policies) {
    Policies.RowFilter rows = policies.of(table.getTable().getQualifiedName()).rows();
    return rows == null
        ? table
        : new SecureBarrier(
            LogicalFilter.create(
                table, rows.condition(table.getCluster().getRexBuilder(), table.getRowType())));
  }

  /** Moves leak-proof conditions below the barriers of a relation. */
  static RelNode passed(RelNode rel) {
    return rel.accept(
        new RelHomogeneousShuttle() {
          @Override
          public RelNode visit(RelNode other) {
            RelNode visited = super.visit(other);
            return visited instanceof Filter filter
                    && filter.getInput() instanceof SecureBarrier barrier
                ? passed(filter, barrier)
                : visited;
          }
        });
  }

  private static RelNode passed(Filter filter, SecureBarrier barrier) {
    List<RexNode> below = new ArrayList<>();
    List<RexNode> above = new ArrayList<>();
    for (RexNode condition : RelOptUtil.conjunctions(filter.getCondition())) {
      (isLeakProof(condition) ? below : above).add(condition);
    }
    if (below.isEmpty()) {
      return filter;
    }
    RexBuilder builder = filter.getCluster().getRexBuilder();
    RelNode secure =
        new SecureBarrier(
            LogicalFilter.create(barrier.getInput(), RexUtil.composeConjunction(builder, below)));
    return above.isEmpty()
        ? secure
        : filter.copy(filter.getTraitSet(), secure, RexUtil.composeConjunction(builder, above));
  }

  private static boolean isLeakProof(RexNode condition) {
    return LEAK_PROOF.contains(condition.getKind())
        && (!(condition instanceof RexCall call)
            || call.getOperands().stream().allMatch(SecureBarrier::isLeakProof));
  }

  /** Whether a relation has one. */
  static boolean isIn(RelNode rel) {
    return rel instanceof SecureBarrier || rel.getInputs().stream().anyMatch(SecureBarrier::isIn);
  }

  @Override
  public RelNode copy(RelTraitSet traits, List<RelNode> inputs) {
    return new SecureBarrier(inputs.get(0));
  }
}
