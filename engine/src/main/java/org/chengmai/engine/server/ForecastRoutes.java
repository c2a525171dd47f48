package org.chengmai.engine.server;

import io.vertx.core.WorkerExecutor;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import org.chengmai.engine.pipeline.Forecasts;
import org.chengmai.indicators.Role;
import org.chengmai.indicators.SeriesKey;
import org.chengmai.indicators.definition.IndicatorCatalogue;
import org.chengmai.indicators.definition.IndicatorDefinition;

/** What a series is expected to do next: {@code /api/v1/indicators/{code}/forecast}. */
public final class ForecastRoutes {
  private final IndicatorCatalogue catalogue;
  private final Forecasts forecasts;
  private final WorkerExecutor executor;

  public ForecastRoutes(
      IndicatorCatalogue catalogue, Forecasts forecasts, WorkerExecutor executor) {
    this.catalogue = catalogue;
    this.forecasts = forecasts;
    this.executor = executor;
  }

  public void mount(Router router) {
    router.get("/api/v1/indicators/:code/forecast").handler(this::forecast);
  }

  private void forecast(RoutingContext context) {
    Requests.principal(context, Role.VIEWER);
    IndicatorDefinition definition = catalogue.get(context.pathParam("code"));
    SeriesKey key = Requests.series(context, definition.code());
    Requests.answer(context, executor, () -> forecasts.of(definition, key));
  }
}
