package org.chengmai.engine.server;

import io.vertx.core.MultiMap;
import io.vertx.core.WorkerExecutor;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.chengmai.engine.querylog.LoggedQuery;
import org.chengmai.engine.querylog.QueryLog;
import org.chengmai.engine.sql.EndedQuery.Outcome;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;
import org.chengmai.indicators.Principal;
import org.chengmai.indicators.Role;
import org.jspecify.annotations.Nullable;

/** {@code /api/v1/sql/log}: what became of queries. */
public final class QueryLogRoutes {
  private static final int MOST = 1000;

  private final QueryLog log;
  private final WorkerExecutor executor;

  public QueryLogRoutes(QueryLog log, WorkerExecutor executor) {
    this.log = log;
    this.executor = executor;
  }

  public void mount(Router router) {
    router.get("/api/v1/sql/log").handler(this::search);
    router.get("/api/v1/sql/log/:id").handler(this::one);
  }

  private void search(RoutingContext context) {
    Principal principal = Requests.principal(context, Role.ANALYST);
    LoggedQuery.Search search = search(context.queryParams());
    Requests.answer(
        context,
        executor,
        () -> {
          List<LoggedQuery> found = log.search(principal, search);
          Map<String, Object> answer = new LinkedHashMap<>();
          answer.put("queries", found);
          answer.put(
              "next", found.size() < search.limit() ? null : found.get(found.size() - 1).seq());
          answer.put("dropped", log.dropped());
          return answer;
        });
  }

  private static LoggedQuery.Search search(MultiMap given) {
    Long limit = number(given, "limit");
    if (limit != null && (limit < 1 || limit > MOST)) {
      throw new ChengmaiException(
          ErrorCode.INVALID_INPUT, "limit %d: from 1 to %d".formatted(limit, MOST));
    }
    return new LoggedQuery.Search(
        text(given, "user"),
        text(given, "text"),
        outcome(text(given, "outcome")),
        Boolean.parseBoolean(given.get("slow")),
        time(given, "from"),
        time(given, "to"),
        number(given, "before"),
        limit == null ? 100 : limit.intValue());
  }

  private static @Nullable String text(MultiMap given, String name) {
    String text = given.get(name);
    return text == null || text.isEmpty() ? null : text;
  }

  private static @Nullable Instant time(MultiMap given, String name) {
    String text = text(given, name);
    return text == null ? null : Requests.time(name, text);
  }

  private static @Nullable Long number(MultiMap given, String name) {
    String text = text(given, name);
    try {
      return text == null ? null : Long.valueOf(text);
    } catch (NumberFormatException e) {
      throw new ChengmaiException(
          ErrorCode.INVALID_INPUT, "%s '%s' is no whole number".formatted(name, text), e);
    }
  }

  private static @Nullable Outcome outcome(@Nullable String text) {
    try {
      return text == null ? null : Outcome.valueOf(text.toUpperCase(Locale.ROOT));
    } catch (IllegalArgumentException e) {
      throw new ChengmaiException(
          ErrorCode.INVALID_INPUT,
          "outcome '%s': done, failed, cancelled, expired or refused".formatted(text),
          e);
    }
  }

  private void one(RoutingContext context) {
    Principal principal = Requests.principal(context, Role.ANALYST);
    UUID id = Requests.id(context.pathParam("id"));
    Requests.answer(context, executor, () -> log.find(principal, id));
  }
}
