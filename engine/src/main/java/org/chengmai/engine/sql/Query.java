package org.chengmai.engine.sql;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.types.pojo.Schema;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;
import org.chengmai.indicators.Role;
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

  private final QueryRequest request;
  private final String user;
  private final Instant since;
  private final SqlLimits limits;
  private final Start start;
  private final Places.Turn turn;
  private final Consumer<Query> onClose;
  private volatile Ending ending = new Ending();
  private volatile @Nullable RowStream rows;
  private @Nullable Future<?> expiry;
  private boolean hasBegun;
  private boolean isStopped;

  private final long arrivedAt = System.nanoTime();

  /** Nanoseconds from its arrival to its turn and to its plan; negative before. */
  private long toTurn = -1;

  private long toPlan = -1;

  /** Nanoseconds of waiting for rows, and those until the first was there; negative before. */
  private long waited;

  private long toFirstRow = -1;
  private long sent;
  private boolean isRead;
  private boolean isClosed;
  private @Nullable ChengmaiException failure;

  Query(
      QueryRequest request,
      Instant since,
      SqlLimits limits,
      Places places,
      Start start,
      Consumer<Query> onClose) {
    this.request = request;
    this.user = request.principal().name();
    this.since = since;
    this.limits = limits;
    this.start = start;
    this.turn = places.request(user, 1);
    this.onClose = onClose;
  }

  String user() {
    return user;
  }

  String id() {
    return request.id().toString();
  }

  /** Waits for its turn, and starts; FORBIDDEN to those who are no analysts. */
  void begin(ScheduledExecutorService watch, Consumer<String> onArrival) {
    try {
      request.principal().require(Role.ANALYST, "running SQL");
      onArrival.accept(id());
      enter();
      start(watch);
    } catch (RuntimeException | Error e) {
      failed(e);
      throw e;
    }
  }

  private void enter() {
    if (!ending.await(turn.entered(), limits.queue())) {
      throw new ChengmaiException(
          ErrorCode.RESOURCES,
          "%d queries are running, at most %d of one user (limits.queries, limits.queries_per_user), and %s of waiting (limits.queue_time) brought no turn: %d would come first; try again"
              .formatted(
                  limits.queries(), limits.queriesPerUser(), limits.queue(), turn.position() - 1));
    }
    toTurn = System.nanoTime() - arrivedAt;
  }

  private void start(ScheduledExecutorService watch) {
    expiry =
        watch.schedule(
            () -> stop(running -> running.expire(limits.time())),
            limits.time().toMillis(),
            TimeUnit.MILLISECONDS);
    rows = start.run(user, request.query(), ending);
    toPlan = System.nanoTime() - arrivedAt;
  }

  /** Notes why it ends. */
  private void failed(Throwable why) {
    if (failure == null) {
      failure = SqlErrors.translate(why);
    }
  }

  /** How it stands. */
  RunningQuery view() {
    RowStream running = rows;
    int position = turn.position();
    QueryReport moved = running == null ? QueryReport.NOTHING : running.moved();
    return new RunningQuery(
        id(),
        user,
        request.via(),
        request.sql(),
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
  public Schema shape() {
    return rows().shape();
  }

  @Override
  public QueryReport moved() {
    return rows().moved();
  }

  @Override
  public boolean hasNext() {
    long askedAt = System.nanoTime();
    try {
      isRead = !isMore();
      return !isRead;
    } catch (RuntimeException | Error e) {
      failed(e);
      throw e;
    } finally {
      waited += System.nanoTime() - askedAt;
      if (toFirstRow < 0 && failure == null) {
        toFirstRow = waited;
      }
    }
  }

  private boolean isMore() {
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
      running = start.again(user, request.query(), renewed(), running, e);
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
    try {
      List<@Nullable Object> row = rows().next();
      sent++;
      return row;
    } catch (RuntimeException | Error e) {
      failed(e);
      throw e;
    }
  }

  @Override
  public @Nullable List<FieldVector> vectors() {
    try {
      List<FieldVector> vectors = rows().vectors();
      if (vectors != null) {
        sent += vectors.get(0).getValueCount();
      }
      return vectors;
    } catch (RuntimeException | Error e) {
      failed(e);
      throw e;
    }
  }

  @Override
  public void cancel() {
    stop(Ending::cancel);
  }

  @Override
  public void close() {
    if (isClosed) {
      return;
    }
    isClosed = true;
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
      onClose.accept(this);
    }
  }

  /**
   * What became of it; once it is closed.
   *
   * @param slow the plan is told of a query that took so long to plan and run
   */
  EndedQuery ended(Instant now, Duration slow) {
    long all = System.nanoTime() - arrivedAt;
    long queue = toTurn < 0 ? all : toTurn;
    long plan = (toPlan < 0 ? all : toPlan) - queue;
    PlannedRows planned = rows instanceof PlannedRows run ? run : null;
    ChengmaiException why = failure;
    boolean isSlow = plan + waited >= slow.toNanos();
    return new EndedQuery(
        request.id(),
        user,
        request.via(),
        since,
        now,
        request.sql(),
        planned == null ? null : PlanHash.of(planned.plan()),
        planned == null || !isSlow ? null : planned.explained(plan / 1e6),
        planned == null ? List.of() : planned.plan().libraries(),
        planned == null ? QueryReport.NOTHING : planned.moved(),
        sent,
        new EndedQuery.Times(
            TimeUnit.NANOSECONDS.toMillis(queue),
            TimeUnit.NANOSECONDS.toMillis(plan),
            TimeUnit.NANOSECONDS.toMillis(waited),
            toFirstRow < 0 ? null : TimeUnit.NANOSECONDS.toMillis(toFirstRow),
            TimeUnit.NANOSECONDS.toMillis(all - queue - plan - waited)),
        isSlow,
        outcome(),
        why == null ? null : EndedQuery.Failure.of(why));
  }

  private EndedQuery.Outcome outcome() {
    ChengmaiException why = failure;
    if (isRead && why == null) {
      return EndedQuery.Outcome.DONE;
    }
    if (ending.isExpired()) {
      return EndedQuery.Outcome.EXPIRED;
    }
    if (why == null || why.code() == ErrorCode.CANCELLED) {
      return EndedQuery.Outcome.CANCELLED;
    }
    return toTurn < 0 || why.code() == ErrorCode.FORBIDDEN
        ? EndedQuery.Outcome.REFUSED
        : EndedQuery.Outcome.FAILED;
  }
}
