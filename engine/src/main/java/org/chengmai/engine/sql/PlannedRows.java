package org.chengmai.engine.sql;

import java.util.List;
import org.apache.arrow.vector.types.pojo.Schema;

/** The rows of a plan. */
interface PlannedRows extends RowStream {
  Plan plan();

  @Override
  default Schema shape() {
    return plan().shape();
  }

  /** The plan's steps with what happened so far; none where Calcite's engine runs it. */
  List<StepReport> report();

  /** The plan as text, with what happened so far. */
  default String explained(double planningMillis) {
    return plan() instanceof EnumerablePlan
        ? plan().explain()
        : plan().remark() + StepReport.text(report(), planningMillis);
  }
}
