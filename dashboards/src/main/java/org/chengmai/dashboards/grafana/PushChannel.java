package org.chengmai.dashboards.grafana;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One stream of Grafana Live: a bounded queue of lines and the way to send them. Belongs to one
 * event loop.
 *
 * <p>The way is a websocket. Where its upgrade is refused (a token below Admin, a proxy) batches go
 * by POST, and the upgrade is tried again from time to time. While Grafana is away lines wait, the
 * oldest are dropped and counted. A new connection starts with the whole live state, because
 * Grafana forgets it over a restart.
 */
final class PushChannel {
  private static final Logger LOG = LoggerFactory.getLogger(PushChannel.class);

  /** Grafana reads messages of at most 64 KiB. */
  private static final int BATCH_BYTES = 48 * 1024;

  private static final int BATCH_LINES = 500;

  /** A batch that Grafana itself refuses this often is given up: the next one may be good. */
  private static final int BATCH_TRIES = 3;

  /** More series than this in one measurement make the panel stall. */
  private static final int SERIES_PER_MEASUREMENT = 50;

  /** A socket that lived this long was a good one: the next back-off starts from the beginning. */
  private static final long GOOD_NANOS = 10_000_000_000L;

  private static final int UPGRADE_RETRY_FACTOR = 2;

  private final Vertx vertx;
  private final GrafanaClient client;
  private final GrafanaConfig config;
  private final InstantSource clock;
  private final LiveCounters counters;
  private final String streamId;

  private final Deque<LiveLines.Line> queue = new ArrayDeque<>();
  private final Map<String, LiveLines.Line> state = new LinkedHashMap<>();
  private @Nullable WebSocket socket;
  private long openedNanos;
  private boolean connecting;
  private boolean posting;
  private boolean waiting;
  private long pauseTimer = -1;
  private boolean busy;
  private boolean closed;
  private int failures;
  private int batchFailures;
  private @Nullable String logged;

  PushChannel(
      Vertx vertx,
      GrafanaClient client,
      GrafanaConfig config,
      InstantSource clock,
      LiveCounters counters,
      String streamId) {
    this.vertx = vertx;
    this.client = client;
    this.config = config;
    this.clock = clock;
    this.counters = counters;
    this.streamId = streamId;
  }

  /** Queues a line and keeps it as the newest of its key. */
  void offer(LiveLines.Line line) {
    LiveLines.Line known = state.get(line.key());
    if (known == null && isFull(line.measurement())) {
      counters.unlisted.incrementAndGet();
      return;
    }
    // A late revision of an earlier period is shown, but is not the state.
    if (known == null || !line.staleAfter().isBefore(known.staleAfter())) {
      state.put(line.key(), line);
    }
    enqueue(line);
  }

  /** Queues a line that ends its key: late viewers need not see it. */
  void offerLast(LiveLines.Line line) {
    state.remove(line.key());
    enqueue(line);
  }

  /** Queues the whole live state again, except what has gone stale. */
  void resend() {
    state.values().removeIf(line -> line.staleAfter().isBefore(clock.instant()));
    Set<LiveLines.Line> waitingLines = new HashSet<>(queue);
    state.values().stream().filter(line -> !waitingLines.contains(line)).forEach(this::enqueue);
  }

  /** Sends one batch if there is one and a way to send it. */
  void tick() {
    if (closed || busy) {
      return;
    }
    if (socket == null && !connecting && !waiting) {
      connect();
    }
    WebSocket open = socket;
    if (queue.isEmpty() || (open == null && !posting) || (open != null && open.writeQueueFull())) {
      return;
    }
    List<LiveLines.Line> batch = take();
    String text = batch.stream().map(LiveLines.Line::text).collect(Collectors.joining("\n"));
    busy = true;
    Future<Void> sent = open != null ? open.writeTextMessage(text) : client.push(streamId, text);
    sent.onComplete(
        result -> {
          busy = false;
          if (result.succeeded()) {
            batchFailures = 0;
            counters.sent.addAndGet(batch.size());
            if (open == null) {
              failures = 0;
            }
          } else {
            failed(batch, result.cause(), open == null);
          }
        });
  }

  void close() {
    closed = true;
    vertx.cancelTimer(pauseTimer);
    count(counters.queued, -queue.size());
    queue.clear();
    setPosting(false);
    if (socket != null) {
      socket.close();
    }
  }

