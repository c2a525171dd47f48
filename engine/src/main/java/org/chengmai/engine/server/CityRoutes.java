package org.chengmai.engine.server;

import io.vertx.ext.web.Router;
import java.util.function.Supplier;
import org.chengmai.indicators.Role;
import org.chengmai.indicators.json.Json;

/** {@code GET /api/v1/city}: what the page must know before anything else, answered from memory. */
public final class CityRoutes {
  private final Supplier<CityState> city;

  public CityRoutes(Supplier<CityState> city) {
    this.city = city;
  }

  public void mount(Router router) {
    router
        .get("/api/v1/city")
        .handler(
            context -> {
              Requests.principal(context, Role.VIEWER);
              context
                  .response()
                  .putHeader("Content-Type", "application/json")
                  .end(Json.write(city.get()));
            });
  }
}
