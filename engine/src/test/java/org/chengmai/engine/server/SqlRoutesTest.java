package org.chengmai.engine.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.ext.web.Router;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.ipc.ArrowStreamReader;
import org.chengmai.connectors.file.FileConfig;
import org.chengmai.connectors.file.FileConfig.FileTable;
import org.chengmai.engine.sql.Execution;
import org.chengmai.engine.sql.SqlEngine;
import org.chengmai.engine.sql.SqlLimits;
import org.chengmai.indicators.Principal;
import org.chengmai.indicators.Role;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SqlRoutesTest {
  private static final String MANY =
      "select a.v, b.v, c.region from base_env.big a, base_env.big b, base_env.big c";

  @TempDir Path folder;
  private final Vertx vertx = Vertx.vertx();
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final RootAllocator allocator = new RootAllocator();
  private SqlEngine engine;
  private HttpServer server;

  @BeforeEach
  void start() throws Exception {
    Path air = folder.resolve("air.csv");
    Files.writeString(
        air, "ts,region,v\n2026-01-01 00:10:00,\"城东,\"\"甲\"\"\",10\n2026-01-01 00:40:00,城西,\n");
    Path big = folder.resolve("big.csv");
    Files.writeString(big, "region,v\n" + "一个相当长的地区名字,1\n".repeat(200));
    engine =
        new SqlEngine(
            List.of(
                new FileConfig(List.of(FileTable.of("air", air), FileTable.of("big", big)), "128MB")
                    .open("base_env", folder.resolve("work"))),
            List.of(),
            new SqlLimits(1000, Duration.ofSeconds(60), 1, "256MB", Duration.ofSeconds(20)),
            Execution.FEDERATED,
            folder.resolve("spill"),
            InstantSource.system());
    Router router = Router.router(vertx);
    router
        .route()
        .handler(
            context -> {
              String role = context.request().getHeader("X-Role");
              if (role != null) {
                Requests.setPrincipal(
                    context,
                    new Principal(
                        context.request().getHeader("X-User") == null
                            ? "test"
                            : context.request().getHeader("X-User"),
                        Role.valueOf(role)));
              }
              context.next();
            });
    router.route().failureHandler(Requests::fail);
    new SqlRoutes(
            engine,
            allocator,
            vertx.createSharedWorkerExecutor("sql", 4),
            vertx.createSharedWorkerExecutor("looking", 1))
        .mount(router);
    server =
        vertx
            .createHttpServer()
            .requestHandler(router)
            .listen(0, "127.0.0.1")
            .toCompletionStage()
            .toCompletableFuture()
            .get(20, TimeUnit.SECONDS);
  }

  @AfterEach
  void stop() throws Exception {
    vertx.close().toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
    engine.close();
    allocator.close();
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.actualPort() + path))
        .header("X-Role", "ANALYST");
  }

  private HttpResponse<byte[]> post(String path, String body, String... headers) throws Exception {
    HttpRequest.Builder request = request(path).POST(HttpRequest.BodyPublishers.ofString(body));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
  }

  private static JsonNode json(HttpResponse<byte[]> response) throws Exception {
    return new ObjectMapper().readTree(response.body());
  }

  @Test
  void jsonHasColumnsRowsAndTime() throws Exception {
    HttpResponse<byte[]> response =
        post("/api/v1/sql", "{\"sql\":\"select ts, region, v from base_env.air order by ts\"}");
    assertThat(response.statusCode()).isEqualTo(200);
    JsonNode answer = json(response);
    assertThat(answer.get("columns"))
        .hasToString(
            "[{\"name\":\"ts\",\"type\":\"TIMESTAMP\"},{\"name\":\"region\",\"type\":\"VARCHAR\"},{\"name\":\"v\",\"type\":\"BIGINT\"}]");
    assertThat(answer.get("rows"))
        .hasToString(
            "[[\"2026-01-01T00:10:00Z\",\"城东,\\\"甲\\\"\",10],[\"2026-01-01T00:40:00Z\",\"城西\",null]]");
    assertThat(answer.get("elapsed_ms").isNumber()).isTrue();
  }

  @Test
  void csvIsQuoted() throws Exception {
    HttpResponse<byte[]> response =
        post("/api/v1/sql", "select region, v from base_env.air order by ts", "Accept", "text/csv");
    assertThat(new String(response.body(), StandardCharsets.UTF_8))
        .isEqualTo("region,v\r\n\"城东,\"\"甲\"\"\",10\r\n城西,\r\n");
  }

  @Test
  void arrowIsAStream() throws Exception {
    HttpResponse<byte[]> response =
        post(
            "/api/v1/sql",
            "select v from base_env.air order by ts",
            "Accept",
            "application/vnd.apache.arrow.stream");
    try (RootAllocator memory = new RootAllocator();
        ArrowStreamReader reader =
            new ArrowStreamReader(new ByteArrayInputStream(response.body()), memory)) {
      assertThat(reader.loadNextBatch()).isTrue();
      assertThat(reader.getVectorSchemaRoot().getRowCount()).isEqualTo(2);
      assertThat(reader.getVectorSchemaRoot().getVector(0).getObject(0)).isEqualTo(10L);
      assertThat(reader.loadNextBatch()).isFalse();
    }
  }

  @Test
  void errorsHaveStatusAndMessage() throws Exception {
    HttpResponse<byte[]> wrong = post("/api/v1/sql", "select nope from base_env.air");
    assertThat(wrong.statusCode()).isEqualTo(400);
    assertThat(json(wrong).at("/error/message").asText()).contains("nope");
    assertThat(post("/api/v1/sql", "{\"sql\":").statusCode()).isEqualTo(400);
    HttpRequest viewer =
        request("/api/v1/sql")
            .setHeader("X-Role", "VIEWER")
            .POST(HttpRequest.BodyPublishers.ofString("select 1"))
            .build();
    assertThat(http.send(viewer, HttpResponse.BodyHandlers.discarding()).statusCode())
        .isEqualTo(403);
  }

  @Test
  void theCatalogueAndTheExplanationAreJson() throws Exception {
    HttpResponse<byte[]> catalog =
        http.send(request("/api/v1/catalog").build(), HttpResponse.BodyHandlers.ofByteArray());
    assertThat(json(catalog).toString())
        .contains("\"name\":\"base_env\"")
        .contains("\"name\":\"air\"")
        .contains("\"type\":\"TIMESTAMP\"")
        .contains("\"rows\":")
        .contains("\"distinct\":");
    HttpResponse<byte[]> explanation =
        post(
            "/api/v1/sql/explain",
            "{\"sql\":\"select count(*) from base_env.air where v = ?\",\"parameters\":[7]}");
    assertThat(explanation.headers().firstValue("X-Query-Id")).isPresent();
    JsonNode explained = json(explanation);
    assertThat(explained.at("/plan").asText()).startsWith("-- f0: base_env");
    assertThat(explained.at("/fragments/0/library").asText()).isEqualTo("base_env");
    assertThat(explained.at("/fragments/0/sql").asText()).contains("COUNT(*)").contains("= 7");
  }

  /**
   * The engine runs one query at a time, so the second one runs only when the first was cancelled.
   */
  @Test
  void aClientThatGoesAwayCancelsItsQuery() throws Exception {
    HttpResponse<InputStream> endless =
        http.send(
            request("/api/v1/sql").POST(HttpRequest.BodyPublishers.ofString(MANY)).build(),
            HttpResponse.BodyHandlers.ofInputStream());
    assertThat(endless.body().readNBytes(100_000)).hasSize(100_000);
    endless.body().close();
    HttpResponse<byte[]> next = post("/api/v1/sql", "select 1");
    assertThat(next.statusCode())
        .as(() -> new String(next.body(), StandardCharsets.UTF_8))
        .isEqualTo(200);
  }

  @Test
  void aQueryThatWaitsIsSeenAndCancelledByItsUser() throws Exception {
    HttpResponse<InputStream> endless =
        http.send(
            request("/api/v1/sql").POST(HttpRequest.BodyPublishers.ofString(MANY)).build(),
            HttpResponse.BodyHandlers.ofInputStream());
    String running = endless.headers().firstValue("X-Query-Id").orElseThrow();
    var waiting =
        http.sendAsync(
            request("/api/v1/sql").POST(HttpRequest.BodyPublishers.ofString("select 1")).build(),
            HttpResponse.BodyHandlers.ofByteArray());
    JsonNode queries = queries();
    while (queries.size() < 2) {
      queries = queries();
    }
    assertThat(queries.get(0).get("id").asText()).isEqualTo(running);
    assertThat(queries.get(0).get("state").asText()).isEqualTo("running");
    assertThat(queries.get(0).at("/steps/0/source").asText()).isEqualTo("base_env");
    assertThat(queries.get(1).get("position").asInt()).isEqualTo(1);
    assertThat(queries.get(1).get("sql").asText()).isEqualTo("select 1");

    String path = "/api/v1/sql/queries/" + queries.get(1).get("id").asText();
    assertThat(send(request(path).setHeader("X-User", "other").DELETE()).statusCode())
        .isEqualTo(404);
    assertThat(send(request(path).DELETE()).statusCode()).isEqualTo(204);
    assertThat(waiting.get(20, TimeUnit.SECONDS).statusCode()).isEqualTo(499);
    assertThat(send(request(path)).statusCode()).isEqualTo(404);
    assertThat(
            send(request("/api/v1/sql/queries/" + running)
                    .setHeader("X-User", "root")
                    .setHeader("X-Role", "ADMIN")
                    .DELETE())
                .statusCode())
        .isEqualTo(204);
    endless.body().close();
  }

  private HttpResponse<byte[]> send(HttpRequest.Builder request) throws Exception {
    return http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
  }

  private JsonNode queries() throws Exception {
    return json(send(request("/api/v1/sql/queries"))).get("queries");
  }
}
