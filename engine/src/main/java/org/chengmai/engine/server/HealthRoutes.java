package org.chengmai.engine.server;

import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.Router;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.chengmai.indicators.json.Json;

/**
 * {@code /health/live}, {@code /health/ready} and {@code /metrics}; open to everyone who reaches
 * the port.
 */
public final class HealthRoutes {

  /** What one part says of itself. */
  public record Part(String name, boolean ok, String detail) {}

  private final Supplier<List<Part>> parts;
  private final PrometheusMeterRegistry metrics;
  private final WorkerExecutor executor;

  /**
   * @param parts asked at each call to ready; must answer from memory
   */
  public HealthRoutes(
      Supplier<List<Part>> parts, PrometheusMeterRegistry metrics, WorkerExecutor executor) {
    this.parts = parts;
    this.metrics = metrics;
    this.executor = executor;
  }

  public void mount(Router router) {
    router.get("/health/live").handler(context -> context.json(Map.of("status", "up")));
    router
        .get("/health/ready")
        .handler(
            context -> {
              List<Part> state = parts.get();
              boolean ready = !state.isEmpty() && state.stream().allMatch(Part::ok);
              Map<String, Object> body = new LinkedHashMap<>();
              body.put("status", ready ? "ready" : "not ready");
              body.put("parts", state);
              context
                  .response()
                  .setStatusCode(ready ? 200 : 503)
                  .putHeader("Content-Type", "application/json")
                  .end(Json.write(body));
            });
    router
        .get("/metrics")
        .handler(
            context ->
                executor
                    .executeBlocking(() -> metrics.scrape(), false)
                    .onSuccess(
                        text ->
                            context
                                .response()
                                .putHeader(
                                    "Content-Type", "text/plain; version=0.0.4; charset=utf-8")
                                .end(Buffer.buffer(text)))
                    .onFailure(context::fail));
  }
}
