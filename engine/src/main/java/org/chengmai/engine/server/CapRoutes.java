package org.chengmai.engine.server;

import io.vertx.core.WorkerExecutor;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import org.chengmai.engine.alerts.AlertBook;
import org.chengmai.engine.cap.CapMessage;
import org.chengmai.indicators.AlertEvent;
import org.chengmai.indicators.Role;
import org.chengmai.indicators.SeriesKey;
import org.chengmai.indicators.definition.IndicatorCatalogue;
import org.chengmai.indicators.region.Region;

/** {@code /api/v1/alerts/{id}/cap}: an alert as a message of CAP 1.2. */
public final class CapRoutes {
  private final AlertBook book;
  private final IndicatorCatalogue catalogue;
  private final String sender;
  private final WorkerExecutor executor;

  /**
   * @param sender who sends the messages, without blanks
   */
  public CapRoutes(
      AlertBook book, IndicatorCatalogue catalogue, String sender, WorkerExecutor executor) {
    this.book = book;
    this.catalogue = catalogue;
    this.sender = sender;
    this.executor = executor;
  }

  public void mount(Router router) {
    router.get("/api/v1/alerts/:id/cap").handler(this::message);
  }

  private void message(RoutingContext context) {
    Requests.principal(context, Role.VIEWER);
    String id = context.pathParam("id");
    executor
        .executeBlocking(() -> message(id), false)
        .onSuccess(
            text -> context.response().putHeader("Content-Type", CapMessage.MEDIA_TYPE).end(text))
        .onFailure(context::fail);
  }

  private String message(String id) {
    List<AlertEvent> events = book.events(id);
    SeriesKey key = events.get(events.size() - 1).alert().latest().key();
    Region.Name place =
        catalogue
            .regions()
            .find(key.region())
            .map(Region::name)
            .orElse(new Region.Name(key.region(), null));
    return CapMessage.of(events, catalogue.find(key.code()).orElse(null), place, sender);
  }
}
