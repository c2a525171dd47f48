package org.chengmai.dashboards.grafana;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.openapi.contract.OpenAPIContract;
import io.vertx.openapi.contract.Operation;
import io.vertx.openapi.validation.RequestUtils;
import io.vertx.openapi.validation.RequestValidator;
import io.vertx.openapi.validation.ValidatedRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * A server that behaves as Grafana's documentation says and checks every request against the
 * contract in {@code grafana/openapi.yaml}, the websocket's upgrade included. What breaks the
 * contract is answered with 400 and remembered.
 */
final class FakeGrafana implements AutoCloseable {
  static final String ADMIN = "glsa_admin_0f3c7a";
  static final String EDITOR = "glsa_editor_77e1b2";

  /** Calls in order, such as {@code POST /api/folders}. */
  final List<String> calls = new CopyOnWriteArrayList<>();

  final List<String> violations = new CopyOnWriteArrayList<>();
  final Map<String, JsonObject> folders = new ConcurrentHashMap<>();
  final Map<String, JsonObject> dataSources = new ConcurrentHashMap<>();
  final Map<String, JsonObject> dashboards = new ConcurrentHashMap<>();
  final Map<Long, JsonObject> annotations = new ConcurrentHashMap<>();

  /** Lines by channel, such as {@code stream/chengmai-env/CVS-ENV-0001}, with how they came. */
  final Map<String, List<Pushed>> channels = new ConcurrentHashMap<>();

  final List<String> plugins =
      new CopyOnWriteArrayList<>(List.of("influxdb", "prometheus", "loki"));
  final List<ServerWebSocket> sockets = new CopyOnWriteArrayList<>();
  volatile boolean isUpgradeRefused;
  volatile boolean isSourceReachable = true;

  private final Map<String, Integer> failures = new ConcurrentHashMap<>();
  private final AtomicLong nextId = new AtomicLong(1);
  private final Vertx vertx;
  private final OpenAPIContract contract;
  private final RequestValidator validator;
  private @Nullable HttpServer server;
  private int port;

  /** A line and whether it came by websocket. */
  record Pushed(LineReader.Parsed line, boolean bySocket) {}

  FakeGrafana(Vertx vertx) throws Exception {
    this.vertx = vertx;
    contract = await(OpenAPIContract.from(vertx, "grafana/openapi.yaml"));
    validator = RequestValidator.create(vertx, contract);
    start();
  }

  void start() throws Exception {
    server = vertx.createHttpServer().requestHandler(this::handle);
    port = await(server.listen(port, "127.0.0.1")).actualPort();
  }

  /** As when the process ends: sockets break, the database stays, Live forgets. */
  void stop() throws Exception {
    if (server != null) {
      await(server.close());
      server = null;
      sockets.clear();
      channels.clear();
    }
  }

  String url() {
    return "http://127.0.0.1:" + port;
  }

  /** Answers paths that begin so with this status until told otherwise. */
  void fail(String path, int status) {
    failures.put(path, status);
  }

  void recover() {
    failures.clear();
  }

  void dropSockets() {
    sockets.forEach(ServerWebSocket::close);
  }

  List<LineReader.Parsed> lines(String channel) {
    return channels.getOrDefault(channel, List.of()).stream().map(Pushed::line).toList();
  }

  long count(String call) {
    return calls.stream().filter(call::equals).count();
  }

  @Override
  public void close() throws Exception {
    stop();
  }

  private void handle(HttpServerRequest request) {
    calls.add(request.method() + " " + request.path());
    Integer failure =
        failures.entrySet().stream()
            .filter(entry -> request.path().startsWith(entry.getKey()))
            .map(Map.Entry::getValue)
            .findFirst()
            .orElse(null);
    if (failure != null) {
      answer(request.response(), failure, new JsonObject().put("message", "told to fail"));
      return;
    }
    String authorization = String.valueOf(request.getHeader("Authorization"));
    boolean isAdmin = authorization.equals("Bearer " + ADMIN);
    if (!isAdmin
        && !authorization.equals("Bearer " + EDITOR)
        && !request.path().equals("/api/health")) {
      answer(
          request.response(),
          401,
          new JsonObject().put("message", "Invalid API key: " + authorization));
      return;
    }
    Operation operation = contract.findOperation(request.path(), request.method());
    if (operation == null) {
      violate(request, "no such operation");
      return;
    }
    if (operation.getOperationId().equals("pushSocket")) {
      upgrade(request, operation, isAdmin);
      return;
    }
    validator
        .validate(request, operation.getOperationId())
        .onFailure(problem -> violate(request, problem.getMessage()))
        .onSuccess(valid -> serve(request, operation.getOperationId(), valid));
  }

