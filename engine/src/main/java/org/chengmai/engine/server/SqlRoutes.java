package org.chengmai.engine.server;

import com.fasterxml.jackson.core.JsonGenerator;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.apache.arrow.memory.BufferAllocator;
import org.chengmai.engine.sql.QueryRequest;
import org.chengmai.engine.sql.RowStream;
import org.chengmai.engine.sql.SqlEngine;
import org.chengmai.engine.sql.Via;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;
import org.chengmai.indicators.Principal;
import org.chengmai.indicators.Role;
import org.chengmai.indicators.Table;
import org.chengmai.indicators.json.Json;

/**
 * {@code /api/v1/sql}, its explanation, the queries that wait or run, and the catalogue. Results
 * stream; a client that goes away cancels its query, also in the sources. The header {@code
 * X-Query-Id} names the query in {@code /api/v1/sql/queries}.
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
    router.get("/api/v1/catalog").handler(this::catalog);
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
    Principal principal = Requests.principal(context, Role.ANALYST);
    String sql = sql(context);
    Requests.answer(
        context,
        executor,
        () ->
            Map.of(
                "plan", engine.explain(principal, sql),
                "fragments",
                    engine.fragments(principal, sql).stream()
                        .map(
                            fragment ->
                                Map.of("library", fragment.getKey(), "sql", fragment.getValue()))
                        .toList()));
  }

  private void query(RoutingContext context) {
    Principal principal = Requests.principal(context, Role.ANALYST);
    String sql = sql(context);
    AnswerFormat format = AnswerFormat.of(context);
    ResponseStream output = new ResponseStream(context.response());
    context.response().closeHandler(closed -> output.abandon());
    executor
        .executeBlocking(
            () -> {
              run(principal, sql, format, context.response(), output);
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
      Principal principal,
      String sql,
      AnswerFormat format,
      HttpServerResponse response,
      ResponseStream output)
      throws IOException {
    long start = System.nanoTime();
    try (RowStream rows =
        engine.stream(
            QueryRequest.of(principal, Via.HTTP, sql),
            id -> {
              response.putHeader("X-Query-Id", id);
              output.onAbandon(() -> cancelLater(id));
            })) {
      // the first row before the head, so that an error of the query has its own status
      boolean unused = rows.hasNext();
      response.putHeader("Content-Type", format.kind().contentType());
      if (format.kind() == AnswerFormat.Kind.JSON) {
        writeJson(rows, output, start);
      } else {
        format.write(rows, output, allocator);
      }
      output.close();
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  /** Off the event loop, because it waits a moment for the sources. */
  private void cancelLater(String id) {
    looking.executeBlocking(
        () -> {
          engine.cancel(id);
          return null;
        },
        false);
  }

  /** The SQL of the body: JSON with a field {@code sql}, or the text itself. */
  private static String sql(RoutingContext context) {
    String body = context.body().asString(StandardCharsets.UTF_8.name());
    if (body == null) {
      return "";
    }
    String type = String.valueOf(context.request().getHeader("Content-Type"));
    if (!type.contains("json") && !body.stripLeading().startsWith("{")) {
      return body;
    }
    try {
      Object sql = new JsonObject(body).getValue("sql");
      if (sql instanceof String text) {
        return text;
      }
    } catch (io.vertx.core.json.DecodeException e) {
      throw new ChengmaiException(
          ErrorCode.INVALID_INPUT, "the body is no valid JSON: " + e.getMessage(), e);
    }
    throw new ChengmaiException(
        ErrorCode.INVALID_INPUT, "the body needs a field 'sql' with the text of the query");
  }

  private static void writeJson(RowStream rows, OutputStream output, long start)
      throws IOException {
    try (JsonGenerator json = Json.mapper().createGenerator(output)) {
      json.disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);
      json.writeStartObject();
      json.writeArrayFieldStart("columns");
      for (Table.Column column : rows.columns()) {
        json.writeStartObject();
        json.writeStringField("name", column.name());
        json.writeStringField("type", column.type());
        json.writeEndObject();
      }
      json.writeEndArray();
      json.writeArrayFieldStart("rows");
      while (rows.hasNext()) {
        json.writeStartArray();
        for (Object value : rows.next()) {
          json.writePOJO(value instanceof Double number && !Double.isFinite(number) ? null : value);
        }
        json.writeEndArray();
      }
      json.writeEndArray();
      json.writeNumberField("elapsed_ms", (System.nanoTime() - start) / 1_000_000);
      json.writeEndObject();
    }
  }
}
