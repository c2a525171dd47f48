package org.chengmai.engine.server;

import io.vertx.core.WorkerExecutor;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.util.Map;
import org.chengmai.engine.savedquery.SavedQueries;
import org.chengmai.indicators.Principal;
import org.chengmai.indicators.Role;

/** {@code /api/v1/sql/saved}: the queries that one keeps under a name. */
public final class SavedQueryRoutes {
  private static final int BODY_LIMIT = 1 << 20;

  private final SavedQueries queries;
  private final WorkerExecutor executor;

  public SavedQueryRoutes(SavedQueries queries, WorkerExecutor executor) {
    this.queries = queries;
    this.executor = executor;
  }

  public void mount(Router router) {
    router.get("/api/v1/sql/saved").handler(this::list);
    router
        .put("/api/v1/sql/saved/:name")
        .handler(BodyHandler.create(false).setBodyLimit(BODY_LIMIT))
        .handler(this::save);
    router.delete("/api/v1/sql/saved/:name").handler(this::delete);
  }

  private void list(RoutingContext context) {
    Principal principal = Requests.principal(context, Role.ANALYST);
    Requests.answer(context, executor, () -> Map.of("queries", queries.list(principal)));
  }

  private void save(RoutingContext context) {
    Principal principal = Requests.principal(context, Role.ANALYST);
    String name = context.pathParam("name");
    String sql = SqlBody.of(context).sql();
    Requests.answer(context, executor, () -> queries.save(principal, name, sql));
  }

  private void delete(RoutingContext context) {
    Principal principal = Requests.principal(context, Role.ANALYST);
    String name = context.pathParam("name");
    executor
        .executeBlocking(
            () -> {
              queries.delete(principal, name);
              return null;
            },
            false)
        .onSuccess(done -> context.response().setStatusCode(204).end())
        .onFailure(context::fail);
  }
}
