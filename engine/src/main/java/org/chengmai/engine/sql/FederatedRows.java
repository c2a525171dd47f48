package org.chengmai.engine.sql;

import java.util.List;

/** The rows of a federated plan, with what its steps did. */
interface FederatedRows extends ExpiringRun {
  /** The steps with what happened so far. */
  List<StepReport> report();
}
