package org.chengmai.engine.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.http.HttpServer;
import io.vertx.ext.web.Router;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.GZIPOutputStream;
import org.chengmai.connectors.druid.DruidClient;
import org.chengmai.connectors.kafka.CommittedRecords;
import org.chengmai.engine.ingest.Corrections;
import org.chengmai.engine.ingest.DeadLetters;
import org.chengmai.engine.ingest.FeedContract;
import org.chengmai.engine.ingest.IngestConfig;
import org.chengmai.engine.ingest.ObservationGateway;
import org.chengmai.engine.ingest.SeriesRegistry;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;
import org.chengmai.indicators.Principal;
import org.chengmai.indicators.Role;
import org.chengmai.indicators.json.Json;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.Test;

/** Observations over HTTP, by a real server and client. */
class ObservationRoutesTest extends FeedContract {
  private final HttpClient http = HttpClient.newHttpClient();
  private final AtomicInteger keys = new AtomicInteger();
  private Vertx vertx;
  private HttpServer server;

  @Override
  protected void open() throws Exception {
    vertx = Vertx.vertx();
    WorkerExecutor executor = vertx.createSharedWorkerExecutor("ingest", 2);
    // Not connected: this test covers pushing; lists, replay and registration are tested below HTTP
    // only.
    SeriesRegistry registry = new SeriesRegistry(Jdbi.create("jdbc:postgresql://127.0.0.1:1/none"));
    ObservationGateway gateway =
        ObservationGateway.of(
            IngestConfig.defaults(),
            registry,
            InstantSource.system(),
            new SimpleMeterRegistry(),
            "127.0.0.1:1");
    DruidClient druid =
        new DruidClient(URI.create("http://127.0.0.1:1"), URI.create("http://127.0.0.1:1"));
    Corrections corrections =
        new Corrections(
            Jdbi.create("jdbc:postgresql://127.0.0.1:1/none"),
            registry,
            gateway,
            druid,
            InstantSource.system(),
            "observations",
            Duration.ofSeconds(1),
            told -> {});
    DeadLetters deadLetters =
        new DeadLetters(
            new CommittedRecords("127.0.0.1:1", "dead_letters", Map.of()), gateway, parser);
    Router router = Router.router(vertx);
    router
        .route()
        .handler(
            context -> {
              String token = context.request().getHeader("Authorization");
              if ("Bearer secret".equals(token)) {
                Requests.setPrincipal(context, new Principal("sensors", Role.OPERATOR));
              } else if ("Bearer guest".equals(token)) {
                Requests.setPrincipal(context, new Principal("guest", Role.VIEWER));
              }
              context.next();
            })
        .failureHandler(Requests::fail);
    new ObservationRoutes(parser, intake, corrections, deadLetters, registry, executor)
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

  @Override
  protected void stop() throws Exception {
    vertx.close().toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
  }

  @Override
  protected CompletableFuture<HttpResponse<String>> send(String json) {
    return send(json, "k" + keys.incrementAndGet());
  }

  private CompletableFuture<HttpResponse<String>> send(String json, String key) {
    HttpRequest request =
        request("application/json", json.getBytes(StandardCharsets.UTF_8))
            .header("Idempotency-Key", key)
            .build();
    return http.sendAsync(request, HttpResponse.BodyHandlers.ofString())
        .thenCompose(
            response ->
                response.statusCode() >= 429
                    ? send(json, key)
                    : CompletableFuture.completedFuture(response));
  }

  @Test
  void aReceiptCountsRowsAndNamesReasons() throws Exception {
    HttpResponse<String> response =
        post("application/x-ndjson", (row(1) + "\nrubbish\n").getBytes(StandardCharsets.UTF_8));
    assertThat(response.statusCode()).isEqualTo(200);
    JsonNode receipt = Json.mapper().readTree(response.body());
    assertThat(receipt.get("accepted").asInt()).isEqualTo(1);
    assertThat(receipt.get("rejected").asInt()).isEqualTo(1);
    assertThat(receipt.get("duplicate").asBoolean()).isFalse();
    assertThat(receipt.get("errors").get(0).asText()).startsWith("no valid JSON");
  }

  @Test
  void onlyBadRowsAreABadRequestThatIsKept() throws Exception {
    byte[] row = "{\"series\":\"城东\",\"time\":1,\"value\":1}".getBytes(Charset.forName("GB18030"));
    HttpResponse<String> response = post("application/json", row);
    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(response.body()).contains("the row is not UTF-8");
    assertThat(intake.submissions().get(0).batch().bad().get(0).raw()).isEqualTo(row);
  }

  @Test
  void aTenMegabyteLineIsAnsweredAndTheRowBesideItStored() throws Exception {
    byte[] payload =
        (row(1) + "\n{\"x\":\"" + "y".repeat(10 << 20) + "\"}\n").getBytes(StandardCharsets.UTF_8);
    HttpResponse<String> response = post("application/x-ndjson", payload);
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.body()).contains("at most 1048576 are possible");
    assertThat(intake.values()).containsExactly(1.0);
  }

