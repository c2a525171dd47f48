package org.chengmai.engine.sql;

import java.util.EnumSet;
import org.apache.calcite.plan.hep.HepPlanner;
import org.apache.calcite.plan.hep.HepProgram;
import org.apache.calcite.plan.hep.HepProgramBuilder;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.rules.AggregateReduceFunctionsRule;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.sql.SqlKind;
import org.chengmai.connectors.pushdown.Quotient;

/**
 * Makes means of sums and counts, which every source has, and exact quotients {@link Quotient}s.
 */
final class Quotients {
  private static final HepProgram MEANS =
      new HepProgramBuilder()
          .addRuleInstance(
              AggregateReduceFunctionsRule.Config.DEFAULT
                  .withFunctionsToReduce(EnumSet.of(SqlKind.AVG))
                  .toRule())
          .build();

  private Quotients() {}

  static RelNode apply(RelNode rel) {
    return new Divisions(rel.getCluster().getRexBuilder()).apply(rel);
  }

  private static final class Divisions extends EveryExpression {
    private final RexBuilder builder;

    Divisions(RexBuilder builder) {
      this.builder = builder;
    }

    @Override
    RelNode apply(RelNode rel) {
      HepPlanner planner = new HepPlanner(MEANS);
      planner.setRoot(rel);
      return super.apply(planner.findBestExp());
    }

    @Override
    public RexNode visitCall(RexCall call) {
      RexNode visited = super.visitCall(call);
      return visited instanceof RexCall division && Quotient.is(division)
          ? Quotient.of(builder, division)
          : visited;
    }
  }
}
