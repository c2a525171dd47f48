package org.chengmai.engine.sql;

import java.util.concurrent.atomic.AtomicLong;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;

/** What one query has taken from its sources, and refuses beyond the limits. Thread-safe. */
final class Intake {
  private final SqlLimits limits;
  private final AtomicLong rows = new AtomicLong();
  private final AtomicLong bytes = new AtomicLong();

  Intake(SqlLimits limits) {
    this.limits = limits;
  }

  /** Counts what came; throws RESOURCES when it is too much. */
  void add(String library, long moreRows, long moreBytes) {
    refuse(library, rows.addAndGet(moreRows), limits.sourceRows(), "rows");
    refuse(library, bytes.addAndGet(moreBytes), limits.sourceBytes(), "bytes");
  }

  private static void refuse(String library, long taken, long limit, String what) {
    if (taken > limit) {
      throw new ChengmaiException(
          ErrorCode.RESOURCES,
          "the query takes more than %,d %s from its sources (limits.source_%s), the last of them from %s; filter, or aggregate so that sources send less"
              .formatted(limit, what, what, library));
    }
  }
}