  @Test
  void aBodyAboveTheLimitIsRefusedDeclaredStreamedOrPacked() throws Exception {
    byte[] large = new byte[(16 << 20) + 1];
    assertThat(post("application/json", large).statusCode()).isEqualTo(413);
    HttpRequest streamed =
        request("application/json", new byte[0])
            .POST(HttpRequest.BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(large)))
            .build();
    assertThat(http.send(streamed, HttpResponse.BodyHandlers.ofString()).statusCode())
        .isEqualTo(413);
    HttpRequest packed =
        request("application/json", gzip(large)).header("Content-Encoding", "gzip").build();
    HttpResponse<String> response = http.send(packed, HttpResponse.BodyHandlers.ofString());
    assertThat(response.statusCode()).isEqualTo(413);
    assertThat(response.body()).contains("too_large");
    assertThat(intake.submissions()).isEmpty();
    acknowledged(send(row(1)));
  }

  @Test
  void packedBodiesAndLineProtocolAreRead() throws Exception {
    HttpRequest packed =
        request(
                "application/x-ndjson",
                gzip((row(1) + "\n" + row(2)).getBytes(StandardCharsets.UTF_8)))
            .header("Content-Encoding", "gzip")
            .build();
    assertThat(http.send(packed, HttpResponse.BodyHandlers.ofString()).statusCode()).isEqualTo(200);
    assertThat(
            post(
                    "text/plain; charset=utf-8",
                    ("air,series=" + SERIES + " value=3").getBytes(StandardCharsets.UTF_8))
                .statusCode())
        .isEqualTo(200);
    assertThat(intake.values()).containsExactly(1.0, 2.0, 3.0);
  }

  @Test
  void whatCannotBeReadIsNamed() throws Exception {
    assertThat(post("application/xml", new byte[] {1}).body()).contains("application/xml");
    assertThat(post("application/json; charset=GB18030", new byte[] {1}).body())
        .contains("UTF-8 is needed");
    HttpRequest fake =
        request("application/json", new byte[] {1, 2, 3})
            .header("Content-Encoding", "gzip")
            .build();
    assertThat(http.send(fake, HttpResponse.BodyHandlers.ofString()).statusCode()).isEqualTo(400);
    HttpRequest brotli =
        request("application/json", new byte[] {1}).header("Content-Encoding", "br").build();
    assertThat(http.send(brotli, HttpResponse.BodyHandlers.ofString()).body()).contains("'br'");
  }

  @Test
  void aFullQueueAndAnAbsentStoreSayWhenToRetry() throws Exception {
    intake.refuse(new ChengmaiException(ErrorCode.RESOURCES, "ingest queue full"));
    HttpResponse<String> full = post("application/json", row(1).getBytes(StandardCharsets.UTF_8));
    assertThat(full.statusCode()).isEqualTo(429);
    assertThat(full.headers().firstValue("Retry-After")).contains("1");
    intake.refuse(new ChengmaiException(ErrorCode.UNAVAILABLE, "repeat with the same key"));
    HttpResponse<String> away = post("application/json", row(1).getBytes(StandardCharsets.UTF_8));
    assertThat(away.statusCode()).isEqualTo(503);
    assertThat(away.headers().firstValue("Retry-After")).contains("5");
    assertThat(away.body()).contains("repeat with the same key");
  }

  @Test
  void aWrongTokenAndAViewerAreRefused() throws Exception {
    for (Map.Entry<String, Integer> one :
        Map.of("Bearer wrong", 401, "Bearer guest", 403).entrySet()) {
      HttpRequest request =
          HttpRequest.newBuilder(address("/api/v1/observations"))
              .header("Authorization", one.getKey())
              .POST(HttpRequest.BodyPublishers.ofString(row(1)))
              .build();
      assertThat(http.send(request, HttpResponse.BodyHandlers.ofString()).statusCode())
          .isEqualTo(one.getValue());
    }
    HttpRequest list =
        HttpRequest.newBuilder(address("/api/v1/dead-letters"))
            .header("Authorization", "Bearer secret")
            .build();
    assertThat(http.send(list, HttpResponse.BodyHandlers.ofString()).statusCode()).isEqualTo(403);
    assertThat(intake.submissions()).isEmpty();
  }

  private HttpResponse<String> post(String type, byte[] body)
      throws IOException, InterruptedException {
    return http.send(request(type, body).build(), HttpResponse.BodyHandlers.ofString());
  }

  private HttpRequest.Builder request(String type, byte[] body) {
    return HttpRequest.newBuilder(address("/api/v1/observations"))
        .header("Authorization", "Bearer secret")
        .header("Content-Type", type)
        .POST(HttpRequest.BodyPublishers.ofByteArray(body));
  }

  private URI address(String path) {
    return URI.create("http://127.0.0.1:" + server.actualPort() + path);
  }

  private static byte[] gzip(byte[] plain) throws IOException {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
      out.write(plain);
    }
    return packed.toByteArray();
  }
}
