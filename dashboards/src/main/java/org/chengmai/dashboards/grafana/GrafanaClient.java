package org.chengmai.dashboards.grafana;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.UpgradeRejectedException;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketClientOptions;
import io.vertx.core.http.WebSocketConnectOptions;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.HttpRequest;
import io.vertx.ext.web.client.HttpResponse;
import io.vertx.ext.web.client.WebClient;
import io.vertx.ext.web.client.WebClientOptions;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;
import org.jspecify.annotations.Nullable;

/**
 * Speaks Grafana's HTTP API: the few operations that Chengmai needs. Asynchronous; safe for use by
 * several threads.
 *
 * <p>Failures are ChengmaiExceptions: UNAUTHENTICATED, FORBIDDEN, NOT_FOUND, CONFLICT,
 * INVALID_INPUT and RESOURCES as Grafana answered, EXTERNAL when it failed or did not answer.
 * Messages name the call, Grafana's words and the cure, never a token.
 */
public final class GrafanaClient {
  private static final String JSON = "application/json";
  private static final String TEXT = "text/plain; charset=utf-8";

  private final GrafanaConfig config;
  private final WebClient web;
  private final WebSocketClient sockets;

  public GrafanaClient(Vertx vertx, GrafanaConfig config) {
    this.config = config;
    int connectMillis = (int) Math.min(config.timeout().toMillis(), Integer.MAX_VALUE);
    this.web =
        WebClient.create(
            vertx,
            new WebClientOptions()
                .setConnectTimeout(connectMillis)
                .setFollowRedirects(false)
                .setUserAgent("chengmai"));
    this.sockets =
        vertx.createWebSocketClient(new WebSocketClientOptions().setConnectTimeout(connectMillis));
  }

  /** Grafana's version and whether its database answers. Needs no token. */
  public record Health(String version, String database) {}

  /** The organisation that the token belongs to. */
  public record Organisation(long id, String name) {}

  /** Whether a data source could be reached from Grafana, in Grafana's words. */
  public record SourceHealth(boolean isOk, String message) {}

  public Future<Health> health() {
    return call(HttpMethod.GET, "/api/health")
        .map(
            body ->
                new Health(
                    object(body).getString("version", "?"),
                    object(body).getString("database", "?")));
  }

  public Future<Organisation> organisation() {
    return call(HttpMethod.GET, "/api/org")
        .map(
            body ->
                new Organisation(
                    object(body).getLong("id", 0L), object(body).getString("name", "?")));
  }

  /** The ids of the data source plugins that are there. */
  public Future<List<String>> dataSourcePlugins() {
    return call(HttpMethod.GET, "/api/plugins?type=datasource")
        .map(
            body ->
                array(body).stream().map(plugin -> ((JsonObject) plugin).getString("id")).toList());
  }

  public Future<Optional<JsonObject>> folder(String uid) {
    return optional(call(HttpMethod.GET, "/api/folders/" + encode(uid)));
  }

  public Future<Void> createFolder(String uid, String title) {
    return call(
            HttpMethod.POST, "/api/folders", new JsonObject().put("uid", uid).put("title", title))
        .mapEmpty();
  }

  public Future<Void> updateFolder(String uid, String title) {
    return call(
            HttpMethod.PUT,
            "/api/folders/" + encode(uid),
            new JsonObject().put("title", title).put("overwrite", true))
        .mapEmpty();
  }

  public Future<Optional<JsonObject>> dataSource(String uid) {
    return optional(call(HttpMethod.GET, "/api/datasources/uid/" + encode(uid)));
  }

  public Future<Void> createDataSource(JsonObject dataSource) {
    return call(HttpMethod.POST, "/api/datasources", dataSource).mapEmpty();
  }

  public Future<Void> updateDataSource(String uid, JsonObject dataSource) {
    return call(HttpMethod.PUT, "/api/datasources/uid/" + encode(uid), dataSource).mapEmpty();
  }

  /** Lets Grafana try the data source; a source that does not answer is an answer too. */
  public Future<SourceHealth> dataSourceHealth(String uid) {
    String path = "/api/datasources/uid/" + encode(uid) + "/health";
    return exchange(HttpMethod.GET, path, null, null)
        .compose(
            response ->
                response.statusCode() == 401 || response.statusCode() == 403
                    ? Future.failedFuture(
                        refusal("GET " + path, response.statusCode(), response.body(), null))
                    : Future.succeededFuture(
                        new SourceHealth(
                            response.statusCode() == 200,
                            response.body() == null
                                ? ""
                                : config.redact(message(response.body())))));
  }

