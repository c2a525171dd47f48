package org.chengmai.dashboards.grafana;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.chengmai.dashboards.BoardIndicator;
import org.chengmai.indicators.AlertEvent;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps one annotation in Grafana for each alert. Belongs to one event loop.
 *
 * <p>What waits is the newest event of each alert, since an annotation shows how an alert stands. A
 * failed write is tried again with back-off until it succeeds; one that Grafana finds invalid, or
 * that comes when the list is full, is refused, counted and logged as an error. The annotation of
 * an alert from before a restart is found again by its tag, so an event that comes twice changes
 * nothing.
 */
final class AlertAnnotations {
  private static final Logger LOG = LoggerFactory.getLogger(AlertAnnotations.class);
  private static final int REMEMBERED_IDS = 10_000;

  private final Vertx vertx;
  private final GrafanaClient client;
  private final GrafanaConfig config;
  private final LiveCounters counters;
  private final Function<String, @Nullable BoardIndicator> indicators;
  private final Map<String, AlertEvent> waiting = new LinkedHashMap<>();
  private final Map<String, Long> ids =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Long> eldest) {
          return size() > REMEMBERED_IDS;
        }
      };
  private boolean busy;
  private boolean closed;
  private int failures;

  AlertAnnotations(
      Vertx vertx,
      GrafanaClient client,
      GrafanaConfig config,
      LiveCounters counters,
      Function<String, @Nullable BoardIndicator> indicators) {
    this.vertx = vertx;
    this.client = client;
    this.config = config;
    this.counters = counters;
    this.indicators = indicators;
  }

  void offer(AlertEvent event) {
    String alert = event.alert().id();
    if (!AlertNotes.concerns(event)) {
      return;
    }
    AlertEvent known = waiting.get(alert);
    if (known != null && known.epoch().equals(event.epoch()) && known.seq() >= event.seq()) {
      return;
    }
    if (known == null && waiting.size() >= config.alertLimit()) {
      refuse(event, "the list of %d waiting alerts is full".formatted(config.alertLimit()));
      return;
    }
    waiting.put(alert, event);
    counters.pending.set(waiting.size());
    next();
  }

  void close() {
    closed = true;
    if (!waiting.isEmpty()) {
      LOG.atWarn()
          .addKeyValue("alerts", List.copyOf(waiting.keySet()))
          .log(
              "closed before Grafana had these annotations; the next start writes them from the alert log");
    }
  }

  private void next() {
    if (busy || closed || waiting.isEmpty()) {
      return;
    }
    busy = true;
    AlertEvent event = waiting.values().iterator().next();
    write(event)
        .onComplete(
            result -> {
              busy = false;
              if (result.succeeded()) {
                failures = 0;
                counters.annotated.incrementAndGet();
                done(event);
                next();
              } else {
                failed(event, result.cause());
              }
            });
  }

  private Future<Void> write(AlertEvent event) {
    String alert = event.alert().id();
    BoardIndicator indicator = indicators.apply(event.alert().latest().key().code());
    return find(event)
        .compose(
            id -> {
              if (id != null) {
                return client
                    .patchAnnotation(id, AlertNotes.change(event, indicator))
                    .map(nothing -> id);
              }
              return client.createAnnotation(AlertNotes.create(event, indicator));
            })
        .onSuccess(id -> ids.put(alert, id))
        .onFailure(failure -> ids.remove(alert))
        .mapEmpty();
  }

  private Future<@Nullable Long> find(AlertEvent event) {
    Long id = ids.get(event.alert().id());
    if (id != null) {
      return Future.succeededFuture(id);
    }
    return client
        .annotations(List.of("chengmai", AlertNotes.tag(event.alert())), 1)
        .map((List<JsonObject> found) -> found.isEmpty() ? null : found.get(0).getLong("id"));
  }

  private void failed(AlertEvent event, Throwable cause) {
    if (cause instanceof ChengmaiException known && known.code() == ErrorCode.INVALID_INPUT) {
      refuse(event, String.valueOf(cause.getMessage()));
      done(event);
      next();
      return;
    }
    failures++;
    counters.problem.set(cause.getMessage());
    if (failures == 1) {
      LOG.atWarn()
          .addKeyValue("waiting", waiting.size())
          .log("alerts wait for Grafana: {}", cause.getMessage());
    }
    busy = true;
    vertx.setTimer(
        config.pause(failures).toMillis(),
        id -> {
          busy = false;
          next();
        });
  }

  /** Takes the event off the list unless a newer one of its alert has come meanwhile. */
  private void done(AlertEvent event) {
    waiting.remove(event.alert().id(), event);
    counters.pending.set(waiting.size());
  }

  private void refuse(AlertEvent event, String why) {
    counters.refused.incrementAndGet();
    counters.problem.set(why);
    LOG.atError()
        .addKeyValue("alert", event.alert().id())
        .addKeyValue("seq", event.seq())
        .log("no annotation in Grafana: {}", why);
  }
}
