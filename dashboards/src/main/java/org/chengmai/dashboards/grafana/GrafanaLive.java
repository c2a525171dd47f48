package org.chengmai.dashboards.grafana;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.chengmai.dashboards.BoardIndicator;
import org.chengmai.indicators.AlertEvent;
import org.chengmai.indicators.AlertSink;
import org.chengmai.indicators.IndicatorPoint;
import org.jspecify.annotations.Nullable;

/**
 * Shows live values and alerts in Grafana: both in Grafana Live, alerts as annotations too. Safe
 * for use by several threads; calls return at once, and the work is done on one event loop of its
 * own.
 *
 * <p>Values may be dropped while Grafana is away, oldest first and counted; annotations are kept
 * until they are written.
 */
public final class GrafanaLive implements AlertSink {
  private final Vertx vertx;
  private final GrafanaClient client;
  private final GrafanaConfig config;
  private final InstantSource clock;
  private final Map<String, BoardIndicator> indicators;
  private final LiveCounters counters = new LiveCounters();
  private final Map<String, PushChannel> channels = new TreeMap<>();
  private final AlertAnnotations annotations;
  private final Context context;
  private long tickTimer;
  private long resendTimer;
  private boolean closed;

  /**
   * @param client closed by whoever made it
   * @param indicators gives names, units and domains to alerts; codes that are not among them stay
   *     bare
   * @param clock the time of the data: tells which values are too old to be called live
   */
  public GrafanaLive(
      Vertx vertx,
      GrafanaClient client,
      GrafanaConfig config,
      List<BoardIndicator> indicators,
      InstantSource clock) {
    this.vertx = vertx;
    this.client = client;
    this.config = config;
    this.clock = clock;
    this.indicators =
        indicators.stream()
            .collect(Collectors.toUnmodifiableMap(BoardIndicator::code, Function.identity()));
    this.annotations = new AlertAnnotations(vertx, client, config, counters, this.indicators::get);
    this.context = vertx.getOrCreateContext();
    context.runOnContext(
        nothing -> {
          tickTimer =
              vertx.setPeriodic(1000 / config.batchesPerSecond(), id -> each(PushChannel::tick));
          resendTimer =
              vertx.setPeriodic(config.resendEvery().toMillis(), id -> each(PushChannel::resend));
        });
  }

  /** Takes over alert events in order; the same event may come twice. */
  @Override
  public void accept(List<AlertEvent> events) {
    onOwner(
        () ->
            events.forEach(
                event -> {
                  show(event);
                  annotations.offer(event);
                }));
  }

  /**
   * Catches up after a start with the last events of the alert log: annotations that a crash left
   * undone are written, and alerts that are still open are shown live. Nothing is doubled.
   */
  public void resume(List<AlertEvent> recent) {
    Map<String, AlertEvent> newest = new LinkedHashMap<>();
    recent.stream()
        .filter(AlertNotes::concerns)
        .forEach(event -> newest.put(event.alert().id(), event));
    onOwner(
        () ->
            newest
                .values()
                .forEach(
                    event -> {
                      if (event.alert().state().isOpen()) {
                        show(event);
                      }
                      annotations.offer(event);
                    }));
  }

  private void show(AlertEvent event) {
    LiveLines.Line line = LiveLines.of(event, indicators.get(event.alert().latest().key().code()));
    if (event.alert().state().isOpen()) {
      channel(line).offer(line);
    } else {
      channel(line).offerLast(line);
    }
  }

  /**
   * Takes over points to be shown live. Points without a value leave a gap, and points of long ago,
   * as a catch-up brings them, are left to the history panels.
   */
  public void publish(List<IndicatorPoint> points) {
    onOwner(
        () ->
            points.stream()
                .map(LiveLines::of)
                .flatMap(Optional::stream)
                .filter(line -> !line.staleAfter().isBefore(clock.instant()))
                .forEach(line -> channel(line).offer(line)));
  }

  /**
   * How it goes.
   *
   * @param sockets streams that are pushed by websocket now
   * @param posting streams that are pushed by POST because the upgrade was refused
   * @param sent lines handed to Grafana
   * @param queued lines that wait
   * @param dropped lines lost because the queue was full or Grafana refused them
   * @param unlisted lines beyond 50 series of one measurement, never sent
   * @param annotated annotations written
   * @param annotationsWaiting alerts whose annotation is not up to date yet
   * @param annotationsRefused annotations given up, each logged as an error
   * @param problem what Grafana said last, null while all is well
   */
  public record Status(
      long sockets,
      long posting,
      long sent,
      long queued,
      long dropped,
      long unlisted,
      long annotated,
      long annotationsWaiting,
      long annotationsRefused,
      @Nullable String problem) {}

  public Status status() {
    return new Status(
        counters.sockets.get(),
        counters.posting.get(),
        counters.sent.get(),
        counters.queued.get(),
        counters.dropped.get(),
        counters.unlisted.get(),
        counters.annotated.get(),
        counters.pending.get(),
        counters.refused.get(),
        counters.problem.get());
  }

  /** Closes the streams; what still waits is given up. */
  public Future<Void> close() {
    Promise<Void> done = Promise.promise();
    context.runOnContext(
        nothing -> {
          closed = true;
          vertx.cancelTimer(tickTimer);
          vertx.cancelTimer(resendTimer);
          annotations.close();
          each(PushChannel::close);
          done.complete();
        });
    return done.future();
  }

  private PushChannel channel(LiveLines.Line line) {
    return channels.computeIfAbsent(
        config.name() + "-" + line.family(),
        streamId -> new PushChannel(vertx, client, config, clock, counters, streamId));
  }

  private void each(Consumer<PushChannel> work) {
    channels.values().forEach(work);
  }

  private void onOwner(Runnable work) {
    context.runOnContext(
        nothing -> {
          if (!closed) {
            work.run();
          }
        });
  }
}
