package org.chengmai.engine.server;

import com.fasterxml.jackson.databind.JsonNode;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import io.vertx.ext.web.Router;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.chengmai.indicators.Principal;
import org.chengmai.indicators.Role;
import org.chengmai.indicators.json.Json;

/** Routes behind a real server, for a viewer. */
final class TestServer implements AutoCloseable {
  private final Vertx vertx = Vertx.vertx();

  /** Java's client now and then never ends its own upgrade to HTTP/2. */
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private final URI address;

  TestServer(BiConsumer<Router, WorkerExecutor> mount) throws Exception {
    Router router = Router.router(vertx);
    router
        .route()
        .handler(
            context -> {
              Requests.setPrincipal(context, new Principal("li", Role.VIEWER));
              context.next();
            })
        .failureHandler(Requests::fail);
    mount.accept(router, vertx.createSharedWorkerExecutor("test", 2));
    int port =
        vertx
            .createHttpServer()
            .requestHandler(router)
            .listen(0, "127.0.0.1")
            .toCompletionStage()
            .toCompletableFuture()
            .get(20, TimeUnit.SECONDS)
            .actualPort();
    address = URI.create("http://127.0.0.1:" + port);
  }

  /** The answer's JSON, of an error as well, which is as the OpenAPI document says. */
  JsonNode json(String path) throws Exception {
    HttpResponse<byte[]> answer = get(path);
    String body = new String(answer.body(), StandardCharsets.UTF_8);
    ApiContract.check("get", path, answer.statusCode(), body);
    return Json.read(body, JsonNode.class);
  }

  HttpResponse<byte[]> get(String path, String... headers) throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(address.resolve(path)).timeout(Duration.ofSeconds(20));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
  }

  @Override
  public void close() throws Exception {
    vertx.close().toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
  }
}
