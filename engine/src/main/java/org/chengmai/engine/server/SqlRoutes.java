package org.chengmai.engine.server;

import io.vertx.core.WorkerExecutor;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.concurrent.RejectedExecutionException;
import org.apache.arrow.memory.BufferAllocator;
import org.chengmai.engine.sql.Explanation;
import org.chengmai.engine.sql.QueryRequest;
import org.chengmai.engine.sql.RowStream;
import org.chengmai.engine.sql.SqlEngine;
import org.chengmai.engine.sql.SqlWords;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.Principal;
import org.chengmai.indicators.Role;

/**
 * {@code /api/v1/sql}, its explanation, the queries that wait or run, and the catalogue. Results
 * stream; a client that goes away cancels its query, also in the sources. The header {@code
 * X-Query-Id} names the query in {@code /api/v1/sql/queries}; a request may choose it. A query that
 * fails after its first rows ends the answer with its error where the format has a place for one,
 * and always with a broken connection.
 */
public final class SqlRoutes {
  private static final int BODY_LIMIT = 1 << 20;

  private final SqlEngine engine;
  private final BufferAllocator allocator;
  private final WorkerExecutor executor;
  private final WorkerExecutor looking;

  /**
   * @param allocator for Arrow answers; belongs to the caller
   * @param executor where queries wait and run; its size bounds how many
   * @param looking for what must be answered while all of that is busy
   */
  public SqlRoutes(
      SqlEngine engine,
      BufferAllocator allocator,
      WorkerExecutor executor,
      WorkerExecutor looking) {
    this.engine = engine;
    this.allocator = allocator;
    this.executor = executor;
    this.looking = looking;
  }

  public void mount(Router router) {
    BodyHandler body = BodyHandler.create(false).setBodyLimit(BODY_LIMIT);
    router.post("/api/v1/sql/explain").handler(body).handler(this::explain);
    router.post("/api/v1/sql").handler(body).handler(this::query);
    router.get("/api/v1/sql/queries").handler(this::queries);
    router.get("/api/v1/sql/queries/:id").handler(this::running);
    router.delete("/api/v1/sql/queries/:id").handler(this::cancel);
    router.get("/api/v1/sql/words").handler(this::words);
    router.get("/api/v1/catalog").handler(this::catalog);
  }

  private void words(RoutingContext context) {
    Requests.principal(context, Role.ANALYST);
    Requests.answer(context, looking, () -> SqlWords.KNOWN);
  }

  private void catalog(RoutingContext context) {
    Requests.principal(context, Role.ANALYST);
    Requests.answer(context, executor, () -> Map.of("libraries", engine.catalog()));
  }

  private void queries(RoutingContext context) {
    Principal principal = Requests.principal(context, Role.ANALYST);
    Requests.answer(context, looking, () -> Map.of("queries", engine.queries(principal)));
  }

  private void running(RoutingContext context) {
    Principal principal = Requests.principal(context, Role.ANALYST);
    Requests.answer(context, looking, () -> engine.running(principal, context.pathParam("id")));
  }

  private void cancel(RoutingContext context) {
    Principal principal = Requests.principal(context, Role.ANALYST);
    looking
        .executeBlocking(
            () -> {
              engine.cancel(principal, context.pathParam("id"));
              return null;
            },
            false)
        .onSuccess(done -> context.response().setStatusCode(204).end())
        .onFailure(context::fail);
  }

  private void explain(RoutingContext context) {
    // whoever may not run SQL is refused by the engine, which tells the query log
    Principal principal = Requests.principal(context, Role.VIEWER);
    SqlBody body = SqlBody.of(context);
    Requests.answer(
        context,
        executor,
        () -> {
          QueryRequest request = body.request(engine, principal);
          context.response().putHeader("X-Query-Id", request.id().toString());
          Explanation explanation = engine.explain(request);
          return Map.of(
              "plan",
              explanation.plan(),
              "fragments",
              explanation.fragments().stream()
                  .map(fragment -> Map.of("library", fragment.getKey(), "sql", fragment.getValue()))
                  .toList());
        });
  }

  private void query(RoutingContext context) {
    Principal principal = Requests.principal(context, Role.VIEWER);
    SqlBody body = SqlBody.of(context);
    AnswerFormat format = AnswerFormat.of(context);
    ResponseStream output = new ResponseStream(context.response());
    context.response().closeHandler(closed -> output.abandon());
    executor
        .executeBlocking(
            () -> {
              run(body.request(engine, principal), format, context.response(), output);
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

  private void run(
      QueryRequest request, AnswerFormat format, HttpServerResponse response, ResponseStream output)
      throws IOException {
    long startedAt = System.nanoTime();
    try (RowStream rows =
        engine.stream(
            request,
            id -> {
              response.putHeader("X-Query-Id", id);
              output.onAbandon(() -> cancelLater(id));
            })) {
      // the first row before the head, so that an error of the query has its own status
      boolean unused = rows.hasNext();
      response.putHeader("Content-Type", format.kind().contentType());
      format.write(rows, output, allocator, startedAt);
      output.close();
    } catch (ChengmaiException e) {
      if (!output.isBegun()) {
        throw e;
      }
      output.breakOff();
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  /** Off the event loop, because it waits a moment for the sources. */
  private void cancelLater(String id) {
    try {
      looking.executeBlocking(
          () -> {
            engine.cancel(id);
            return null;
          },
          false);
    } catch (RejectedExecutionException e) {
      return; // the server closes, and the engine ends its queries
    }
  }
}
