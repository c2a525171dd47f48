package org.chengmai.engine.server;

import io.vertx.core.WorkerExecutor;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.chengmai.engine.alerts.AlertBook;
import org.chengmai.indicators.Alert;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;
import org.chengmai.indicators.Feedback;
import org.chengmai.indicators.Principal;
import org.chengmai.indicators.Role;
import org.chengmai.indicators.SeriesKey;
import org.chengmai.indicators.json.Json;
import org.jspecify.annotations.Nullable;

/** {@code /api/v1/alerts}: list, look at one, acknowledge, close, say what it turned out to be. */
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
        .handler(
            context ->
                decide(
                    context,
                    (who, id, said) -> book.acknowledge(who, id, said.seen(), said.note())));
    router
        .post("/api/v1/alerts/:id/close")
        .handler(body)
        .handler(
            context ->
                decide(context, (who, id, said) -> book.close(who, id, said.seen(), said.note())));
    router.get("/api/v1/alerts/:id/feedback").handler(this::feedback);
    router.post("/api/v1/alerts/:id/feedback").handler(body).handler(this::judge);
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
    String code = context.queryParams().get("code");
    SeriesKey key = code == null ? null : Requests.series(context, code);
    Requests.answer(
        context,
        executor,
        () -> {
          List<Alert> alerts =
              key != null ? book.of(key) : state.equals("all") ? book.newest(limit) : book.open();
          return Map.of(
              "alerts",
              alerts.stream()
                  .filter(alert -> state.equals("all") || alert.state().isOpen())
                  .limit(limit)
                  .toList());
        });
  }

  private void one(RoutingContext context) {
    Requests.principal(context, Role.VIEWER);
    String id = context.pathParam("id");
    Requests.answer(context, executor, () -> book.get(id));
  }

  private void feedback(RoutingContext context) {
    Requests.principal(context, Role.VIEWER);
    String id = context.pathParam("id");
    Requests.answer(context, executor, () -> Map.of("feedback", book.feedback(id)));
  }

  private void judge(RoutingContext context) {
    decide(
        context,
        (principal, id, body) -> {
          Feedback.Verdict verdict = body.verdict();
          if (verdict == null) {
            throw new ChengmaiException(
                ErrorCode.INVALID_INPUT,
                "the body needs a verdict: true_alarm, false_alarm or expected_event");
          }
          return book.judge(principal, id, body.seen(), verdict, body.note());
        });
  }

  private void decide(RoutingContext context, Decision decision) {
    Principal principal = Requests.principal(context, Role.OPERATOR);
    String id = context.pathParam("id");
    String text = context.body().asString();
    Body body = Json.read(text == null ? "" : text, Body.class);
    if (body.revision() == null) {
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
    Requests.answer(context, executor, () -> decision.take(principal, id, body));
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
    Alert take(Principal principal, String id, Body body);
  }

  private record Body(
      @Nullable Integer revision, Feedback.@Nullable Verdict verdict, @Nullable String note) {

    /** Of the alert as it was seen; checked before anyone decides. */
    int seen() {
      return Objects.requireNonNull(revision);
    }
  }
}
