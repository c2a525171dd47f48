package org.chengmai.engine.pipeline;

import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * Remembers over restarts how far each group was computed and which periods wait to be computed
 * again.
 */
interface ProgressBook {

  Map<String, ClosePlan.Progress> progress();

  /**
   * Saves a group's progress and strikes out the recomputations that it covers, in one transaction.
   */
  void save(String group, ClosePlan.Progress progress, List<Recomputation> done);

  List<Recomputation> recomputations();

  Recomputation add(String group, Instant from, Instant to);

  /** Times of a group whose inputs were corrected. */
  record Recomputation(long id, String group, Instant from, Instant to) {}
}
