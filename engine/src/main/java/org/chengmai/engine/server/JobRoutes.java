package org.chengmai.engine.server;

import io.vertx.core.WorkerExecutor;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.chengmai.engine.history.Job.Kind;
import org.chengmai.engine.history.Jobs;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;
import org.chengmai.indicators.Principal;
import org.chengmai.indicators.Role;
import org.chengmai.indicators.json.Json;
import org.jspecify.annotations.Nullable;

/** {@code /api/v1/jobs}: ask for work over the past, look at it, cancel it. */
public final class JobRoutes {
  private final Jobs jobs;
  private final WorkerExecutor executor;

  public JobRoutes(Jobs jobs, WorkerExecutor executor) {
    this.jobs = jobs;
    this.executor = executor;
  }

  public void mount(Router router) {
    router
        .post("/api/v1/jobs")
        .handler(BodyHandler.create(false).setBodyLimit(256 * 1024))
        .handler(this::submit);
    router.get("/api/v1/jobs").handler(this::list);
    router.get("/api/v1/jobs/:id").handler(this::one);
    router.delete("/api/v1/jobs/:id").handler(this::cancel);
  }

  private void submit(RoutingContext context) {
    Principal principal = Requests.principal(context, Role.ANALYST);
    String text = context.body().asString();
    Body body = Json.read(text == null ? "" : text, Body.class);
    if (body.kind() == null) {
      throw new ChengmaiException(
          ErrorCode.INVALID_INPUT,
          "the body needs a kind: {\"kind\":\"backfill\",\"from\":\"2026-01-01\",\"to\":\"2026-02-01\"}");
    }
    Jobs.Request request =
        new Jobs.Request(
            Kind.of(body.kind()),
            body.codes() == null ? List.of() : body.codes(),
            time("from", body.from()),
            time("to", body.to()),
            body.definition());
    Requests.answer(context, executor, () -> jobs.submit(principal, request));
  }

  private static @Nullable Instant time(String name, @Nullable String text) {
    return text == null ? null : Requests.time(name, text);
  }

  private void list(RoutingContext context) {
    Requests.principal(context, Role.ANALYST);
    int limit = AlertRoutes.limit(context.queryParams().get("limit"));
    Requests.answer(context, executor, () -> Map.of("jobs", jobs.list(limit)));
  }

  private void one(RoutingContext context) {
    Requests.principal(context, Role.ANALYST);
    long id = id(context);
    Requests.answer(context, executor, () -> jobs.get(id));
  }

  private void cancel(RoutingContext context) {
    Principal principal = Requests.principal(context, Role.ANALYST);
    long id = id(context);
    Requests.answer(context, executor, () -> jobs.cancel(principal, id).inShort());
  }

  private static long id(RoutingContext context) {
    String text = context.pathParam("id");
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException e) {
      throw new ChengmaiException(ErrorCode.INVALID_INPUT, "job '%s': a number".formatted(text), e);
    }
  }

  /** Times are texts: a time or a date. */
  private record Body(
      @Nullable String kind,
      @Nullable List<String> codes,
      @Nullable String from,
      @Nullable String to,
      @Nullable String definition) {}
}
