package org.chengmai.engine.server;

import io.vertx.core.WorkerExecutor;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import org.chengmai.engine.incidents.IncidentBook;
import org.chengmai.indicators.Role;

/** {@code /api/v1/incidents}: alerts that are one happening; who moved first and where to look. */
public final class IncidentRoutes {
  private static final Duration DAY = Duration.ofDays(1);

  private final IncidentBook book;
  private final InstantSource clock;
  private final WorkerExecutor executor;

  public IncidentRoutes(IncidentBook book, InstantSource clock, WorkerExecutor executor) {
    this.book = book;
    this.clock = clock;
    this.executor = executor;
  }

  public void mount(Router router) {
    router.get("/api/v1/incidents").handler(this::list);
    router.get("/api/v1/incidents/:id").handler(this::one);
  }

  private void list(RoutingContext context) {
    Requests.principal(context, Role.VIEWER);
    Instant to = Requests.time(context, "to", clock.instant());
    Instant from = Requests.time(context, "from", to.minus(DAY));
    Requests.answer(context, executor, () -> Map.of("incidents", book.between(from, to)));
  }

  private void one(RoutingContext context) {
    Requests.principal(context, Role.VIEWER);
    String id = context.pathParam("id");
    Requests.answer(context, executor, () -> book.get(id));
  }
}
