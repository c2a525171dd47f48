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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.chengmai.engine.pipeline.Comparisons;
import org.chengmai.engine.pipeline.Definitions;
import org.chengmai.engine.pipeline.MemoryStore;
import org.chengmai.indicators.Alert;
import org.chengmai.indicators.AlertState;
import org.chengmai.indicators.Anomaly;
import org.chengmai.indicators.Grade;
import org.chengmai.indicators.Grain;
import org.chengmai.indicators.IndicatorPoint;
import org.chengmai.indicators.Principal;
import org.chengmai.indicators.Role;
import org.chengmai.indicators.SeriesKey;
import org.chengmai.indicators.Trust;
import org.chengmai.indicators.calendar.Calendars;
import org.chengmai.indicators.definition.IndicatorCatalogue;
import org.chengmai.indicators.json.Json;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class SeriesRoutesTest {
  private static final Instant DAY = Instant.parse("2026-03-09T16:00:00Z");
  private static final Instant NEXT = DAY.plusSeconds(86_400);
  private static final String SCORED =
      "normalise: {method: piecewise, points: [[0, 0], [10, 100]]}";
  private static final String INDEX =
      "{\"code\":\"CVS-ENV-9000\",\"mean\":\"arithmetic\",\"score\":%1$s,\"uncapped\":%1$s,\"coverage\":1.0,\"parts\":"
          + "[{\"code\":\"CVS-ENV-0001\",\"weight\":1.0,\"effective\":1.0,\"score\":%1$s}],\"reasons\":{\"zh\":[],\"en\":[]}}";

  private static final List<Alert> ALERTS =
      List.of(alert("CVS-ENV-0003", "630102"), alert("CVS-ENV-0003", "630103"));

  private static final BufferAllocator ALLOCATOR = new RootAllocator();

  private static Vertx vertx;
  private static int port;

  @BeforeAll
  static void open() throws Exception {
    IndicatorCatalogue catalogue =
        Definitions.catalogue(
            Definitions.simple("CVS-ENV-0001", "P1D", "neutral", ""),
            Definitions.simple("CVS-ENV-0002", "P1D", "neutral", "weight: {value: 1}\n" + SCORED),
            Definitions.simple("CVS-ENV-0003", "P1D", "neutral", "weight: {value: 0}\n" + SCORED),
            Definitions.simple(
                "CVS-ENV-0004", "P1D", "neutral", "region: {levels: [city, county, street]}"),
            Definitions.simple("CVS-ENV-0005", "P1D", "neutral", "dimensions: [kind, size]"),
            Definitions.composite(
                "CVS-ENV-9000",
                "additivity: {region: none}",
                "\"indicator:CVS-ENV-0002\", \"indicator:CVS-ENV-0003\""));
    MemoryStore store = new MemoryStore();
    store.append(
        List.of(
            point("CVS-ENV-0001", "630102", DAY.minusSeconds(7 * 86_400), 50, 1, null),
            point("CVS-ENV-0001", "630102", DAY, 90, 1, null),
            point("CVS-ENV-0001", "630102", DAY, 100, 2, null),
            point("CVS-ENV-0001", "630102", NEXT, 80, 1, null),
            point("CVS-ENV-0001", "630103", DAY, 7, 1, null),
            point("CVS-ENV-0001", "630103", NEXT, 10, 1, null),
            point("CVS-ENV-0001", "630100", DAY, 107, 1, null),
            point("CVS-ENV-0001", "630100", NEXT, 90, 1, null),
            point("CVS-ENV-0004", "630102001", DAY, 5, 1, null),
            point("CVS-ENV-0004", "630102001", NEXT, 9, 1, null),
            point("CVS-ENV-0004", "630102002", DAY, 2, 1, null),
            point("CVS-ENV-0004", "630102002", NEXT, 1, 1, null),
            point("CVS-ENV-0004", "630103001", DAY, 3, 1, null),
            point("CVS-ENV-0004", "630103001", NEXT, 3, 1, null),
            point("CVS-ENV-0004", "630102", DAY, 7, 1, null),
            point("CVS-ENV-0004", "630102", NEXT, 10, 1, null),
            point("CVS-ENV-0004", "630103", DAY, 3, 1, null),
            point("CVS-ENV-0004", "630103", NEXT, 3, 1, null),
            point("CVS-ENV-0004", "630100", DAY, 10, 1, null),
            point("CVS-ENV-0004", "630100", NEXT, 13, 1, null),
            split("630102", "heat", "big", DAY, 10),
            split("630102", "heat", "big", NEXT, 50),
            split("630102", "noise", "small", DAY, 10),
            split("630102", "noise", "small", NEXT, 11),
            split("630103", "heat", "small", DAY, 10),
            split("630103", "heat", "small", NEXT, 51),
            split("630103", "noise", "big", DAY, 10),
            split("630103", "noise", "big", NEXT, 10),
            split("630100", "heat", "big", NEXT, 999),
            point("CVS-ENV-9000", "630102", DAY, 60.5, 1, INDEX.formatted("60.5")),
            point("CVS-ENV-9000", "630102", NEXT, 70.2, 1, INDEX.formatted("70.25"))));
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
            new Comparisons(store, Calendars.defaults(), catalogue.regions()),
            InstantSource.fixed(DAY.plusSeconds(86_400)),
            new RowAnswers(ALLOCATOR, executor))
        .mount(router);
    new ContributionRoutes(catalogue, store, (from, to) -> ALERTS, executor).mount(router);
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
    ALLOCATOR.close();
  }

  private static IndicatorPoint point(
      String code,
      String region,
      Instant start,
      double value,
      int revision,
      @Nullable String parts) {
    return new IndicatorPoint(
        SeriesKey.of(code, region),
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
                        URI.create("http://127.0.0.1:" + port + "/api/v1/indicators/" + path))
                    .build(),
                HttpResponse.BodyHandlers.ofString());
    ApiContract.check("get", "/api/v1/indicators/" + path, response.statusCode(), response.body());
    return Json.read(response.body(), JsonNode.class);
  }

  @Test
  void aSeriesIsComparedWithItsPastOrSaysWhyNot() throws Exception {
    JsonNode point =
        get("CVS-ENV-0001/series?region=630102&from="
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
  void aSeriesComesAsCsv() throws Exception {
    HttpResponse<String> answer =
        HttpClient.newHttpClient()
            .send(
                HttpRequest.newBuilder(
                        URI.create(
                            "http://127.0.0.1:"
                                + port
                                + "/api/v1/indicators/CVS-ENV-0001/series?region=630102&compare=wow&format=csv&from="
                                + DAY
                                + "&to="
                                + DAY.plusSeconds(1)))
                    .build(),
                HttpResponse.BodyHandlers.ofString());
    assertThat(answer.body().lines().skip(1))
        .containsExactly(
            "CVS-ENV-0001,630102,,2026-03-09T16:00:00Z,P1D,100.0,,,1,complete,,1,2,2026-03-11T18:00:00Z,1.0,");
  }

  @Test
  void whatWasKnownThenIsTold() throws Exception {
    JsonNode points =
        get("CVS-ENV-0001/series?region=630102&from=" + DAY + "&asOf=" + DAY.plusSeconds(90_000))
            .path("points");
    assertThat(points).hasSize(1);
    assertThat(points.at("/0/point/value").asDouble()).isEqualTo(90.0);
  }

  @Test
  void aCompositesChangeIsExplained() throws Exception {
    JsonNode explained =
        get(
            "CVS-ENV-9000/contributions?region=630102&against="
                + DAY
                + "&at="
                + DAY.plusSeconds(86_400));
    assertThat(explained.path("change").decimalValue()).isEqualByComparingTo("9.75");
    assertThat(explained.at("/contributions/0/code").asText()).isEqualTo("CVS-ENV-0001");
    assertThat(explained.at("/contributions/0/points").decimalValue()).isEqualByComparingTo("9.75");
  }

  @Test
  void aSumsChangeIsThatOfItsRegions() throws Exception {
    JsonNode explained =
        get("CVS-ENV-0001/contributions?region=630100&against=" + DAY + "&at=" + NEXT);
    assertThat(explained.path("change").decimalValue()).isEqualByComparingTo("-17");
    assertThat(explained.at("/contributions/0/name").asText()).isEqualTo("630102");
    assertThat(explained.at("/contributions/0/points").decimalValue()).isEqualByComparingTo("-20");
    assertThat(explained.at("/contributions/1/points").decimalValue()).isEqualByComparingTo("3");
  }

  private static Alert alert(String code, String region) {
    SeriesKey key = SeriesKey.of(code, region);
    return new Alert(
        region,
        code,
        AlertState.FIRING,
        Grade.ORANGE,
        1,
        DAY.plusSeconds(60),
        NEXT,
        null,
        1,
        null,
        null,
        new Anomaly(
            key,
            "threshold",
            "",
            Anomaly.Status.FIRING,
            DAY,
            1,
            Grade.ORANGE,
            5.0,
            null,
            1,
            new Anomaly.Reasons(List.of(), List.of())));
  }

  @Test
  void whatHappenedInTheRegionIsToldBesideTheCauses() throws Exception {
    JsonNode events =
        get("CVS-ENV-0001/contributions?region=630102&against=" + DAY + "&at=" + NEXT)
            .path("events");
    assertThat(events).hasSize(1);
    assertThat(events.at("/0/code").asText()).isEqualTo("CVS-ENV-0003");
    assertThat(events.at("/0/region").asText()).isEqualTo("630102");
    assertThat(events.at("/0/grade").asText()).isEqualTo("orange");
    assertThat(
            get("CVS-ENV-0001/contributions?region=630100&against=" + DAY + "&at=" + NEXT)
                .path("events"))
        .as("the city holds both districts")
        .hasSize(2);
  }

  @Test
  void daysOffAndDaysWorkedInsteadAreEvents() throws Exception {
    JsonNode events =
        get("CVS-ENV-0001/contributions?region=630104"
                + "&against=2026-02-13T16:00:00Z&at=2026-02-15T16:00:00Z")
            .path("events");
    assertThat(events).hasSize(2);
    assertThat(events.at("/0/day").asText()).isEqualTo("春节");
    assertThat(events.at("/0/worked").asBoolean()).as("Saturday 14 February").isTrue();
    assertThat(events.at("/1/day").asText()).isEqualTo("春节");
    assertThat(events.at("/1/worked").asBoolean()).as("Monday 16 February").isFalse();
  }

  private static List<String> parts(String query) throws Exception {
    JsonNode explained =
        get("CVS-ENV-0004/contributions?against=" + DAY + "&at=" + NEXT + "&region=" + query);
    assertThat(explained.path("change").decimalValue()).isEqualByComparingTo("3");
    List<String> parts = new ArrayList<>();
    explained
        .get("contributions")
        .forEach(one -> parts.add(one.path("name").asText() + " " + one.path("points").asText()));
    return parts;
  }

  @Test
  void aChangeIsFollowedDownToTheStreets() throws Exception {
    assertThat(parts("630100")).containsExactly("630102 3.0", "630103 0.0");
    assertThat(parts("630102")).containsExactly("630102001 4.0", "630102002 -1.0");
    assertThat(parts("630100&by=street"))
        .containsExactly("630102001 4.0", "630102002 -1.0", "630103001 0.0");
    assertThat(
            get("CVS-ENV-0004/series?region=630102001&from=" + DAY + "&to=" + NEXT).get("points"))
        .hasSize(1);
    assertThat(
            get("CVS-ENV-0004/contributions?region=630100&by=grid&against=" + DAY + "&at=" + NEXT)
                .at("/error/message")
                .asText())
        .isEqualTo("by 'grid': CVS-ENV-0004 has values by [city, county, street]");
  }

  private static IndicatorPoint split(
      String region, String kind, String size, Instant start, double value) {
    return new IndicatorPoint(
        new SeriesKey("CVS-ENV-0005", region, new TreeMap<>(Map.of("kind", kind, "size", size))),
        1,
        start,
        Grain.of("P1D"),
        value,
        null,
        null,
        1,
        Trust.COMPLETE,
        1,
        start,
        "h");
  }

  @Test
  void theDimensionThatTellsMostOfAChangeComesFirst() throws Exception {
    String query = "/contributions?against=" + DAY + "&at=" + NEXT + "&by=dimension&region=";
    JsonNode splits = get("CVS-ENV-0005" + query + "630100").path("splits");
    assertThat(splits).hasSize(3);
    assertThat(splits.at("/0/dimension").asText()).isEqualTo("kind");
    assertThat(splits.at("/0/suspects")).hasSize(1);
    assertThat(splits.at("/0/suspects/0").asText()).isEqualTo("heat");
    assertThat(splits.at("/0/attribution/change").decimalValue()).isEqualByComparingTo("82");
    assertThat(splits.at("/0/attribution/contributions/0/points").decimalValue())
        .isEqualByComparingTo("81");
    JsonNode east = get("CVS-ENV-0005" + query + "630102&dimensions=size=big").path("splits");
    assertThat(east.at("/0/attribution/change").decimalValue()).isEqualByComparingTo("40");
    assertThat(get("CVS-ENV-0001" + query + "630100").at("/error/message").asText())
        .isEqualTo("CVS-ENV-0001 has no dimensions; leave out by=dimension");
  }

  @Test
  void aLongerGrainIsComputedFromItsDays() throws Exception {
    JsonNode week =
        get("CVS-ENV-0001/series?region=630102&grain=P1W&from="
                + DAY
                + "&to="
                + NEXT.plusSeconds(9))
            .path("points");
    assertThat(week).hasSize(1);
    assertThat(week.at("/0/point/value").asDouble()).isEqualTo(180.0);
    assertThat(week.at("/0/point/grain").asText()).isEqualTo("P1W");
    assertThat(week.at("/0/point/trust").asText()).isEqualTo("partial");
    assertThat(get("CVS-ENV-0001/series?region=630102&grain=PT1H").at("/error/message").asText())
        .contains("has a value every P1D");
  }

  @Test
  void aBadQuestionIsToldWhatIsWrong() throws Exception {
    assertThat(get("CVS-ENV-0001/series").at("/error/message").asText()).contains("which region?");
    assertThat(
            get("CVS-ENV-0001/series?region=630102&from=yesterday").at("/error/message").asText())
        .contains("from 'yesterday': a time such as");
    assertThat(get("CVS-ENV-0001/series?region=630102&compare=size").at("/error/message").asText())
        .contains("'size' is not a measure");
    assertThat(get("CVS-ENV-0001/contributions?region=630102").at("/error/message").asText())
        .contains("which periods?");
  }
}
