package org.chengmai.engine.sql;

import java.time.Duration;

/** A run that can be told that its time is over. */
interface ExpiringRun extends RowStream {
  /** Cancels because the time is over. */
  void expire(Duration time);
}