  private void upgrade(HttpServerRequest request, Operation operation, boolean isAdmin) {
    if (!isAdmin || isUpgradeRefused) {
      answer(request.response(), 403, new JsonObject().put("message", "Permission denied"));
      return;
    }
    String stream = request.path().substring("/api/live/push/".length());
    request.pause();
    RequestUtils.extract(request, operation, Future::succeededFuture)
        .compose(parts -> validator.validate(parts, operation.getOperationId()))
        .onFailure(
            problem -> {
              request.resume();
              violate(request, problem.getMessage());
            })
        .compose(valid -> request.toWebSocket())
        .onSuccess(
            socket -> {
              sockets.add(socket);
              socket.closeHandler(nothing -> sockets.remove(socket));
              socket.textMessageHandler(text -> push(stream, text, true));
              socket.binaryMessageHandler(bytes -> violations.add("a binary message on " + stream));
            });
  }

  private void serve(HttpServerRequest request, String operation, ValidatedRequest valid) {
    HttpServerResponse response = request.response();
    JsonObject body =
        valid.getBody() != null && valid.getBody().isJsonObject()
            ? valid.getBody().getJsonObject()
            : new JsonObject();
    String last = request.path().substring(request.path().lastIndexOf('/') + 1);
    switch (operation) {
      case "health" ->
          answer(
              response,
              200,
              new JsonObject().put("database", "ok").put("version", "13.3.0").put("commit", "0"));
      case "organisation" ->
          answer(response, 200, new JsonObject().put("id", 1).put("name", "Main Org."));
      case "plugins" -> {
        JsonArray list = new JsonArray();
        plugins.forEach(
            plugin -> list.add(new JsonObject().put("id", plugin).put("type", "datasource")));
        response.putHeader("Content-Type", "application/json").end(list.encode());
      }
      case "folder" -> found(response, folders.get(last));
      case "createFolder" -> {
        if (folders.putIfAbsent(body.getString("uid"), body) != null) {
          answer(
              response,
              412,
              new JsonObject().put("message", "the folder has been changed by someone else"));
        } else {
          answer(response, 200, body);
        }
      }
      case "updateFolder" -> {
        folders.get(last).mergeIn(body);
        answer(response, 200, folders.get(last));
      }
      case "dataSource" -> found(response, withoutSecrets(dataSources.get(last)));
      case "createDataSource" -> {
        if (dataSources.putIfAbsent(body.getString("uid"), body) != null) {
          answer(
              response,
              409,
              new JsonObject().put("message", "data source with the same name already exists"));
        } else {
          answer(response, 200, new JsonObject().put("message", "Datasource added"));
        }
      }
      case "updateDataSource" -> {
        dataSources.put(last, body);
        answer(response, 200, new JsonObject().put("message", "Datasource updated"));
      }
      case "dataSourceHealth" ->
          answer(
              response,
              isSourceReachable ? 200 : 400,
              new JsonObject()
                  .put("status", isSourceReachable ? "OK" : "ERROR")
                  .put("message", isSourceReachable ? "OK" : "connection refused"));
      case "dashboard" -> found(response, dashboards.get(last));
      case "putDashboard" -> putDashboard(request, response, body);
      case "annotations" -> findAnnotations(request, response);
      case "createAnnotation" -> {
        long id = nextId.getAndIncrement();
        annotations.put(id, body.put("id", id));
        answer(response, 200, new JsonObject().put("message", "Annotation added").put("id", id));
      }
      case "patchAnnotation" -> {
        JsonObject note = annotations.get(Long.valueOf(last));
        if (note != null) {
          note.mergeIn(body);
        }
        answer(
            response,
            note == null ? 404 : 200,
            new JsonObject().put("message", note == null ? "not found" : "Annotation patched"));
      }
      case "push" -> {
        boolean isGood = push(last, String.valueOf(valid.getBody().get()), false);
        answer(response, isGood ? 200 : 500, new JsonObject());
      }
      case "liveChannels" -> {
        JsonArray list = new JsonArray();
        channels.keySet().forEach(channel -> list.add(new JsonObject().put("channel", channel)));
        answer(response, 200, new JsonObject().put("channels", list));
      }
      default -> answer(response, 501, new JsonObject().put("message", operation));
    }
  }

