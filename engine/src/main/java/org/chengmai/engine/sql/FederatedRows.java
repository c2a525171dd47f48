package org.chengmai.engine.sql;

import java.util.List;

/** The rows of a plan of several steps, with what these did. */
interface FederatedRows extends PlannedRows {
  /** The steps as people see them who wait. */
  List<RunningQuery.Step> progress();
}
