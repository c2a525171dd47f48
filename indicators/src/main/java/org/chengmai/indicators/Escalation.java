package org.chengmai.indicators;

import java.time.Instant;
import java.util.List;

/**
 * An alert that fires waits for someone to acknowledge it or to say what it is.
 *
 * @param since since when it waits, UTC
 * @param to who else was called meanwhile, the first step first
 */
public record Escalation(Instant since, List<String> to) {
  public Escalation {
    to = List.copyOf(to);
  }
}