  private void putDashboard(
      HttpServerRequest request, HttpServerResponse response, JsonObject body) {
    JsonObject board = body.getJsonObject("dashboard");
    if (!folders.containsKey(body.getString("folderUid"))) {
      answer(response, 400, new JsonObject().put("message", "folder not found"));
      return;
    }
    for (Object panel : board.getJsonArray("panels")) {
      for (Object target : ((JsonObject) panel).getJsonArray("targets")) {
        String uid = ((JsonObject) target).getJsonObject("datasource").getString("uid");
        if (!uid.equals("grafana") && !dataSources.containsKey(uid)) {
          violate(request, "panel asks the unknown data source " + uid);
          return;
        }
      }
    }
    JsonObject old = dashboards.get(board.getString("uid"));
    int version = old == null ? 1 : old.getJsonObject("dashboard").getInteger("version") + 1;
    dashboards.put(
        board.getString("uid"),
        new JsonObject()
            .put("dashboard", board.copy().put("version", version).put("id", 7))
            .put(
                "meta",
                new JsonObject().put("folderUid", body.getString("folderUid")).put("slug", "x")));
    answer(
        response, 200, new JsonObject().put("uid", board.getString("uid")).put("version", version));
  }

  private void findAnnotations(HttpServerRequest request, HttpServerResponse response) {
    List<String> tags = request.params().getAll("tags");
    JsonArray list = new JsonArray();
    annotations.values().stream()
        .filter(note -> note.getJsonArray("tags").getList().containsAll(tags))
        .limit(Long.parseLong(request.getParam("limit", "100")))
        .forEach(list::add);
    response.putHeader("Content-Type", "application/json").end(list.encode());
  }

  /**
   * As Grafana: a measurement whose fields change breaks the panels that show it, here a violation.
   */
  private boolean push(String stream, String text, boolean bySocket) {
    try {
      if (text.length() > 65_536) {
        violations.add("a message of more than 64 KiB on " + stream);
      }
      for (String line : text.split("\n")) {
        LineReader.Parsed parsed = LineReader.read(line);
        String channel = "stream/" + stream + "/" + parsed.measurement();
        if (!channel.matches("[A-Za-z0-9_./=-]{1,160}")) {
          violations.add("not a channel: " + channel);
        }
        List<Pushed> lines =
            channels.computeIfAbsent(channel, name -> new CopyOnWriteArrayList<>());
        if (!lines.isEmpty() && !shape(lines.get(0).line()).equals(shape(parsed))) {
          violations.add("fields of " + channel + " changed: " + line);
        }
        lines.add(new Pushed(parsed, bySocket));
      }
      return true;
    } catch (IllegalArgumentException e) {
      violations.add(e.getMessage());
      return false;
    }
  }

  private static List<String> shape(LineReader.Parsed line) {
    List<String> shape = new ArrayList<>(line.tags().keySet());
    line.fields()
        .forEach((name, value) -> shape.add(name + ":" + value.getClass().getSimpleName()));
    return shape;
  }

  private void violate(HttpServerRequest request, @Nullable String problem) {
    violations.add(request.method() + " " + request.uri() + ": " + problem);
    answer(request.response(), 400, new JsonObject().put("message", String.valueOf(problem)));
  }

  private static @Nullable JsonObject withoutSecrets(@Nullable JsonObject source) {
    if (source == null) {
      return null;
    }
    JsonObject copy = source.copy();
    copy.remove("secureJsonData");
    return copy.put("secureJsonFields", new JsonObject().put("token", true))
        .put("readOnly", source.getBoolean("readOnly", false));
  }

  private static void found(HttpServerResponse response, @Nullable JsonObject thing) {
    answer(
        response,
        thing == null ? 404 : 200,
        thing == null ? new JsonObject().put("message", "not found") : thing);
  }

  private static void answer(HttpServerResponse response, int status, JsonObject body) {
    if (!response.ended()) {
      response
          .setStatusCode(status)
          .putHeader("Content-Type", "application/json")
          .end(body.encode());
    }
  }

  static <T> T await(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
  }
}
