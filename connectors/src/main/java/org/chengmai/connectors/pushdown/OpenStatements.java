package org.chengmai.connectors.pushdown;

import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The statements that one federated query has open in its sources, and what was sent to them.
 *
 * <p>Bound to the thread that runs the query, because Calcite's generated code opens statements
 * without telling whose they are. Any thread may cancel.
 */
public final class OpenStatements {
  private static final ThreadLocal<@Nullable OpenStatements> CURRENT = new ThreadLocal<>();

  /** So long a query waits altogether for sources that were asked to stop. */
  private static final long PATIENCE_NANOS = Duration.ofMillis(100).toNanos();

  /** Something that runs in a source and can be told to stop, by any thread and more than once. */
  public interface Work {
    /** Asks the source to stop. */
    void cancel();

    /**
     * Goes on without the source when it has not stopped by then.
     *
     * @param deadline a moment of {@link System#nanoTime()}
     */
    void abandon(long deadline);
  }

  private final Set<Statement> open = ConcurrentHashMap.newKeySet();
  private final Set<Work> works = ConcurrentHashMap.newKeySet();
  private final List<String> sent = Collections.synchronizedList(new ArrayList<>());
  private final AtomicReference<@Nullable RuntimeException> failure = new AtomicReference<>();
  private volatile boolean isCancelled;

  /** Runs {@code work} so that the statements which it opens belong to this query. */
  public <T> T call(Supplier<T> work) {
    OpenStatements before = CURRENT.get();
    CURRENT.set(this);
    try {
      return work.get();
    } finally {
      CURRENT.set(before);
    }
  }

  /** Cancels what runs in the sources; later statements are refused. */
  public void cancel() {
    isCancelled = true;
    for (Statement statement : open) {
      try {
        statement.cancel();
      } catch (SQLException e) {
        // the statement is over or its connection is gone: nothing is left to cancel
      }
    }
    works.forEach(Work::cancel);
    long deadline = System.nanoTime() + PATIENCE_NANOS;
    works.forEach(work -> work.abandon(deadline));
  }

  public boolean isCancelled() {
    return isCancelled;
  }

  /** The SQL texts sent to sources so far, in order. */
  public List<String> sent() {
    synchronized (sent) {
      return List.copyOf(sent);
    }
  }

  static @Nullable OpenStatements current() {
    return CURRENT.get();
  }

  /** Notes what was sent; from here on {@link #cancel()} reaches the work. */
  public void begin(Work work, String sql) {
    works.add(work);
    sent.add(sql);
  }

  public void end(Work work) {
    works.remove(work);
  }

  /**
   * Notes why a reader of this query failed, for whoever learns of it through native code that
   * keeps only a text.
   */
  public void fail(RuntimeException reason) {
    failure.compareAndSet(null, reason);
  }

  /** The first failure of a reader of this query. */
  public Optional<RuntimeException> failure() {
    return Optional.ofNullable(failure.get());
  }

  void begin(Statement statement, String sql) throws SQLException {
    open.add(statement);
    sent.add(sql);
    if (isCancelled) {
      throw new SQLException("the query was cancelled");
    }
  }

  void end(Statement statement) {
    open.remove(statement);
  }
}
