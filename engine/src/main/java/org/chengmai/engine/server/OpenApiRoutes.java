package org.chengmai.engine.server;

import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.chengmai.indicators.json.Json;
import org.chengmai.indicators.yaml.YamlTree;

/**
 * {@code /api/v1/openapi.json} and {@code .yaml}: the OpenAPI 3.1 description of every route under
 * {@code /api/v1}, for anyone.
 */
public final class OpenApiRoutes {
  private final String yaml;
  private final String json;

  public OpenApiRoutes() {
    try (InputStream file = OpenApiRoutes.class.getResourceAsStream("openapi.yaml")) {
      yaml =
          new String(
              Objects.requireNonNull(file, "openapi.yaml").readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    json = Json.write(YamlTree.read(yaml));
  }

  public void mount(Router router) {
    router
        .get("/api/v1/openapi.json")
        .handler(context -> answer(context, "application/json", json));
    router
        .get("/api/v1/openapi.yaml")
        .handler(context -> answer(context, "application/yaml", yaml));
  }

  private static void answer(RoutingContext context, String type, String text) {
    context.response().putHeader("Content-Type", type).end(text);
  }
}
