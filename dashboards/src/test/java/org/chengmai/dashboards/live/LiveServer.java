package org.chengmai.dashboards.live;

import static java.util.concurrent.TimeUnit.SECONDS;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.UpgradeRejectedException;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketClientOptions;
import io.vertx.core.http.WebSocketConnectOptions;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;
import org.chengmai.indicators.Principal;
import org.chengmai.indicators.Role;

/** A real HTTP server with the hub on a free port, and clients for it. */
final class LiveServer implements AutoCloseable {
  private final Vertx vertx = Vertx.vertx();
  private final WebSocketClient client =
      vertx.createWebSocketClient(
          new WebSocketClientOptions().setMaxMessageSize(16 << 20).setReceiveBufferSize(16 << 10));
  final MemoryAlertLog log = new MemoryAlertLog();
  final LiveHub hub;
  final int port;

  LiveServer(LiveConfig config) {
    hub = new LiveHub(vertx, log, config);
    Router router = Router.router(vertx);
    LiveRoutes.mount(router, hub, LiveServer::principal);
    router
        .route()
        .failureHandler(
            context ->
                context
                    .response()
                    .setStatusCode(((ChengmaiException) context.failure()).code().httpStatus())
                    .end());
    HttpServer server =
        get(
            vertx
                .createHttpServer(
                    new HttpServerOptions().setHost("127.0.0.1").setSendBufferSize(16 << 10))
                .requestHandler(router)
                .listen(0));
    port = server.actualPort();
  }

  private static Principal principal(RoutingContext context) {
    String header = context.request().getHeader("Authorization");
    if (!"Bearer viewer".equals(header)) {
      throw new ChengmaiException(ErrorCode.UNAUTHENTICATED, "log in");
    }
    return new Principal("wang", Role.VIEWER);
  }

  /** Connects and says hello, with a place in the log unless {@code epoch} is null. */
  Client connect(String epoch, long seq) {
    Client connected = open();
    JsonObject hello = new JsonObject().put("type", "hello");
    if (epoch != null) {
      hello.put("epoch", epoch).put("seq", seq);
    }
    connected.send(hello);
    return connected;
  }

  Client connect() {
    return connect(null, 0);
  }

  Client open() {
    return new Client(
        get(
            client
                .connect(
                    (WebSocketConnectOptions) options().addHeader("Authorization", "Bearer viewer"))
                .map(Client::prepare)));
  }

  WebSocketConnectOptions options() {
    return new WebSocketConnectOptions().setHost("127.0.0.1").setPort(port).setURI("/live");
  }

  /** The status that refuses an upgrade. */
  int refusal(WebSocketConnectOptions options) {
    CompletableFuture<Integer> status = new CompletableFuture<>();
    client
        .connect(options)
        .onSuccess(socket -> status.complete(101))
        .onFailure(
            failure ->
                status.complete(
                    failure instanceof UpgradeRejectedException refused
                        ? refused.getStatus()
                        : -1));
    return status.orTimeout(20, SECONDS).join();
  }

  /** Appends and announces, as the alert book does. */
  void fire(int number) {
    hub.accept(log.fire(number, 10));
  }

  static <T> T get(Future<T> future) {
    return future.toCompletionStage().toCompletableFuture().orTimeout(20, SECONDS).join();
  }

  @Override
  public void close() {
    get(hub.close());
    get(vertx.close());
  }

  /** A websocket whose messages queue up in order. */
  static final class Client {
    private final WebSocket socket;
    private final BlockingQueue<JsonObject> messages;

    private record Prepared(WebSocket socket, BlockingQueue<JsonObject> messages) {}

    /** On the event loop, before the first frame can come. */
    private static Prepared prepare(WebSocket socket) {
      BlockingQueue<JsonObject> messages = new LinkedBlockingQueue<>();
      socket.textMessageHandler(text -> messages.add(new JsonObject(text)));
      socket.closeHandler(
          ignored ->
              messages.add(
                  new JsonObject().put("type", "closed").put("code", socket.closeStatusCode())));
      return new Prepared(socket, messages);
    }

    private Client(Prepared prepared) {
      socket = prepared.socket;
      messages = prepared.messages;
    }

    void send(JsonObject message) {
      get(socket.writeTextMessage(message.encode()));
    }

    void pause() {
      socket.pause();
    }

    void resume() {
      socket.resume();
    }

    void disconnect() {
      get(socket.close());
    }

    /** The next message of this type; others before it are passed over. */
    JsonObject next(String type) {
      try {
        for (; ; ) {
          JsonObject message = messages.poll(20, SECONDS);
          if (message == null) {
            throw new AssertionError("no " + type + " within 20 s");
          }
          if (message.getString("type").equals(type)) {
            return message;
          }
        }
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }

    /** The sequence numbers of the next {@code number} alerts. */
    List<Long> nextAlerts(int number) {
      List<Long> seqs = new ArrayList<>(number);
      for (int i = 0; i < number; i++) {
        seqs.add(next("alert").getLong("seq"));
      }
      return seqs;
    }

    /** What has come so far and was not asked for. */
    List<JsonObject> received(String type) {
      return messages.stream().filter(message -> message.getString("type").equals(type)).toList();
    }
  }
}
