package org.chengmai.engine.sql;

import java.time.Duration;
import org.chengmai.connectors.pushdown.OpenStatements;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;
import org.jspecify.annotations.Nullable;

/**
 * How a run ends before its last row: cancelled, out of time, or by a failure. One thread runs; any
 * thread may cancel.
 */
final class Ending {
  private final OpenStatements statements = new OpenStatements();
  private volatile @Nullable String timeUp;

  /** What runs in the sources and in DuckDB for this query. */
  OpenStatements statements() {
    return statements;
  }

  /** Stops what runs; what would begin later is refused. */
  void cancel() {
    statements.cancel();
  }

  void expire(Duration time) {
    timeUp = "the query ran longer than %s; filter or aggregate more".formatted(time);
    cancel();
  }

  void refuseCancelled() {
    if (statements.isCancelled()) {
      throw new ChengmaiException(ErrorCode.CANCELLED, "the query was cancelled");
    }
  }

  /** What to tell of something thrown: the limit, the cancelling, or what failed first. */
  ChengmaiException failure(Throwable thrown) {
    String limit = timeUp;
    if (limit != null) {
      return new ChengmaiException(ErrorCode.RESOURCES, limit, thrown);
    }
    if (statements.isCancelled()) {
      return new ChengmaiException(ErrorCode.CANCELLED, "the query was cancelled", thrown);
    }
    // DuckDB tells only the message of what failed while it read a source's rows
    return SqlErrors.translate(statements.failure().map(Throwable.class::cast).orElse(thrown));
  }
}
