package org.chengmai.engine.server;

import com.fasterxml.jackson.databind.JsonNode;
import io.vertx.core.WorkerExecutor;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.chengmai.engine.pipeline.ModelCard;
import org.chengmai.engine.pipeline.ModelRegistry;
import org.chengmai.indicators.Principal;
import org.chengmai.indicators.Role;
import org.chengmai.indicators.json.Json;

/** The trained models, {@code /api/v1/models}, and the way back to an earlier one. */
public final class ModelRoutes {
  private final ModelRegistry registry;
  private final InstantSource clock;
  private final WorkerExecutor executor;

  public ModelRoutes(ModelRegistry registry, InstantSource clock, WorkerExecutor executor) {
    this.registry = registry;
    this.clock = clock;
    this.executor = executor;
  }

  public void mount(Router router) {
    router.get("/api/v1/models").handler(this::list);
    router
        .post("/api/v1/models/:name/:code/rollback")
        .handler(BodyHandler.create(false).setBodyLimit(64 * 1024))
        .handler(this::rollBack);
  }

  private record Models(List<ModelCard> models) {}

  private void list(RoutingContext context) {
    Requests.principal(context, Role.VIEWER);
    String code = context.queryParams().get("code");
    Requests.answer(context, executor, () -> new Models(registry.cards(code)));
  }

  private void rollBack(RoutingContext context) {
    Principal by = Requests.principal(context, Role.OPERATOR);
    String body = context.body().asString();
    JsonNode request = Json.read(body == null || body.isEmpty() ? "{}" : body, JsonNode.class);
    String name = context.pathParam("name");
    String code = context.pathParam("code");
    Integer version = request.path("version").isInt() ? request.path("version").asInt() : null;
    String reason = request.path("note").asText("roll-back");
    Requests.answer(
        context,
        executor,
        () ->
            Map.of(
                "name",
                name,
                "code",
                code,
                "version",
                registry.rollBack(name, code, version, by.name(), reason, clock.instant())));
  }
}
