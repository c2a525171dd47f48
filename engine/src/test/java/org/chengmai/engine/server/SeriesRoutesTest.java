package org.chengmai.engine.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import io.vertx.ext.web.Router;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.chengmai.engine.pipeline.Comparisons;
import org.chengmai.engine.pipeline.Definitions;
import org.chengmai.engine.pipeline.MemoryStore;
import org.chengmai.indicators.Grain;
import org.chengmai.indicators.IndicatorPoint;
import org.chengmai.indicators.Principal;
import org.chengmai.indicators.Role;
import org.chengmai.indicators.SeriesKey;
import org.chengmai.indicators.Trust;
import org.chengmai.indicators.calendar.ChineseCalendar;
import org.chengmai.indicators.definition.IndicatorCatalogue;
import org.chengmai.indicators.json.Json;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class SeriesRoutesTest {
  private static final Instant DAY = Instant.parse("2026-03-09T16:00:00Z");
  private static final String INDEX =
      "{\"code\":\"CVS-ENV-9000\",\"mean\":\"arithmetic\",\"score\":%1$s,\"uncapped\":%1$s,\"coverage\":1.0,\"parts\":"
          + "[{\"code\":\"CVS-ENV-0001\",\"weight\":1.0,\"effective\":1.0,\"score\":%1$s}],\"reasons\":{\"zh\":[],\"en\":[]}}";

  private static Vertx vertx;
  private static int port;

  @BeforeAll
  static void open() throws Exception {
    IndicatorCatalogue catalogue =
        Definitions.catalogue(Definitions.simple("CVS-ENV-0001", "P1D", "neutral", ""));
    MemoryStore store = new MemoryStore();
    store.append(
        List.of(
            point(DAY.minusSeconds(7 * 86_400), 50, 1, null),
            point(DAY, 90, 1, INDEX.formatted("60.5")),
            point(DAY, 100, 2, INDEX.formatted("60.5")),
            point(DAY.plusSeconds(86_400), 80, 1, INDEX.formatted("70.25"))));
    vertx = Vertx.vertx();
    WorkerExecutor executor = vertx.createSharedWorkerExecutor("test", 2);
    Router router = Router.router(vertx);
    router
        .route()
        .handler(
            context -> {
              Requests.setPrincipal(context, new Principal("li", Role.VIEWER));
              context.next();
            })
        .failureHandler(Requests::fail);
    new SeriesRoutes(
            catalogue,
            store,
            new Comparisons(store, ChineseCalendar.shipped()),
            InstantSource.fixed(DAY.plusSeconds(86_400)),
            executor)
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
  }

  private static IndicatorPoint point(
      Instant start, double value, int revision, @Nullable String parts) {
    return new IndicatorPoint(
        SeriesKey.of("CVS-ENV-0001", "630102"),
        1,
        start,
        Grain.of("P1D"),
        value,
        null,
        null,
        1,
        parts,
        Map.of(),
        Trust.COMPLETE,
        revision,
        DAY.plusSeconds(90_000L * revision),
        "h" + revision);
  }

  private static JsonNode get(String path) throws Exception {
    HttpResponse<String> response =
        HttpClient.newHttpClient()
            .send(
                HttpRequest.newBuilder(
                        URI.create(
                            "http://127.0.0.1:" + port + "/api/v1/indicators/CVS-ENV-0001/" + path))
                    .build(),
                HttpResponse.BodyHandlers.ofString());
    return Json.read(response.body(), JsonNode.class);
  }

  @Test
  void aSeriesIsComparedWithItsPastOrSaysWhyNot() throws Exception {
    JsonNode point =
        get("series?region=630102&from="
                + DAY
                + "&to="
                + DAY.plusSeconds(1)
                + "&compare=wow,yoy.pp")
            .path("points")
            .path(0);
    assertThat(point.at("/point/value").asDouble()).isEqualTo(100.0);
    assertThat(point.at("/compared/wow/value").asDouble()).isEqualTo(1.0);
    assertThat(point.at("/compared/yoy.pp/cause").asText()).isEqualTo("base_missing");
    assertThat(point.at("/compared/yoy.pp/notes/zh/0").asText()).contains("2025");
  }

  @Test
  void whatWasKnownThenIsTold() throws Exception {
    JsonNode points =
        get("series?region=630102&from=" + DAY + "&asOf=" + DAY.plusSeconds(90_000)).path("points");
    assertThat(points).hasSize(1);
    assertThat(points.at("/0/point/value").asDouble()).isEqualTo(90.0);
  }

  @Test
  void aCompositesChangeIsExplained() throws Exception {
    JsonNode explained =
        get("contributions?region=630102&against=" + DAY + "&at=" + DAY.plusSeconds(86_400));
    assertThat(explained.path("change").decimalValue()).isEqualByComparingTo("9.75");
    assertThat(explained.at("/contributions/0/code").asText()).isEqualTo("CVS-ENV-0001");
    assertThat(explained.at("/contributions/0/points").decimalValue()).isEqualByComparingTo("9.75");
  }

  @Test
  void aBadQuestionIsToldWhatIsWrong() throws Exception {
    assertThat(get("series").at("/error/message").asText()).contains("which region?");
    assertThat(get("series?region=630102&from=yesterday").at("/error/message").asText())
        .contains("from 'yesterday': a time such as");
    assertThat(get("series?region=630102&compare=size").at("/error/message").asText())
        .contains("'size' is not a measure");
    assertThat(get("contributions?region=630102").at("/error/message").asText())
        .contains("which periods?");
  }
}
