package org.chengmai.dashboards.live;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.vertx.core.AsyncResult;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.ServerWebSocket;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.chengmai.indicators.AlertEvent;
import org.chengmai.indicators.AlertLog;
import org.chengmai.indicators.AlertSink;
import org.chengmai.indicators.IndicatorPoint;
import org.chengmai.indicators.Principal;
import org.chengmai.indicators.Role;
import org.chengmai.indicators.json.Json;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings alerts, newest values and the clock to every connected client. Safe for use by several
 * threads.
 *
 * <p>The alert lane never drops: a client is a cursor in the alert log, and the log is read for it
 * only as fast as its write queue takes it. The metric lane keeps the newest point per series and
 * sends at most four times a second. All state belongs to one Vert.x context, the one that the
 * constructor runs on; the alert log is read on a worker executor where each client has at most one
 * read, so its queue is bounded by the limit on connections.
 */
public final class LiveHub implements AlertSink {
  /** Close codes of ours: the client may resume after each of them. */
  static final int BAD_MESSAGE = 4400;

  static final int SLOW = 4008;
  static final int NO_HELLO = 4009;
  static final int TOO_MANY = 1013;

  private static final Logger LOG = LoggerFactory.getLogger(LiveHub.class);
  private static final long TICK_MILLIS = 250;
  private static final int LONGEST_MESSAGE = 4_096;

  private final LiveConfig config;
  private final AlertReader log;
  private final Vertx vertx;
  private final Context context;
  private final WorkerExecutor readers;
  private final long timer;

  private final Set<LiveClient> clients = new LinkedHashSet<>();
  private final AlertTail tail = new AlertTail();
  private final NewestPoints points = new NewestPoints();
  private @Nullable Frame clock;
  private long knownHead;
  private @Nullable UUID knownEpoch;
  private boolean isClosing;

  private final LiveCounts counts = new LiveCounts();

  public LiveHub(Vertx vertx, AlertLog log, LiveConfig config) {
    this.vertx = vertx;
    this.log = new AlertReader(log, config.batch());
    this.config = config;
    this.context = vertx.getOrCreateContext();
    this.readers = vertx.createSharedWorkerExecutor("chengmai-live", 4);
    this.timer = vertx.setPeriodic(TICK_MILLIS, ignored -> context.runOnContext(none -> tick()));
  }

  LiveConfig config() {
    return config;
  }

  /** Takes new alert events, already durable in the log, and passes them on at once. */
  @Override
  public void accept(List<AlertEvent> events) {
    // The caller's thread writes the JSON, once for all clients; the event loop only passes it on.
    List<AlertEvent> copy = List.copyOf(events);
    List<Frame> frames = copy.stream().map(Frame::of).toList();
    context.runOnContext(
        ignored -> {
          for (int i = 0; i < frames.size(); i++) {
            UUID epoch = copy.get(i).epoch();
            tail.add(epoch, frames.get(i));
            seen(epoch, frames.get(i).seq());
          }
          List.copyOf(clients).forEach(this::pump);
        });
  }

  /** Takes new points; clients get the newest per series within 250 ms. */
  public void publish(List<IndicatorPoint> newPoints) {
    List<IndicatorPoint> copy = List.copyOf(newPoints);
    context.runOnContext(ignored -> copy.forEach(points::add));
  }

  /**
   * Broadcasts the time; called each second. A client whose queue is full misses one, never the
   * newest for long.
   */
  public void clock(Instant now, double speed, @Nullable Progress progress) {
    Frame frame = Frame.of(new Clock("clock", now, speed, progress));
    context.runOnContext(
        ignored -> {
          clock = frame;
          for (LiveClient client : clients) {
            if (client.isGreeted() && !client.channel.isFull()) {
              write(client, frame);
            }
          }
        });
  }

