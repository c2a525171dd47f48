package org.chengmai.engine.sql;

import java.time.Duration;

/**
 * Is told of the end of every query, also of those that could not be prepared, by the thread that
 * ended it. Safe for several threads.
 */
public interface QueryAudit {
  /** Tells nobody. */
  QueryAudit NONE =
      new QueryAudit() {
        @Override
        public Duration slow() {
          return Duration.ofDays(1);
        }

        @Override
        public void ended(EndedQuery query) {
          // nobody is told
        }
      };

  /** A query that was planned and run for so long is told with its plan. */
  Duration slow();

  /** Must neither wait nor throw. */
  void ended(EndedQuery query);
}
