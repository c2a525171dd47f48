package org.chengmai.engine.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.vertx.core.Vertx;
import io.vertx.ext.web.Router;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.assertj.core.data.Offset;
import org.chengmai.engine.sql.Execution;
import org.chengmai.engine.sql.SqlEngine;
import org.chengmai.engine.sql.SqlLimits;
import org.chengmai.engine.sql.TableChecker;
import org.chengmai.indicators.Principal;
import org.chengmai.indicators.Role;
import org.chengmai.indicators.catalog.DataCatalogue;
import org.chengmai.indicators.catalog.ShippedCatalogue;
import org.chengmai.indicators.definition.IndicatorCatalogue;
import org.chengmai.indicators.definition.ShippedDefinitions;
import org.chengmai.indicators.json.Json;
import org.chengmai.indicators.region.Regions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DefinitionRoutesTest {
  @TempDir static Path folder;
  private static SqlEngine engine;
  private static Vertx vertx;
  private static int port;

  @BeforeAll
  static void open() throws Exception {
    DataCatalogue tables = DataCatalogue.load(ShippedCatalogue.files());
    engine =
        new SqlEngine(
            List.of(),
            List.of(),
            SqlLimits.defaults(),
            Execution.FEDERATED,
            folder,
            InstantSource.system());
    vertx = Vertx.vertx();
    Router router = Router.router(vertx);
    router
        .route()
        .handler(
            context -> {
              Role role = Role.valueOf(context.request().getHeader("role"));
              Requests.setPrincipal(context, new Principal("li", role));
              context.next();
            })
        .failureHandler(Requests::fail);
    new DefinitionRoutes(
            IndicatorCatalogue.load(ShippedDefinitions.files(), Regions.xining(), null),
            tables,
            TableChecker.of(tables),
            engine::query,
            InstantSource.fixed(Instant.parse("2026-03-01T00:00:00Z")),
            vertx.createSharedWorkerExecutor("test", 2),
            vertx.createSharedWorkerExecutor("check", 2))
        .mount(router);
    port =
        vertx
            .createHttpServer()
            .requestHandler(router)
            .listen(0, "127.0.0.1")
            .toCompletionStage()
            .toCompletableFuture()
            .get(20, TimeUnit.SECONDS)
            .actualPort();
  }

  @AfterAll
  static void close() throws Exception {
    vertx.close().toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
    engine.close();
  }

  private static HttpRequest.Builder to(String path, Role role) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/api/v1/" + path))
        .header("role", role.name());
  }

  private static HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
    return HttpClient.newHttpClient().send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  /** An answer that is as the OpenAPI document says. */
  private static JsonNode json(String method, String path, HttpResponse<String> answer) {
    ApiContract.check(method, "/api/v1/" + path, answer.statusCode(), answer.body());
    return Json.read(answer.body(), JsonNode.class);
  }

  private static JsonNode get(String path) throws Exception {
    return json("get", path, send(to(path, Role.VIEWER)));
  }

  private static JsonNode check(String yaml, Role role) throws Exception {
    String path = "definitions/check";
    return json("post", path, send(to(path, role).POST(HttpRequest.BodyPublishers.ofString(yaml))));
  }

  private static String pm25() throws Exception {
    return send(to("indicators/CVS-ENV-0001/definition.yaml", Role.VIEWER)).body();
  }

  @Test
  void aDefinitionIsToldWithItsDefaultsAndItsSources() throws Exception {
    JsonNode card = get("indicators/CVS-ENV-0001/definition");
    assertThat(card.path("code").asText()).isEqualTo("CVS-ENV-0001");
    assertThat(card.at("/effective/from").asText()).isEqualTo("2020-01-01");
    assertThat(card.at("/definition/type").asText()).isEqualTo("simple");
    assertThat(card.at("/definition/missing/policy").asText()).isEqualTo("gap");
    assertThat(card.at("/period/watermark").asText()).isEqualTo("PT5M");
    assertThat(card.at("/thresholds/0/clear").asText()).isEqualTo("value < 105");
    assertThat(card.at("/owners/0").asText()).isEqualTo("市生态环境局");
    assertThat(card.at("/sources/0/table").asText()).isEqualTo("topic_env.air");
    assertThat(card.at("/versions/0/version").asInt()).isEqualTo(1);
    assertThat(card.path("members")).isEmpty();
    assertThat(get("indicators/CVS-ENV-0001/definition?version=9").at("/error/code").asText())
        .isEqualTo("not_found");
  }

  @Test
  void aCompositeNamesItsMembersTheHeaviestFirst() throws Exception {
    JsonNode members = get("indicators/CVS-ENV-9000/definition").path("members");
    assertThat(members).hasSize(8);
    double sum = 0;
    double last = 1;
    for (JsonNode member : members) {
      assertThat(member.path("weight").asDouble()).isLessThanOrEqualTo(last);
      last = member.path("weight").asDouble();
      sum += last;
      assertThat(member.path("lifeline").asBoolean())
          .isEqualTo(member.path("code").asText().equals("CVS-WTR-0001"));
    }
    assertThat(sum).isCloseTo(1, Offset.offset(1e-9));
  }

  @Test
  void theTextIsTheFilesAndPassesItsOwnCheck() throws Exception {
    assertThat(pm25()).isEqualTo(ShippedDefinitions.files().get("CVS-ENV-0001.yaml"));
    assertThat(check(pm25(), Role.ANALYST).path("problems")).isEmpty();
  }

  @Test
  void theEditorsTemplatePassesTheCheck() throws Exception {
    try (InputStream template = getClass().getResourceAsStream("/web/template.yaml")) {
      String yaml = new String(template.readAllBytes(), StandardCharsets.UTF_8);
      assertThat(check(yaml, Role.ANALYST).path("problems")).isEmpty();
    }
  }

  @Test
  void everyKindOfMistakeIsFoundAtItsLine() throws Exception {
    JsonNode rule = check(pm25().replace("value >= 151", "value <= 151"), Role.ANALYST);
    assertThat(rule.at("/problems/0/code").asText()).isEqualTo("threshold-opposes-direction");
    assertThat(rule.at("/problems/0/path").asText()).isEqualTo("thresholds[1].when");
    assertThat(rule.at("/problems/0/line").asInt()).isGreaterThan(20);
    JsonNode sql = check(pm25().replace("AVG(val)", "AVG(vall)"), Role.ANALYST);
    assertThat(sql.at("/problems/0/code").asText()).isEqualTo("invalid-sql");
    assertThat(sql.at("/problems/0/message").asText()).contains("vall");
    JsonNode golden = check(pm25().replace("v: 40, n: 4", "v: 41, n: 4"), Role.ANALYST);
    assertThat(golden.at("/problems/0/code").asText()).isEqualTo("failed-test");
    assertThat(check("a: [", Role.ANALYST).at("/problems/0/code").asText()).isEqualTo("malformed");
    assertThat(check("", Role.ANALYST).path("problems")).isNotEmpty();
  }

  @Test
  void onlyAnalystsCheck() throws Exception {
    assertThat(check(pm25(), Role.VIEWER).at("/error/code").asText()).isEqualTo("forbidden");
  }
}
