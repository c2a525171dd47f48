package org.chengmai.engine.sql;

import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.arrow.vector.FieldVector;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;
import org.chengmai.indicators.Table;
import org.jspecify.annotations.Nullable;

/**
 * One query of someone, from the queue to its last row. One thread begins and reads; any may cancel
 * or look.
 */
final class Query implements RowStream {

  /** Plans a query and starts it. */
  interface Start {
    RowStream run(String user, BoundQuery query, Ending ending);

    /**
     * The same after a failure before the first row: with tables read anew when a source refused
     * its SQL, in smaller steps when DuckDB did not say why it failed.
     *
     * @throws ChengmaiException the same when no table has changed
     */
    RowStream again(
        String user, BoundQuery query, Ending ending, RowStream failed, ChengmaiException why);
  }

  private final String id;
  private final String user;
  private final BoundQuery query;
  private final Instant since;
  private final SqlLimits limits;
  private final Start start;
  private final Places.Turn turn;
  private final Runnable onClose;
  private volatile Ending ending = new Ending();
  private volatile @Nullable RowStream rows;
  private @Nullable Future<?> expiry;
  private boolean hasBegun;
  private boolean isStopped;

  Query(
      String id,
      String user,
      BoundQuery query,
      Instant since,
      SqlLimits limits,
      Places places,
      Start start,
      Runnable onClose) {
    this.id = id;
    this.user = user;
    this.query = query;
    this.since = since;
    this.limits = limits;
    this.start = start;
    this.turn = places.request(user, 1);
    this.onClose = onClose;
  }

  String user() {
    return user;
  }

  /** Waits for its turn, and starts. */
  void begin(ScheduledExecutorService watch) {
    if (!ending.await(turn.entered(), limits.queue())) {
      throw new ChengmaiException(
          ErrorCode.RESOURCES,
          "%d queries are running, at most %d of one user (limits.queries, limits.queries_per_user), and %s of waiting (limits.queue_time) brought no turn: %d would come first; try again"
              .formatted(
                  limits.queries(), limits.queriesPerUser(), limits.queue(), turn.position() - 1));
    }
    expiry =
        watch.schedule(
            () -> stop(running -> running.expire(limits.time())),
            limits.time().toMillis(),
            TimeUnit.MILLISECONDS);
    rows = start.run(user, query, ending);
  }

  /** How it stands. */
  RunningQuery view() {
    RowStream running = rows;
    int position = turn.position();
    QueryReport moved = running == null ? QueryReport.NOTHING : running.moved();
    return new RunningQuery(
        id,
        user,
        query.sql(),
        position > 0
            ? RunningQuery.State.QUEUED
            : running == null ? RunningQuery.State.PLANNING : RunningQuery.State.RUNNING,
        position,
        since,
        moved.rows(),
        moved.bytes(),
        running instanceof FederatedRows federated ? federated.progress() : List.of());
  }

  private RowStream rows() {
    return Objects.requireNonNull(rows, "begun first");
  }

  @Override
  public List<Table.Column> columns() {
    return rows().columns();
  }

  @Override
  public QueryReport moved() {
    return rows().moved();
  }

  @Override
  public boolean hasNext() {
    RowStream running = rows();
    try {
      boolean isMore = running.hasNext();
      hasBegun = true;
      return isMore;
    } catch (ChengmaiException e) {
      boolean isWorthRepeating = SqlErrors.isOfChangedTable(e) || SqlErrors.isUnsaid(e.getCause());
      if (hasBegun || !isWorthRepeating) {
        throw e;
      }
      hasBegun = true;
      running.close();
      running = start.again(user, query, renewed(), running, e);
      rows = running;
      return running.hasNext();
    }
  }

  private synchronized Ending renewed() {
    if (isStopped) {
      ending.refuseEnded();
    }
    ending = new Ending();
    return ending;
  }

  private synchronized void stop(Consumer<Ending> how) {
    isStopped = true;
    how.accept(ending);
  }

  @Override
  public List<@Nullable Object> next() {
    return rows().next();
  }

  @Override
  public @Nullable List<FieldVector> vectors() {
    return rows().vectors();
  }

  @Override
  public void cancel() {
    stop(Ending::cancel);
  }

  @Override
  public void close() {
    try {
      if (expiry != null) {
        expiry.cancel(false);
      }
      RowStream running = rows;
      if (running != null) {
        running.close();
      }
    } finally {
      turn.close();
      onClose.run();
    }
  }
}