  public Future<Optional<JsonObject>> dashboard(String uid) {
    return optional(call(HttpMethod.GET, "/api/dashboards/uid/" + encode(uid)));
  }

  /** Creates or overwrites a dashboard, whoever changed it last. */
  public Future<Void> putDashboard(JsonObject dashboard, String folderUid, String message) {
    JsonObject body =
        new JsonObject()
            .put("dashboard", dashboard)
            .put("folderUid", folderUid)
            .put("overwrite", true)
            .put("message", message);
    return call(HttpMethod.POST, "/api/dashboards/db", body).mapEmpty();
  }

  /** The newest annotations that have all the tags. */
  public Future<List<JsonObject>> annotations(List<String> tags, int limit) {
    StringBuilder path = new StringBuilder("/api/annotations?type=annotation&limit=").append(limit);
    tags.forEach(tag -> path.append("&tags=").append(encode(tag)));
    return call(HttpMethod.GET, path.toString())
        .map(body -> array(body).stream().map(JsonObject.class::cast).toList());
  }

  /** Creates an annotation of the organisation and answers its id. */
  public Future<Long> createAnnotation(JsonObject annotation) {
    return call(HttpMethod.POST, "/api/annotations", annotation)
        .map(body -> object(body).getLong("id"));
  }

  /** Changes the named parts of an annotation; {@code timeEnd} closes its region. */
  public Future<Void> patchAnnotation(long id, JsonObject change) {
    return call(HttpMethod.PATCH, "/api/annotations/" + id, change).mapEmpty();
  }

  /** Pushes a batch of line protocol into Live and waits for Grafana's verdict. */
  public Future<Void> push(String streamId, String lines) {
    return send(HttpMethod.POST, "/api/live/push/" + encode(streamId), TEXT, Buffer.buffer(lines))
        .mapEmpty();
  }

  /**
   * Opens the websocket of a stream; each text message is one batch, and Grafana never answers it.
   */
  Future<WebSocket> openPush(String streamId) {
    String path = "/api/live/push/" + encode(streamId);
    WebSocketConnectOptions options =
        new WebSocketConnectOptions()
            .setAbsoluteURI(config.url().replaceFirst("^http", "ws") + path)
            .setTimeout(config.timeout().toMillis())
            // A missing origin passes Grafana's check; one that a proxy rewrites may not.
            .setAllowOriginHeader(false)
            .addHeader("Authorization", "Bearer " + config.token());
    return sockets
        .connect(options)
        .recover(
            failure ->
                Future.failedFuture(
                    failure instanceof UpgradeRejectedException rejected
                        ? refusal(
                            "websocket " + path, rejected.getStatus(), rejected.getBody(), rejected)
                        : silence("websocket " + path, failure)));
  }

  /** The channels that pushes have made, each with its newest frame. */
  public Future<JsonObject> liveChannels() {
    return call(HttpMethod.GET, "/api/live/list").map(GrafanaClient::object);
  }

  public void close() {
    web.close();
    sockets.close();
  }

  /**
   * Whether Grafana, or a proxy before it, answered {@link #openPush} but did not open a websocket.
   */
  static boolean isUpgradeRefused(Throwable failure) {
    return failure.getCause() instanceof UpgradeRejectedException;
  }

  private Future<Buffer> call(HttpMethod method, String path) {
    return send(method, path, null, null);
  }

  private Future<Buffer> call(HttpMethod method, String path, JsonObject body) {
    return send(method, path, JSON, body.toBuffer());
  }

  private Future<Buffer> send(
      HttpMethod method, String path, @Nullable String contentType, @Nullable Buffer body) {
    return exchange(method, path, contentType, body)
        .compose(
            response ->
                response.statusCode() / 100 == 2
                    ? Future.succeededFuture(
                        response.body() == null ? Buffer.buffer() : response.body())
                    : Future.failedFuture(
                        refusal(what(method, path), response.statusCode(), response.body(), null)));
  }