  private void connect() {
    connecting = true;
    client
        .openPush(streamId)
        .onComplete(
            result -> {
              connecting = false;
              if (result.failed()) {
                notOpened(result.cause());
              } else if (closed) {
                result.result().close();
              } else {
                opened(result.result());
              }
            });
  }

  private void opened(WebSocket opened) {
    socket = opened;
    openedNanos = System.nanoTime();
    setPosting(false);
    counters.sockets.incrementAndGet();
    counters.problem.set(null);
    logged = null;
    LOG.atDebug().addKeyValue("stream", streamId).log("pushing to Grafana Live by websocket");
    opened.exceptionHandler(
        failure -> LOG.atDebug().addKeyValue("stream", streamId).log(failure.toString()));
    opened.closeHandler(
        nothing -> {
          socket = null;
          counters.sockets.decrementAndGet();
          failures = System.nanoTime() - openedNanos > GOOD_NANOS ? 1 : failures + 1;
          if (!closed) {
            problem("Grafana closed the websocket; connecting again");
            pause(config.pause(failures).toMillis());
          }
        });
    resend();
    tick();
  }

  private void notOpened(Throwable cause) {
    failures++;
    boolean refused = GrafanaClient.isUpgradeRefused(cause);
    problem(
        refused
            ? "no websocket, pushing by POST instead: " + cause.getMessage()
            : cause.getMessage());
    if (refused && !posting) {
      resend();
    }
    setPosting(refused);
    pause(
        refused
            ? UPGRADE_RETRY_FACTOR * config.lastRetry().toMillis()
            : config.pause(failures).toMillis());
    tick();
  }

  private void failed(List<LiveLines.Line> batch, Throwable cause, boolean byPost) {
    problem(cause.getMessage());
    ErrorCode code = cause instanceof ChengmaiException known ? known.code() : ErrorCode.EXTERNAL;
    boolean isFault = byPost && code == ErrorCode.EXTERNAL;
    if (code == ErrorCode.INVALID_INPUT || (isFault && ++batchFailures >= BATCH_TRIES)) {
      batchFailures = 0;
      counters.dropped.addAndGet(batch.size());
      return;
    }
    for (int i = batch.size() - 1; i >= 0; i--) {
      queue.addFirst(batch.get(i));
    }
    count(counters.queued, batch.size());
    trim();
    if (byPost) {
      // The websocket attempt that follows the pause tells whether Grafana is away or only refuses
      // the upgrade.
      setPosting(false);
      failures++;
      pause(config.pause(failures).toMillis());
    }
  }

  /** Says a thing once, however often it happens until a websocket is open again. */
  private void problem(@Nullable String what) {
    counters.problem.set(what);
    if (!Objects.equals(what, logged)) {
      logged = what;
      LOG.atWarn().addKeyValue("stream", streamId).log("Grafana Live: {}", what);
    }
  }

  /** No new connection before then. */
  private void pause(long millis) {
    vertx.cancelTimer(pauseTimer);
    waiting = !closed;
    if (waiting) {
      pauseTimer =
          vertx.setTimer(
              millis,
              id -> {
                waiting = false;
                tick();
              });
    }
  }

  private List<LiveLines.Line> take() {
    List<LiveLines.Line> batch = new ArrayList<>();
    int bytes = 0;
    while (!queue.isEmpty() && batch.size() < BATCH_LINES) {
      bytes += queue.getFirst().text().getBytes(StandardCharsets.UTF_8).length + 1;
      if (!batch.isEmpty() && bytes > BATCH_BYTES) {
        break;
      }
      batch.add(queue.removeFirst());
    }
    count(counters.queued, -batch.size());
    return batch;
  }

  private void enqueue(LiveLines.Line line) {
    queue.addLast(line);
    count(counters.queued, 1);
    trim();
  }

  private void trim() {
    while (queue.size() > config.queueLimit()) {
      queue.removeFirst();
      count(counters.queued, -1);
      counters.dropped.incrementAndGet();
    }
  }

  private boolean isFull(String measurement) {
    // An alert is a row of a table, not a series of a chart.
    return !measurement.equals(LiveLines.ALERTS)
        && state.values().stream().filter(line -> line.measurement().equals(measurement)).count()
            >= SERIES_PER_MEASUREMENT;
  }

  private void setPosting(boolean now) {
    if (posting != now) {
      posting = now;
      count(counters.posting, now ? 1 : -1);
    }
  }

  private static void count(AtomicLong counter, int by) {
    counter.addAndGet(by);
  }
}
