package org.chengmai.engine.querylog;

import com.google.common.base.Throwables;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import javax.sql.DataSource;
import org.chengmai.engine.pipeline.QuietThread;
import org.chengmai.engine.sql.EndedQuery;
import org.chengmai.engine.sql.QueryAudit;
import org.chengmai.engine.sql.SqlEngine;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;
import org.chengmai.indicators.Principal;
import org.chengmai.indicators.Role;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps what became of queries, in PostgreSQL. Safe for several threads.
 *
 * <p>No query waits for it: a bounded queue takes what ended and one thread writes it in batches. A
 * full queue drops, counts and says so. Of the engine's own queries only slow and failed ones are
 * kept.
 */
public final class QueryLog implements QueryAudit, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(QueryLog.class);

  /** How many wait at most; a query is at most a megabyte of text, most are far smaller. */
  static final int CAPACITY = 1000;

  private static final int BATCH = 200;
  private static final Duration PAUSE = Duration.ofMillis(200);

  /** How often a batch is tried: half a minute and more of a database that is away. */
  private static final int ATTEMPTS = 150;

  private final QueryLogConfig config;
  private final QueryBook book;
  private final InstantSource clock;
  private final Counter dropped;
  private final BlockingQueue<EndedQuery> queue = new ArrayBlockingQueue<>(CAPACITY);
  private final QuietThread writer = new QuietThread("query-log");

  // of the thread that writes
  private final List<EndedQuery> batch = new ArrayList<>();
  private int failures;
  private long droppedAndSaid;

  /** Without its thread. */
  QueryLog(QueryLogConfig config, DataSource database, InstantSource clock, MeterRegistry metrics) {
    this.config = config;
    this.book = new QueryBook(database);
    this.clock = clock;
    this.dropped = metrics.counter("chengmai.querylog.drop");
  }

  /** Begins to write, and to delete each day what is too old. */
  public static QueryLog start(
      QueryLogConfig config, DataSource database, InstantSource clock, MeterRegistry metrics) {
    QueryLog log = new QueryLog(config, database, clock, metrics);
    log.writer.repeat(PAUSE, log::write);
    log.writer.once(log::sweep);
    log.writer.repeat(Duration.ofDays(1), log::sweep);
    return log;
  }

  @Override
  public Duration slow() {
    return config.slow();
  }

  @Override
  public void ended(EndedQuery query) {
    boolean isRoutine =
        query.user().equals(SqlEngine.INTERNAL.name())
            && query.outcome() == EndedQuery.Outcome.DONE
            && !query.isSlow();
    if (config.enabled() && !isRoutine && !queue.offer(query)) {
      dropped.increment();
    }
  }

  /** How many queries are not in the log because they ended faster than it could write. */
  public long dropped() {
    return (long) dropped.count();
  }

  /** Writes what waits; when that fails, the same is tried next time. */
  synchronized void write() {
    try {
      if (batch.isEmpty()) {
        queue.drainTo(batch, BATCH);
      }
      while (!batch.isEmpty()) {
        book.keep(batch, config.sqlText());
        failures = 0;
        batch.clear();
        queue.drainTo(batch, BATCH);
      }
    } catch (RuntimeException e) {
      failed(e);
    }
    long all = dropped();
    if (all > droppedAndSaid) {
      LOG.atWarn().addKeyValue("queries", all - droppedAndSaid).log("not in the query log");
      droppedAndSaid = all;
    }
  }

  private void failed(RuntimeException error) {
    if (failures == 0) {
      // the innermost message only: those around it hold the values, and so what users typed
      LOG.atWarn()
          .addKeyValue("error", Throwables.getRootCause(error).getMessage())
          .log("the query log cannot be written; it is tried again");
    }
    failures++;
    if (failures == ATTEMPTS) {
      dropped.increment(batch.size());
      batch.clear();
      failures = 0;
    }
  }

  /** Deletes what is too old. */
  void sweep() {
    try {
      int deleted = book.deleteBefore(clock.instant().minus(config.retain()));
      if (deleted > 0) {
        LOG.atInfo().addKeyValue("entries", deleted).log("the query log forgot what was too old");
      }
    } catch (RuntimeException e) {
      LOG.atWarn().setCause(e).log("the query log could not forget; it tries again in a day");
    }
  }

  /**
   * The newest entries first, without their plans: an admin's of everyone, another's own.
   *
   * @throws ChengmaiException FORBIDDEN for somebody else's
   */
  public List<LoggedQuery> search(Principal principal, LoggedQuery.Search search) {
    if (principal.role().includes(Role.ADMIN)) {
      return book.search(search);
    }
    if (search.user() != null && !search.user().equals(principal.name())) {
      throw new ChengmaiException(
          ErrorCode.FORBIDDEN,
          "the queries of '%s' are for administrators; leave user out to see your own"
              .formatted(search.user()));
    }
    return book.search(search.ofUser(principal.name()));
  }

  /** One entry with its plan; NOT_FOUND when there is none, or it is somebody else's. */
  public LoggedQuery find(Principal principal, UUID id) {
    return book.find(id, principal.role().includes(Role.ADMIN) ? null : principal.name())
        .orElseThrow(
            () ->
                new ChengmaiException(
                    ErrorCode.NOT_FOUND, "no query %s of yours is in the log".formatted(id)));
  }

  /** Writes what waits, and stops. */
  @Override
  public void close() {
    writer.close();
    write();
  }
}
