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

  /** By group, when its sources had last changed a row when they were last asked. */
  Map<String, Instant> updates();

  /** Notes that, with the times that are to be computed again for it, in one transaction. */
  List<Recomputation> updated(String group, Instant updatedAt, List<ClosePlan.Span> changed);

  /** Times of a group whose inputs were corrected. */
  record Recomputation(long id, String group, Instant from, Instant to) {}
}
