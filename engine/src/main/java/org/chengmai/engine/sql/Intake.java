package org.chengmai.engine.sql;

import java.util.concurrent.atomic.AtomicLong;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;

/**
 * What one query has taken from its sources, and refuses beyond the limits of a query and of its
 * user. Thread-safe.
 */
final class Intake implements AutoCloseable {
  private static final String OF_QUERY =
      "the query takes more than %,d %s from its sources (limits.source_%s), the last of them from %s; filter, or aggregate so that sources send less";
  private static final String OF_USER =
      "your running queries take more than %,d %s from their sources (limits.user_source_%s), the last of them from %s; wait until one of them has ended, or let sources send less";

  private final SqlLimits limits;
  private final Taken ofUser;
  private final Taken own = new Taken();

  /** Rows and their bytes. */
  static final class Taken {
    private final AtomicLong rows = new AtomicLong();
    private final AtomicLong bytes = new AtomicLong();
  }

  /**
   * @param ofUser by all running queries of the user
   */
  Intake(SqlLimits limits, Taken ofUser) {
    this.limits = limits;
    this.ofUser = ofUser;
  }

  /** Counts what came; throws RESOURCES when it is too much. */
  void add(String library, long rows, long bytes) {
    long ownRows = own.rows.addAndGet(rows);
    long ownBytes = own.bytes.addAndGet(bytes);
    long userRows = ofUser.rows.addAndGet(rows);
    long userBytes = ofUser.bytes.addAndGet(bytes);
    refuse(ownRows, limits.sourceRows(), OF_QUERY, "rows", library);
    refuse(ownBytes, limits.sourceBytes(), OF_QUERY, "bytes", library);
    refuse(userRows, limits.userSourceRows(), OF_USER, "rows", library);
    refuse(userBytes, limits.userSourceBytes(), OF_USER, "bytes", library);
  }

  private static void refuse(long taken, long limit, String message, String what, String library) {
    if (taken > limit) {
      throw new ChengmaiException(
          ErrorCode.RESOURCES, message.formatted(limit, what, what, library));
    }
  }

  /** The query has ended; its user may take as much again. */
  @Override
  public void close() {
    ofUser.rows.addAndGet(-own.rows.getAndSet(0));
    ofUser.bytes.addAndGet(-own.bytes.getAndSet(0));
  }
}
