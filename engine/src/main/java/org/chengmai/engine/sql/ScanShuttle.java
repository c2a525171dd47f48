package org.chengmai.engine.sql;

import org.apache.calcite.rel.RelHomogeneousShuttle;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.TableScan;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexShuttle;
import org.apache.calcite.rex.RexSubQuery;

/** Puts something else in place of scans, also in sub-queries. */
abstract class ScanShuttle extends RelHomogeneousShuttle {
  abstract RelNode replaced(TableScan scan);

  @Override
  public RelNode visit(TableScan scan) {
    return replaced(scan);
  }

  @Override
  public RelNode visit(RelNode other) {
    return super.visit(other)
        .accept(
            new RexShuttle() {
              @Override
              public RexNode visitSubQuery(RexSubQuery query) {
                RexSubQuery visited = (RexSubQuery) super.visitSubQuery(query);
                return visited.clone(visited.rel.accept(ScanShuttle.this));
              }
            });
  }
}
