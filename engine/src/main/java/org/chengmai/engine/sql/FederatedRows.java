package org.chengmai.engine.sql;

import java.util.List;

/** The rows of a plan of several steps, with what these did. */
interface FederatedRows extends RowStream {
  Plan plan();

  /** The steps with what happened so far. */
  List<StepReport> report();

  /** The steps as people see them who wait. */
  List<RunningQuery.Step> progress();
}
