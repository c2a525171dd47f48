package org.chengmai.engine.sql;

import org.apache.calcite.rel.RelHomogeneousShuttle;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexShuttle;
import org.apache.calcite.rex.RexSubQuery;

/** Rewrites all expressions of a relation, also those of its sub-queries. */
abstract class EveryExpression extends RexShuttle {
  RelNode apply(RelNode rel) {
    return rel.accept(
        new RelHomogeneousShuttle() {
          @Override
          public RelNode visit(RelNode other) {
            return super.visit(other).accept(EveryExpression.this);
          }
        });
  }

  @Override
  public RexNode visitSubQuery(RexSubQuery query) {
    return ((RexSubQuery) super.visitSubQuery(query)).clone(apply(query.rel));
  }
}
