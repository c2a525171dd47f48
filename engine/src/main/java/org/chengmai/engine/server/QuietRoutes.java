package org.chengmai.engine.server;

import io.vertx.core.WorkerExecutor;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.chengmai.engine.duty.QuietBook;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;
import org.chengmai.indicators.Principal;
import org.chengmai.indicators.Role;
import org.chengmai.indicators.Suppression;
import org.chengmai.indicators.json.Json;
import org.jspecify.annotations.Nullable;

/** {@code /api/v1/quiet-windows}: times of works and of exercises; list, write down, end. */
public final class QuietRoutes {
  private final QuietBook book;
  private final WorkerExecutor executor;

  public QuietRoutes(QuietBook book, WorkerExecutor executor) {
    this.book = book;
    this.executor = executor;
  }

  public void mount(Router router) {
    BodyHandler body = BodyHandler.create(false).setBodyLimit(64 * 1024);
    router.get("/api/v1/quiet-windows").handler(this::list);
    router.post("/api/v1/quiet-windows").handler(body).handler(this::create);
    router.post("/api/v1/quiet-windows/:id/end").handler(body).handler(this::end);
  }

  private void list(RoutingContext context) {
    Requests.principal(context, Role.VIEWER);
    String past = Objects.requireNonNullElse(context.queryParams().get("past"), "false");
    if (!past.equals("true") && !past.equals("false")) {
      throw invalid("past '%s': true or false".formatted(past));
    }
    Requests.answer(
        context, executor, () -> Map.of("windows", book.list(Boolean.parseBoolean(past))));
  }

  private void create(RoutingContext context) {
    Principal principal = Requests.principal(context, Role.OPERATOR);
    Written body = read(context, Written.class);
    if (body.kind() == null || body.to() == null || body.reason() == null) {
      throw invalid(
          "the body needs a kind (maintenance or exercise), an end and a reason:"
              + " {\"kind\":\"maintenance\",\"to\":\"2026-01-31T08:00:00Z\",\"reason\":\"…\"}");
    }
    QuietBook.Draft draft =
        new QuietBook.Draft(
            body.kind(),
            body.from() == null ? null : Requests.time("from", body.from()),
            Requests.time("to", body.to()),
            Objects.requireNonNullElse(body.codes(), List.of()),
            Objects.requireNonNullElse(body.regions(), List.of()),
            body.reason());
    Requests.answer(context, executor, () -> book.create(principal, draft));
  }

  private void end(RoutingContext context) {
    Principal principal = Requests.principal(context, Role.OPERATOR);
    String id = context.pathParam("id");
    Note body = read(context, Note.class);
    Requests.answer(context, executor, () -> book.end(principal, id, body.note()));
  }

  /** An empty body is an empty object. */
  private static <T> T read(RoutingContext context, Class<T> type) {
    String text = context.body().asString();
    return Json.read(text == null || text.isBlank() ? "{}" : text, type);
  }

  private static ChengmaiException invalid(String message) {
    return new ChengmaiException(ErrorCode.INVALID_INPUT, message);
  }

  private record Written(
      Suppression.@Nullable Kind kind,
      @Nullable String from,
      @Nullable String to,
      @Nullable List<String> codes,
      @Nullable List<String> regions,
      @Nullable String reason) {}

  private record Note(@Nullable String note) {}
}