  private Future<HttpResponse<Buffer>> exchange(
      HttpMethod method, String path, @Nullable String contentType, @Nullable Buffer body) {
    HttpRequest<Buffer> request =
        web.requestAbs(method, config.url() + path)
            .timeout(config.timeout().toMillis())
            .putHeader("Accept", JSON)
            .putHeader("Authorization", "Bearer " + config.token());
    Future<HttpResponse<Buffer>> answer =
        body == null || contentType == null
            ? request.send()
            : request.putHeader("Content-Type", contentType).sendBuffer(body);
    return answer.recover(failure -> Future.failedFuture(silence(what(method, path), failure)));
  }

  private static String what(HttpMethod method, String path) {
    return method + " " + path.replaceFirst("\\?.*", "");
  }

  private ChengmaiException silence(String what, Throwable failure) {
    String message =
        "Grafana at %s: %s got no answer: %s; check that Grafana runs there and that grafana.url is right"
            .formatted(config.url(), what, failure.getMessage());
    return new ChengmaiException(ErrorCode.EXTERNAL, config.redact(message));
  }

  private ChengmaiException refusal(
      String what, int status, @Nullable Buffer body, @Nullable Throwable cause) {
    String words = body == null ? "" : message(body);
    String message =
        "Grafana at %s: %s answered %d: %s; %s"
            .formatted(config.url(), what, status, words, cure(status));
    return new ChengmaiException(code(status), config.redact(message), cause);
  }

  private static ErrorCode code(int status) {
    return switch (status) {
      case 400, 413, 422 -> ErrorCode.INVALID_INPUT;
      case 401 -> ErrorCode.UNAUTHENTICATED;
      case 403 -> ErrorCode.FORBIDDEN;
      case 404 -> ErrorCode.NOT_FOUND;
      case 409, 412 -> ErrorCode.CONFLICT;
      case 429 -> ErrorCode.RESOURCES;
      default -> ErrorCode.EXTERNAL;
    };
  }

  private static String cure(int status) {
    return CURES.getOrDefault(status, "Grafana's own log says more");
  }

  private static final Map<Integer, String> CURES =
      Map.of(
          301, "grafana.url must name Grafana's root_url, with https and sub-path if it has them",
          302, "grafana.url must name Grafana's root_url, with https and sub-path if it has them",
          400, "Grafana does not take what we sent; compare its version with docs/grafana.md",
          401,
              "the token is wrong or expired: make a new one for the service account and set grafana.token",
          403, "the service account's role is too low: Admin, or Editor when Live goes by POST",
          404, "check grafana.url: the sub-path may be missing",
          409, "something else has that name: rename it in Grafana or change grafana.name",
          412, "something else has that name: rename it in Grafana or change grafana.name",
          429, "Grafana or a proxy limits the rate: lower grafana.batches_per_second",
          502, "a proxy cannot reach Grafana");

  /** Grafana's own words, or what came instead of them. */
  private static String message(Buffer body) {
    String text = body.toString(StandardCharsets.UTF_8).strip();
    try {
      if (Json.decodeValue(text) instanceof JsonObject json && json.getValue("message") != null) {
        return String.valueOf(json.getValue("message"));
      }
    } catch (DecodeException e) {
      // not JSON: a proxy's page, for instance
    }
    return text.length() > 300 ? text.substring(0, 300) + "…" : text;
  }

  private static Future<Optional<JsonObject>> optional(Future<Buffer> answer) {
    return answer
        .map(body -> Optional.of(object(body)))
        .recover(
            failure ->
                failure instanceof ChengmaiException known && known.code() == ErrorCode.NOT_FOUND
                    ? Future.succeededFuture(Optional.empty())
                    : Future.failedFuture(failure));
  }

  private static JsonObject object(Buffer body) {
    if (decode(body) instanceof JsonObject json) {
      return json;
    }
    throw unexpected(body);
  }

  private static JsonArray array(Buffer body) {
    if (decode(body) instanceof JsonArray json) {
      return json;
    }
    throw unexpected(body);
  }

  private static Object decode(Buffer body) {
    try {
      return Json.decodeValue(body);
    } catch (DecodeException e) {
      throw unexpected(body);
    }
  }

  private static ChengmaiException unexpected(Buffer body) {
    return new ChengmaiException(
        ErrorCode.EXTERNAL, "this is not Grafana's answer, is grafana.url right? " + message(body));
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
