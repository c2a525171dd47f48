package org.chengmai.engine.sql;

import java.util.List;

/** The rows of a plan. */
interface PlannedRows extends RowStream {
  Plan plan();

  /** The plan's steps with what happened so far; none where Calcite's engine runs it. */
  List<StepReport> report();

  /** The plan as text, with what happened so far. */
  default String explained(double planningMillis) {
    return plan() instanceof EnumerablePlan
        ? plan().explain()
        : plan().remark() + StepReport.text(report(), planningMillis);
  }
}
