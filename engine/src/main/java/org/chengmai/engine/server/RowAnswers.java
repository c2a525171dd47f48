package org.chengmai.engine.server;

import io.vertx.core.WorkerExecutor;
import io.vertx.ext.web.RoutingContext;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Function;
import org.apache.arrow.memory.BufferAllocator;
import org.chengmai.engine.sql.RowStream;
import org.chengmai.indicators.Table;
import org.jspecify.annotations.Nullable;

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

  /** A table's rows, one by one. */
  private static final class TableRows implements RowStream {
    private final List<Table.Column> columns;
    private final Iterator<List<@Nullable Object>> rows;

    TableRows(Table table) {
      this.columns = table.columns();
      this.rows = table.rows().iterator();
    }

    @Override
    public List<Table.Column> columns() {
      return columns;
    }

    @Override
    public boolean hasNext() {
      return rows.hasNext();
    }

    @Override
    public List<@Nullable Object> next() {
      return rows.next();
    }

    @Override
    public void cancel() {
      // nothing runs
    }

    @Override
    public void close() {
      // nothing is held
    }
  }
}