  /**
   * Serves a websocket whose user is known; needs the role viewer. Call it where the upgrade
   * completes.
   */
  public void accept(ServerWebSocket socket, Principal principal) {
    principal.require(Role.VIEWER, "subscribing");
    LiveClient client = new LiveClient(new Channel.Socket(socket), principal);
    socket.textMessageHandler(text -> context.runOnContext(ignored -> received(client, text)));
    socket.binaryMessageHandler(
        ignored -> context.runOnContext(none -> close(client, BAD_MESSAGE, "text frames only")));
    socket.exceptionHandler(
        failure -> LOG.debug("websocket of {}: {}", principal.name(), failure.getMessage()));
    client.channel.onDrain(() -> drained(client));
    socket.closeHandler(ignored -> context.runOnContext(none -> remove(client)));
    context.runOnContext(ignored -> admit(client));
  }

  /**
   * Serves an event stream; needs the role viewer.
   *
   * @param lastEventId {@code epoch:seq} of the last event that the client has, null at its first
   *     connection
   */
  public void sse(HttpServerResponse response, Principal principal, @Nullable String lastEventId) {
    principal.require(Role.VIEWER, "subscribing");
    LiveClient client = new LiveClient(new Channel.Stream(response), principal);
    response.exceptionHandler(
        failure -> LOG.debug("event stream of {}: {}", principal.name(), failure.getMessage()));
    client.channel.onDrain(() -> drained(client));
    response.closeHandler(ignored -> context.runOnContext(none -> remove(client)));
    if (counts.connected() >= config.connections()) {
      counts.refuse();
      response.setStatusCode(503).putHeader("Retry-After", "5").end(limitReached());
      return;
    }
    response
        .setChunked(true)
        .putHeader("Content-Type", "text/event-stream; charset=utf-8")
        .putHeader("Cache-Control", "no-store")
        .putHeader("X-Accel-Buffering", "no");
    context.runOnContext(
        ignored -> {
          if (admit(client)) {
            AlertReader.Place place = AlertReader.Place.parse(lastEventId);
            greet(client, place.epoch(), place.seq());
          }
        });
  }

  /** Closes all connections, which then reconnect elsewhere or later. */
  public Future<Void> close() {
    Promise<Void> done = Promise.promise();
    vertx.cancelTimer(timer);
    context.runOnContext(
        ignored -> {
          isClosing = true;
          new ArrayList<>(clients).forEach(client -> close(client, 1001, "the server stops"));
          readers.close().onComplete(done);
        });
    return done.future();
  }

  /** What it has done so far. */
  public LiveCounts counts() {
    return counts;
  }

  private String limitReached() {
    return "limit of %d live connections reached".formatted(config.connections());
  }

  private boolean admit(LiveClient client) {
    if (client.isClosed) {
      return false;
    }
    if (isClosing || clients.size() >= config.connections()) {
      counts.refuse();
      client.isClosed = true;
      client.channel.close(TOO_MANY, isClosing ? "the server stops" : limitReached());
      return false;
    }
    clients.add(client);
    counts.connect(clients.size());
    return true;
  }

  private void drained(LiveClient client) {
    context.runOnContext(
        ignored -> {
          client.drained();
          pump(client);
        });
  }

  private void received(LiveClient client, String text) {
    if (client.isClosed) {
      return;
    }
    if (text.length() > LONGEST_MESSAGE) {
      close(client, BAD_MESSAGE, "message longer than " + LONGEST_MESSAGE);
      return;
    }
    JsonNode message;
    try {
      message = Json.mapper().readTree(text);
    } catch (JsonProcessingException e) {
      close(client, BAD_MESSAGE, "not JSON");
      return;
    }
    switch (message.path("type").asText()) {
      case "hello" -> {
        if (client.isGreeted() || client.isReading) {
          close(client, BAD_MESSAGE, "a second hello");
        } else {
          greet(client, message.path("epoch").asText(null), message.path("seq").asLong(-1));
        }
      }
      case "ack" -> client.acknowledged = Math.min(client.cursor, message.path("seq").asLong(0));
      default -> close(client, BAD_MESSAGE, "type must be hello or ack");
    }
  }

