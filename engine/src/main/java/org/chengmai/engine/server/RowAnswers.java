package org.chengmai.engine.server;

import io.vertx.core.WorkerExecutor;
import io.vertx.ext.web.RoutingContext;
import java.util.concurrent.Callable;
import java.util.function.Function;
import org.apache.arrow.memory.BufferAllocator;
import org.chengmai.engine.sql.TableRows;
import org.chengmai.indicators.Table;

/** Answers that are JSON, or rows as NDJSON, CSV or Arrow where a request wants that. */
public final class RowAnswers {
  private final BufferAllocator allocator;
  private final WorkerExecutor executor;

  /**
   * @param allocator for Arrow; belongs to the caller
   */
  public RowAnswers(BufferAllocator allocator, WorkerExecutor executor) {
    this.allocator = allocator;
    this.executor = executor;
  }

  /**
   * Answers what {@code work} gives.
   *
   * @param rows the same as rows
   */
  <T> void answer(RoutingContext context, Callable<T> work, Function<T, Table> rows) {
    AnswerFormat format = AnswerFormat.of(context);
    if (format.kind() == AnswerFormat.Kind.JSON) {
      Requests.answer(context, executor, work);
      return;
    }
    ResponseStream output = new ResponseStream(context.response());
    context.response().closeHandler(closed -> output.abandon());
    executor
        .executeBlocking(
            () -> {
              long startedAt = System.nanoTime();
              Table table = rows.apply(work.call());
              context.response().putHeader("Content-Type", format.kind().contentType());
              format.write(new TableRows(table), output, allocator, startedAt);
              output.close();
              return null;
            },
            false)
        .onFailure(
            error -> {
              if (!output.isAbandoned()) {
                context.fail(error);
              }
            });
  }
}
