package org.chengmai.engine.sql;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.chengmai.connectors.pushdown.OpenStatements;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;

/**
 * How a run ends before its last row: cancelled, over a limit, or by a failure. The first reason
 * stops all parts of the run and is the one told. Safe for use by several threads.
 */
final class Ending {
  private final OpenStatements statements = new OpenStatements();
  private final CompletableFuture<ChengmaiException> reason = new CompletableFuture<>();
  private volatile Runnable stop = () -> {};
  private volatile boolean isExpired;

  /** What runs in the sources for this query. */
  OpenStatements statements() {
    return statements;
  }

  /** What else must be stopped; at once when the end has come. */
  void onEnd(Runnable stop) {
    this.stop = stop;
    if (reason.isDone()) {
      stop.run();
    }
  }

  /** Stops what runs; what would begin later is refused. */
  void cancel() {
    boolean unused = end(new ChengmaiException(ErrorCode.CANCELLED, "the query was cancelled"));
  }

  void expire(Duration time) {
    isExpired =
        end(
            new ChengmaiException(
                ErrorCode.RESOURCES,
                "the query ran longer than %s (limits.query_time); filter or aggregate more"
                    .formatted(time)));
  }

  /** Whether its time being over is why the run ended. */
  boolean isExpired() {
    return isExpired;
  }

  /** Stops the other parts because one failed; answers what to tell, which may be another's. */
  ChengmaiException fail(Throwable thrown) {
    // DuckDB tells only the message of what failed while it read a source's rows
    boolean unused =
        end(SqlErrors.translate(statements.failure().map(Throwable.class::cast).orElse(thrown)));
    return reason.join();
  }

  /** Answers whether this reason is the first. */
  private boolean end(ChengmaiException why) {
    boolean isFirst = reason.complete(why);
    stop.run();
    statements.cancel();
    return isFirst;
  }

  void refuseEnded() {
    if (reason.isDone()) {
      throw reason.join();
    }
  }

  /** Waits for a part of the run; throws as soon as the run ends. */
  <T> T await(CompletableFuture<T> part) {
    boolean unused = await(part, Duration.ofDays(1));
    return part.join();
  }

  /** Waits for something; false when it takes longer than that. Throws when the run ends. */
  boolean await(CompletableFuture<?> part, Duration patience) {
    try {
      Object unused =
          CompletableFuture.anyOf(part, reason).get(patience.toMillis(), TimeUnit.MILLISECONDS);
      refuseEnded();
      return true;
    } catch (TimeoutException e) {
      return part.isDone();
    } catch (ExecutionException e) {
      throw fail(Objects.requireNonNullElse(e.getCause(), e));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      cancel();
      throw reason.join();
    }
  }
}