  /** Welcomes a client that stands at {@code seq}, or tells it that it must start anew. */
  private void greet(LiveClient client, @Nullable String epoch, long seq) {
    boolean first = !client.isGreeted();
    ask(
        client,
        () -> log.look(epoch, seq),
        read -> {
          if (read.failed()) {
            failed(client, read.cause());
            close(client, 1011, "the alert log cannot be read, try again");
            return;
          }
          AlertReader.Outlook outlook = read.result();
          client.epoch = outlook.epoch();
          seen(outlook.epoch(), outlook.head());
          if (first) {
            write(client, outlook.welcome(client.principal));
          }
          Frame reset = outlook.reset();
          client.cursor = reset == null ? seq : reset.seq();
          if (reset != null) {
            write(client, reset);
          }
          if (clock != null && first) {
            write(client, clock);
          }
          pump(client);
          sendPoints(client);
        });
  }

  /** Asks the log for a client, which has one question at a time; without an answer once closed. */
  private <T> void ask(LiveClient client, Callable<T> question, Handler<AsyncResult<T>> answer) {
    client.isReading = true;
    readers
        .executeBlocking(question, false)
        .onComplete(
            read -> {
              client.isReading = false;
              if (!client.isClosed) {
                answer.handle(read);
              }
            });
  }

  /** Remembers how far the log goes; with a new epoch it begins anew. */
  private void seen(UUID epoch, long head) {
    knownHead = epoch.equals(knownEpoch) ? Math.max(knownHead, head) : head;
    knownEpoch = epoch;
  }

  /** Writes what the client has not had yet, until its queue is full or nothing is left. */
  private void pump(LiveClient client) {
    if (client.isClosed || client.isReading || !client.isGreeted()) {
      return;
    }
    UUID epoch = client.epoch;
    if (epoch == null || !epoch.equals(knownEpoch)) {
      greet(client, null, -1);
      return;
    }
    while (client.cursor < knownHead) {
      if (client.channel.isFull()) {
        return;
      }
      List<Frame> frames =
          epoch.equals(tail.epoch()) ? tail.after(client.cursor, config.batch()) : List.of();
      if (frames.isEmpty()) {
        read(client);
        return;
      }
      if (!writeAlerts(client, frames)) {
        return;
      }
    }
  }

  private void read(LiveClient client) {
    long from = client.cursor;
    UUID epoch = Objects.requireNonNull(client.epoch, "a greeted client has a place in the log");
    ask(
        client,
        () -> log.after(epoch, from),
        read -> {
          if (read.failed()) {
            // The next tick tries again; the client keeps its place.
            failed(client, read.cause());
          } else if (read.result() == null) {
            greet(client, null, -1);
          } else if (!read.result().isEmpty() && writeAlerts(client, read.result())) {
            pump(client);
          }
        });
  }

  private void failed(LiveClient client, Throwable cause) {
    LOG.atWarn()
        .setCause(cause)
        .addKeyValue("client", client.principal.name())
        .log("cannot read the alert log");
  }

  private boolean writeAlerts(LiveClient client, List<Frame> frames) {
    long before = client.cursor;
    boolean all = client.writeAlerts(frames);
    counts.send(client.cursor - before);
    return all;
  }

  private void write(LiveClient client, Frame frame) {
    client.channel.write(frame);
    counts.send(1);
  }

  private void sendPoints(LiveClient client) {
    if (client.isClosed || !client.isGreeted() || client.channel.isFull()) {
      return;
    }
    for (Frame frame : points.since(client.tick)) {
      write(client, frame);
    }
    client.tick = points.tick();
  }

  private void tick() {
    points.advance();
    long now = System.nanoTime();
    for (LiveClient client : new ArrayList<>(clients)) {
      if (client.fullForNanos(now) > config.slowAfter().toNanos()) {
        close(client, SLOW, "too slow, resume from the last sequence number");
        counts.closeSlow();
      } else if (!client.isGreeted()
          && !client.isReading
          && now - client.connectedAt > config.helloWithin().toNanos()) {
        close(client, NO_HELLO, "no hello within " + config.helloWithin().toSeconds() + " s");
      } else {
        pump(client);
        sendPoints(client);
      }
    }
  }

  private void close(LiveClient client, int code, String reason) {
    if (!client.isClosed) {
      remove(client);
      client.channel.close(code, reason);
    }
  }

  private void remove(LiveClient client) {
    client.isClosed = true;
    clients.remove(client);
    counts.connect(clients.size());
  }

  private record Clock(String type, Instant now, double speed, @Nullable Progress progress) {}
}
