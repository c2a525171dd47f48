package org.chengmai.engine.server;

import com.fasterxml.jackson.databind.JsonNode;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import io.vertx.ext.web.Router;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.chengmai.indicators.Principal;
import org.chengmai.indicators.Role;
import org.chengmai.indicators.json.Json;

/** Routes behind a real server, for a viewer. */
final class TestServer implements AutoCloseable {
  private final Vertx vertx = Vertx.vertx();
  private final HttpClient client = HttpClient.newHttpClient();
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

  /** The answer's JSON, of an error as well. */
  JsonNode json(String path) throws Exception {
    return Json.read(
        new String(get(path).body(), java.nio.charset.StandardCharsets.UTF_8), JsonNode.class);
  }

  HttpResponse<byte[]> get(String path, String... headers) throws Exception {
    HttpRequest.Builder request = HttpRequest.newBuilder(address.resolve(path));
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
