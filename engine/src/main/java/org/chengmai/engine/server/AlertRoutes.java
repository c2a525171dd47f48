package org.chengmai.engine.server;

import io.vertx.core.WorkerExecutor;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.util.List;
import java.util.Map;
import org.chengmai.engine.alerts.AlertBook;
import org.chengmai.indicators.Alert;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;
import org.chengmai.indicators.Principal;
import org.chengmai.indicators.Role;
import org.chengmai.indicators.json.Json;
import org.jspecify.annotations.Nullable;

/** {@code /api/v1/alerts}: list, look at one, acknowledge, close. */
public final class AlertRoutes {
  private static final int MOST = 1000;
  private static final int LONGEST_NOTE = 2000;

  private final AlertBook book;
  private final WorkerExecutor executor;

  public AlertRoutes(AlertBook book, WorkerExecutor executor) {
    this.book = book;
    this.executor = executor;
  }

  public void mount(Router router) {
    BodyHandler body = BodyHandler.create(false).setBodyLimit(64 * 1024);
    router.get("/api/v1/alerts").handler(this::list);
    router.get("/api/v1/alerts/:id").handler(this::one);
    router
        .post("/api/v1/alerts/:id/acknowledge")
        .handler(body)
        .handler(context -> decide(context, book::acknowledge));
    router
        .post("/api/v1/alerts/:id/close")
        .handler(body)
        .handler(context -> decide(context, book::close));
  }

  private void list(RoutingContext context) {
    Requests.principal(context, Role.VIEWER);
    String state =
        context.queryParams().contains("state") ? context.queryParams().get("state") : "open";
    if (!state.equals("open") && !state.equals("all")) {
      throw new ChengmaiException(
          ErrorCode.INVALID_INPUT, "state '%s': open or all".formatted(state));
    }
    int limit = limit(context.queryParams().get("limit"));
    Requests.answer(
        context,
        executor,
        () -> {
          List<Alert> alerts = state.equals("all") ? book.newest(limit) : book.open();
          return Map.of("alerts", alerts.subList(0, Math.min(limit, alerts.size())));
        });
  }

  private void one(RoutingContext context) {
    Requests.principal(context, Role.VIEWER);
    String id = context.pathParam("id");
    Requests.answer(context, executor, () -> book.get(id));
  }

  private void decide(RoutingContext context, Decision decision) {
    Principal principal = Requests.principal(context, Role.OPERATOR);
    String id = context.pathParam("id");
    String text = context.body().asString();
    Body body = Json.read(text == null ? "" : text, Body.class);
    Integer revision = body.revision();
    if (revision == null) {
      throw new ChengmaiException(
          ErrorCode.INVALID_INPUT,
          "the body needs the revision of the alert that was seen: {\"revision\":1,\"note\":\"…\"}");
    }
    if (body.note() != null && body.note().length() > LONGEST_NOTE) {
      throw new ChengmaiException(
          ErrorCode.TOO_LARGE,
          "a note has at most %d characters, this one has %d"
              .formatted(LONGEST_NOTE, body.note().length()));
    }
    int seen = revision;
    Requests.answer(context, executor, () -> decision.take(principal, id, seen, body.note()));
  }

  static int limit(@Nullable String text) {
    try {
      int limit = text == null ? 200 : Integer.parseInt(text);
      if (limit >= 1 && limit <= MOST) {
        return limit;
      }
    } catch (NumberFormatException e) {
      // told below
    }
    throw new ChengmaiException(
        ErrorCode.INVALID_INPUT, "limit '%s': a number from 1 to %d".formatted(text, MOST));
  }

  private interface Decision {
    Alert take(Principal principal, String id, int revision, @Nullable String note);
  }

  private record Body(@Nullable Integer revision, @Nullable String note) {}
}
