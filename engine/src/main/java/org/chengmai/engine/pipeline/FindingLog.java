package org.chengmai.engine.pipeline;

import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.chengmai.indicators.quality.Finding;

/** Where failed findings are kept for those who read them. */
@FunctionalInterface
public interface FindingLog {

  /**
   * Takes what failed in some indicators' periods with {@code from <= start < to}, in place of what
   * was known of them before.
   */
  void keep(Set<String> codes, Instant from, Instant to, List<Finding> failed);
}
