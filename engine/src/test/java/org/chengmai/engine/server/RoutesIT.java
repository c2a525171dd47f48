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
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.chengmai.engine.RealServers;
import org.chengmai.engine.alerts.AlertBook;
import org.chengmai.engine.alerts.Anomalies;
import org.chengmai.engine.alerts.OffsetCommit;
import org.chengmai.engine.alerts.TestDatabase;
import org.chengmai.engine.alerts.Ulids;
import org.chengmai.engine.duty.QuietBook;
import org.chengmai.engine.incidents.IncidentBook;
import org.chengmai.engine.pipeline.DetectorRunner.ExpectedBand;
import org.chengmai.engine.pipeline.Forecasts;
import org.chengmai.engine.pipeline.MemoryStore;
import org.chengmai.engine.pipeline.ModelRegistry;
import org.chengmai.engine.pipeline.NewestPoints;
import org.chengmai.engine.pipeline.OutlookTrainer;
import org.chengmai.engine.pipeline.QualityBook;
import org.chengmai.engine.quality.IssueBook;
import org.chengmai.engine.quality.RunBook;
import org.chengmai.indicators.Anomaly.Reasons;
import org.chengmai.indicators.Anomaly.Status;
import org.chengmai.indicators.Grade;
import org.chengmai.indicators.Grain;
import org.chengmai.indicators.IndicatorPoint;
import org.chengmai.indicators.Principal;
import org.chengmai.indicators.Role;
import org.chengmai.indicators.SeriesKey;
import org.chengmai.indicators.Trust;
import org.chengmai.indicators.calendar.ChineseCalendar;
import org.chengmai.indicators.calendar.PeriodCalendar;
import org.chengmai.indicators.catalog.DataCatalogue;
import org.chengmai.indicators.catalog.ShippedCatalogue;
import org.chengmai.indicators.definition.IndicatorCatalogue;
import org.chengmai.indicators.definition.ShippedDefinitions;
import org.chengmai.indicators.json.Json;
import org.chengmai.indicators.quality.Finding;
import org.chengmai.indicators.quality.TableFinding;
import org.chengmai.indicators.region.Regions;
import org.chengmai.models.DayClass;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(RealServers.class)
final class RoutesIT {
  private static final IndicatorPoint POINT =
      new IndicatorPoint(
          SeriesKey.of("CVS-ENV-0001", "630102"),
          1,
          Anomalies.START,
          Grain.of("PT1M"),
          12.5,
          null,
          null,
          3,
          Trust.COMPLETE,
          1,
          Anomalies.START.plusSeconds(65),
          "h");

  private static final ZoneId CHINA = ZoneId.of("Asia/Shanghai");

  private static TestDatabase database;
  private static AlertBook book;
  private static QualityBook quality;
  private static final BufferAllocator ALLOCATOR = new RootAllocator();

  /**
   * Seven weeks of hours that come near the yellow threshold of 116 each day, and the city's
   * weather beside them.
   */
  private static final List<IndicatorPoint> PAST = past();

  private static ModelRegistry models;
  private static OutlookTrainer outlooks;
  private static RunBook runs;
  private static IssueBook issues;
  private static final List<String> ASKED = new CopyOnWriteArrayList<>();
  private static Vertx vertx;
  private static int port;

  private static List<IndicatorPoint> past() {
    Random random = new Random(4);
    List<IndicatorPoint> points = new ArrayList<>();
    for (int hour = 24 * 49; hour > 0; hour--) {
      Instant start = Anomalies.START.minus(Duration.ofHours(hour));
      double value = 90 + 25 * Math.sin(Math.PI * hour / 12) + 3 * random.nextGaussian();
      points.add(past("CVS-ENV-0001", "630103", start, value));
      points.add(past("CVS-ENV-0007", "630100", start, value));
    }
    return points;
  }

  private static IndicatorPoint past(String code, String region, Instant start, double value) {
    return new IndicatorPoint(
        SeriesKey.of(code, region),
        1,
        start,
        Grain.of("PT1H"),
        value,
        null,
        null,
        3,
        Trust.COMPLETE,
        1,
        start,
        "h");
  }

  @BeforeAll
  static void open() throws Exception {
    database = new TestDatabase();
    InstantSource clock = InstantSource.fixed(Anomalies.START.plusSeconds(3600));
    book = AlertBook.open(database.dataSource(), clock, new Random(1));
    quality = new QualityBook(database.dataSource(), clock);
    runs = new RunBook(database.dataSource(), "630100");
    issues =
        new IssueBook(database.dataSource(), "630100", ChineseCalendar.shipped(), CHINA, clock);
    vertx = Vertx.vertx();
    WorkerExecutor executor = vertx.createSharedWorkerExecutor("test", 4);
    Router router = Router.router(vertx);
    router
        .route()
        .handler(
            context -> {
              String role = context.request().getHeader("role");
              if (role != null) {
                Requests.setPrincipal(context, new Principal("li", Role.valueOf(role)));
              }
              context.next();
            })
        .failureHandler(Requests::fail);
    new AlertRoutes(book, executor).mount(router);
    new IncidentRoutes(new IncidentBook(database.dataSource()), clock, executor).mount(router);
    Map<String, String> definitions = new TreeMap<>(ShippedDefinitions.files());
    definitions.computeIfPresent(
        "CVS-ENV-0001.yaml",
        (file, yaml) -> yaml.replace("detect: {", "detect: {weather: [CVS-ENV-0007], "));
    IndicatorCatalogue catalogue = IndicatorCatalogue.load(definitions, Regions.xining(), null);
    new QuietRoutes(
            new QuietBook(
                database.dataSource(),
                clock,
                new Ulids(clock, new Random(2)),
                code -> catalogue.find(code).isPresent(),
                region -> catalogue.regions().find(region).isPresent()),
            executor)
        .mount(router);
    new CapRoutes(book, catalogue, "chengmai.630100", executor).mount(router);
    IndicatorCard card =
        new IndicatorCard(
            "CVS-ENV-0001",
            1,
            new IndicatorCard.Name("细颗粒物", "PM2.5", "PM2.5"),
            "environment",
            new IndicatorCard.Unit("ug/m3", "µg/m³", 1),
            "PT1M",
            "lower",
            "平均",
            "SELECT 1",
            List.of(new IndicatorCard.Threshold("yellow", "value > 75", 75.0, null)),
            null,
            null);
    MemoryStore store = new MemoryStore();
    store.append(List.of(POINT));
    new IndicatorRoutes(
            () -> List.of(card),
            new NewestPoints(catalogue, store, clock),
            store,
            book,
            (key, from, to) -> List.of(new ExpectedBand(Anomalies.START, 1, 2, 3, "seasonal")),
            catalogue::find,
            definition -> PeriodCalendar.NATURAL,
            quality::find,
            clock,
            new RowAnswers(ALLOCATOR, executor),
            executor)
        .mount(router);
    new QualityRoutes(runs, issues, ASKED::add, CHINA, clock, executor).mount(router);
    models = new ModelRegistry(database.dataSource());
    outlooks = new OutlookTrainer(catalogue, DayClass::usual);
    MemoryStore past = new MemoryStore();
    past.append(PAST);
    new ModelRoutes(models, clock, executor).mount(router);
    new ForecastRoutes(catalogue, new Forecasts(outlooks, models, past, clock), executor)
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
    if (vertx != null) {
      vertx.close().toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
    }
    if (database != null) {
      database.close();
    }
    ALLOCATOR.close();
  }

  private record Answer(int status, JsonNode json) {}

  private static Answer call(@Nullable Role role, String path, @Nullable String body)
      throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path));
    if (role != null) {
      request.header("role", role.name());
    }
    if (body != null) {
      request.POST(HttpRequest.BodyPublishers.ofString(body));
    }
    HttpResponse<String> response =
        HttpClient.newHttpClient().send(request.build(), HttpResponse.BodyHandlers.ofString());
    ApiContract.check(body == null ? "get" : "post", path, response.statusCode(), response.body());
    return new Answer(response.statusCode(), Json.mapper().readTree(response.body()));
  }

  @Test
  void anAlertIsListedAcknowledgedOnceAndClosed() throws Exception {
    String id =
        book.append(
                List.of(Anomalies.sighting("630102", Status.FIRING, Grade.RED, 1)),
                OffsetCommit.none())
            .get(0)
            .alert()
            .id();
    JsonNode open = call(Role.VIEWER, "/api/v1/alerts", null).json().get("alerts");
    assertThat(open).hasSize(1);
    assertThat(open.get(0).get("state").asText()).isEqualTo("firing");
    assertThat(open.get(0).get("latest").get("key").get("region").asText()).isEqualTo("630102");
    assertThat(open.get(0).has("endsAt")).isFalse();
    assertThat(call(Role.VIEWER, "/api/v1/alerts/" + id, null).json().get("id").asText())
        .isEqualTo(id);

    String path = "/api/v1/alerts/" + id;
    assertThat(call(Role.ANALYST, path + "/acknowledge", "{\"revision\":1}").status())
        .isEqualTo(403);
    assertThat(call(null, path + "/acknowledge", "{\"revision\":1}").status()).isEqualTo(401);
    assertThat(call(Role.OPERATOR, path + "/acknowledge", "{}").status()).isEqualTo(400);
    assertThat(call(Role.OPERATOR, path + "/acknowledge", "{nonsense").status()).isEqualTo(400);
    assertThat(call(Role.OPERATOR, path + "/close", "{\"revision\":1}").status()).isEqualTo(409);
    Answer acknowledged =
        call(Role.OPERATOR, path + "/acknowledge", "{\"revision\":1,\"note\":\"派人\"}");
    assertThat(acknowledged.status()).isEqualTo(200);
    assertThat(acknowledged.json().get("owner").asText()).isEqualTo("li");
    Answer late = call(Role.OPERATOR, path + "/acknowledge", "{\"revision\":1}");
    assertThat(late.status()).isEqualTo(409);
    assertThat(late.json().get("error").get("code").asText()).isEqualTo("conflict");
    assertThat(
            call(Role.OPERATOR, path + "/close", "{\"revision\":2}").json().get("state").asText())
        .isEqualTo("closed");
    assertThat(call(Role.VIEWER, "/api/v1/alerts?state=open", null).json().get("alerts")).isEmpty();
    assertThat(
            call(
                    Role.VIEWER,
                    "/api/v1/alerts?state=all&limit=5&code=CVS-ENV-0001&region=630102",
                    null)
                .json()
                .get("alerts"))
        .hasSize(1);
    assertThat(call(Role.VIEWER, "/api/v1/alerts?state=some", null).status()).isEqualTo(400);
    assertThat(call(Role.VIEWER, "/api/v1/alerts?limit=0", null).status()).isEqualTo(400);
    assertThat(call(Role.VIEWER, "/api/v1/alerts/nobody", null).status()).isEqualTo(404);
  }

  @Test
  void whatAnAlertTurnedOutToBeIsSaidByOperatorsAndEveryChangeIsKept() throws Exception {
    String id =
        book.append(
                List.of(Anomalies.sighting("630105", Status.FIRING, Grade.YELLOW, 1)),
                OffsetCommit.none())
            .get(0)
            .alert()
            .id();
    String path = "/api/v1/alerts/" + id + "/feedback";
    String said = "{\"revision\":1,\"verdict\":\"false_alarm\"}";
    assertThat(call(Role.ANALYST, path, said).status()).isEqualTo(403);
    assertThat(call(Role.OPERATOR, path, "{\"revision\":1}").status()).isEqualTo(400);
    assertThat(call(Role.OPERATOR, path, "{\"revision\":1,\"verdict\":\"odd\"}").status())
        .isEqualTo(400);
    assertThat(call(Role.OPERATOR, path, said).json().get("feedback").get("verdict").asText())
        .isEqualTo("false_alarm");
    assertThat(call(Role.OPERATOR, path, said).status()).isEqualTo(409);
    assertThat(
            call(
                    Role.OPERATOR,
                    path,
                    "{\"revision\":2,\"verdict\":\"expected_event\",\"note\":\"演唱会\"}")
                .status())
        .isEqualTo(200);
    JsonNode all = call(Role.VIEWER, path, null).json().get("feedback");
    assertThat(all).hasSize(2);
    assertThat(all.get(0).get("verdict").asText()).isEqualTo("false_alarm");
    assertThat(all.get(1).get("note").asText()).isEqualTo("演唱会");
    assertThat(all.get(1).get("by").asText()).isEqualTo("li");
    assertThat(call(Role.VIEWER, "/api/v1/alerts/nobody/feedback", null).status()).isEqualTo(404);
    String ofSeries = "/api/v1/alerts?state=all&code=CVS-ENV-0001&region=";
    assertThat(call(Role.VIEWER, ofSeries + "630105", null).json().get("alerts")).hasSize(1);
    assertThat(call(Role.VIEWER, ofSeries + "630199", null).json().get("alerts")).isEmpty();
    assertThat(call(Role.VIEWER, "/api/v1/alerts?code=CVS-ENV-0001", null).status()).isEqualTo(400);
    book.acknowledge(new Principal("li", Role.OPERATOR), id, 3, null);
    book.close(new Principal("li", Role.OPERATOR), id, 4, null);
  }

  @Test
  void anAlertIsAMessageOfCapForWhoeverMaySeeIt() throws Exception {
    String id =
        book.append(
                List.of(Anomalies.sighting("630104", Status.PENDING, Grade.RED, 1)),
                OffsetCommit.none())
            .get(0)
            .alert()
            .id();
    HttpResponse<String> message =
        HttpClient.newHttpClient()
            .send(
                HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + port + "/api/v1/alerts/" + id + "/cap"))
                    .header("role", "VIEWER")
                    .build(),
                HttpResponse.BodyHandlers.ofString());
    assertThat(message.headers().firstValue("Content-Type")).contains("application/cap+xml");
    assertThat(message.body())
        .contains("<identifier>" + id + ".1</identifier>", "<areaDesc>城西区</areaDesc>");
    assertThat(call(Role.VIEWER, "/api/v1/alerts/nobody/cap", null).status()).isEqualTo(404);
    assertThat(call(null, "/api/v1/alerts/" + id + "/cap", null).status()).isEqualTo(401);
    book.append(
        List.of(Anomalies.sighting("630104", Status.CLEARED, Grade.RED, 2)), OffsetCommit.none());
  }

  @Test
  void operatorsWriteWorksDownAndEndThemAndEveryoneSeesThem() throws Exception {
    String path = "/api/v1/quiet-windows";
    String works =
        "{\"kind\":\"maintenance\",\"to\":\"2026-03-01T06:00:00Z\",\"codes\":[\"CVS-ENV-0001\"],\"regions\":[\"630102\"],\"reason\":\"换传感器\"}";
    assertThat(call(Role.ANALYST, path, works).status()).isEqualTo(403);
    assertThat(call(null, path, works).status()).isEqualTo(401);
    assertThat(call(Role.OPERATOR, path, "{}").status()).isEqualTo(400);
    assertThat(call(Role.OPERATOR, path, works.replace("maintenance", "holiday")).status())
        .isEqualTo(400);
    assertThat(call(Role.OPERATOR, path, works.replace("630102", "110101")).status())
        .isEqualTo(400);
    JsonNode window = call(Role.OPERATOR, path, works).json();
    assertThat(window.get("createdBy").asText()).isEqualTo("li");
    assertThat(window.get("from").asText()).as("now").isEqualTo("2026-03-01T01:00:00Z");
    assertThat(call(Role.VIEWER, path, null).json().get("windows")).containsExactly(window);
    String end = path + "/" + window.get("id").asText() + "/end";
    assertThat(call(Role.VIEWER, end, "").status()).isEqualTo(403);
    assertThat(call(Role.OPERATOR, end, "{\"note\":\"提前完工\"}").json().get("endNote").asText())
        .isEqualTo("提前完工");
    assertThat(call(Role.OPERATOR, end, "").status()).isEqualTo(409);
    assertThat(call(Role.OPERATOR, path + "/nobody/end", "").status()).isEqualTo(404);
    assertThat(call(Role.VIEWER, path, null).json().get("windows")).isEmpty();
    assertThat(call(Role.VIEWER, path + "?past=true", null).json().get("windows")).hasSize(1);
    assertThat(call(Role.VIEWER, path + "?past=1", null).status()).isEqualTo(400);
  }

  @Test
  void withoutIncidentsTheListIsEmptyAndAnIdIsNotFound() throws Exception {
    assertThat(call(Role.VIEWER, "/api/v1/incidents", null).json().get("incidents")).isEmpty();
    assertThat(call(null, "/api/v1/incidents", null).status()).isEqualTo(401);
    assertThat(call(Role.VIEWER, "/api/v1/incidents?from=yesterday", null).status()).isEqualTo(400);
    assertThat(call(Role.VIEWER, "/api/v1/incidents/nobody", null).status()).isEqualTo(404);
  }

  @Test
  void indicatorsCarryTheirNewestPointsAndHistoryItsBands() throws Exception {
    JsonNode list = call(Role.VIEWER, "/api/v1/indicators", null).json();
    assertThat(list).hasSize(1);
    assertThat(list.get(0).get("name").get("short").asText()).isEqualTo("PM2.5");
    assertThat(list.get(0).get("unit").get("decimals").asInt()).isEqualTo(1);
    assertThat(list.get(0).get("thresholds").get(0).get("when").asText()).isEqualTo("value > 75");
    assertThat(list.get(0).get("newest").get(0).get("value").asDouble()).isEqualTo(12.5);
    assertThat(list.get(0).get("newest").get(0).get("grain").asText()).isEqualTo("PT1M");
    HttpResponse<String> csv =
        HttpClient.newHttpClient()
            .send(
                HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + port + "/api/v1/indicators?format=csv"))
                    .header("role", "VIEWER")
                    .build(),
                HttpResponse.BodyHandlers.ofString());
    assertThat(csv.body().lines())
        .containsExactly(
            "code,name_zh,name_en,domain,unit,grain,region,dimensions,period_start,value,n,trust",
            "CVS-ENV-0001,细颗粒物,PM2.5,environment,µg/m³,PT1M,630102,,2026-03-01T00:00:00Z,12.5,3,complete");
    assertThat(
            call(Role.VIEWER, "/api/v1/indicators/CVS-ENV-0001", null).json().get("code").asText())
        .isEqualTo("CVS-ENV-0001");
    JsonNode history =
        call(
                Role.VIEWER,
                "/api/v1/indicators/CVS-ENV-0001/history?region=630102&from=2026-03-01T00:00:00Z",
                null)
            .json();
    assertThat(history.get("points")).hasSize(1);
    assertThat(history.get("bands").get(0).get("expected").asDouble()).isEqualTo(2);
    assertThat(history.get("bands").get(0).get("time").asText()).isEqualTo("2026-03-01T00:00:00Z");
    assertThat(history.has("alerts")).isTrue();
    assertThat(call(Role.VIEWER, "/api/v1/indicators/CVS-ENV-0001/history", null).status())
        .isEqualTo(400);
    assertThat(
            call(
                    Role.VIEWER,
                    "/api/v1/indicators/CVS-ENV-0001/history?region=1&from=yesterday",
                    null)
                .status())
        .isEqualTo(400);
    assertThat(call(Role.VIEWER, "/api/v1/indicators/CVS-X/history?region=1", null).status())
        .isEqualTo(404);
    assertThat(call(Role.VIEWER, "/api/v1/indicators/CVS-X", null).status()).isEqualTo(404);
    assertThat(call(null, "/api/v1/indicators", null).status()).isEqualTo(401);
  }

  @Test
  void indicatorsAreFoundByNameAndPinyin() throws Exception {
    for (String query : List.of("env-0001", "pm25", "%E9%A1%86%E7%B2%92", "keliwu", "XKLW")) {
      assertThat(call(Role.VIEWER, "/api/v1/indicators?search=" + query, null).json())
          .as(query)
          .hasSize(1);
    }
    assertThat(call(Role.VIEWER, "/api/v1/indicators?search=ozone", null).json()).isEmpty();
    JsonNode bare = call(Role.VIEWER, "/api/v1/indicators?search=pm25&newest=false", null).json();
    assertThat(bare.get(0).get("newest")).isEmpty();
    assertThat(bare.get(0).get("thresholds").get(0).get("least").asDouble()).isEqualTo(75);
  }

  @Test
  void whatQualityRulesFoundIsListedWithItsRowsAndTheFeedsState() throws Exception {
    Finding.Row row = new Finding.Row(POINT.key(), Anomalies.START);
    quality.keep(
        Set.of("CVS-ENV-0001"),
        Anomalies.START,
        Anomalies.START.plusSeconds(60),
        List.of(
            new Finding(row, "jump", false, 501, 500, List.of(row), Reasons.of("数值突变", "a jump"))));
    String path = "/api/v1/indicators/CVS-ENV-0001/quality";
    JsonNode answer = call(Role.VIEWER, path + "?region=630102", null).json();
    JsonNode finding = answer.get("findings").get(0);
    assertThat(finding.get("rule").asText()).isEqualTo("jump");
    assertThat(finding.get("measured").asDouble()).isEqualTo(501);
    assertThat(finding.get("periodStart").asText()).isEqualTo("2026-03-01T00:00:00Z");
    assertThat(finding.get("detail").get("rows").get(0).get("series").asText())
        .isEqualTo("CVS-ENV-0001/630102");
    assertThat(finding.get("detail").get("reasons").get("zh").get(0).asText()).isEqualTo("数值突变");
    assertThat(answer.get("feed").get("state").asText()).isEqualTo("running");
    JsonNode all = call(Role.VIEWER, path, null).json();
    assertThat(all.get("findings")).hasSize(1);
    assertThat(all.has("feed")).isFalse();
    JsonNode other = call(Role.VIEWER, path + "?region=630103", null).json();
    assertThat(other.get("findings")).isEmpty();
    assertThat(other.get("feed").get("state").asText()).isEqualTo("stopped");
    assertThat(call(Role.VIEWER, path + "?from=2026-03-01T00:00:01Z", null).json().get("findings"))
        .isEmpty();
    assertThat(call(Role.VIEWER, "/api/v1/indicators/CVS-X/quality", null).status()).isEqualTo(404);
    assertThat(call(null, path, null).status()).isEqualTo(401);
  }

  @Test
  void aForecastSaysWhatMadeItAndWhichThresholdItMayReachAndItsModelIsRolledBack()
      throws Exception {
    String forecast = "/api/v1/indicators/CVS-ENV-0001/forecast?region=630103";
    assertThat(call(Role.VIEWER, forecast, null).json().get("points")).isEmpty();
    String name = outlooks.name();
    models.save(name, "CVS-ENV-0001", 1, outlooks.train("CVS-ENV-0001", 1, PAST), Anomalies.START);
    models.save(name, "CVS-ENV-0001", 2, outlooks.train("CVS-ENV-0001", 2, PAST), Anomalies.START);

    JsonNode answer = call(Role.VIEWER, forecast, null).json();
    assertThat(answer.get("points")).hasSize(168);
    assertThat(answer.get("points").get(0).get("periodStart").asText())
        .isEqualTo(Anomalies.START.toString());
    assertThat(answer.get("model").get("version").asInt()).isEqualTo(2);
    assertThat(answer.get("model").get("horizons").get(0).get("ratio").asDouble())
        .isBetween(0.3, 1.0);
    assertThat(answer.get("model").get("weather").toString()).isEqualTo("[\"CVS-ENV-0007\"]");
    assertThat(answer.get("warnings").get(0).get("grade").asText()).isEqualTo("yellow");
    assertThat(call(null, forecast, null).status()).isEqualTo(401);
    assertThat(call(Role.VIEWER, "/api/v1/indicators/CVS-NONE/forecast?region=1", null).status())
        .isEqualTo(404);

    String rollback = "/api/v1/models/" + name + "/CVS-ENV-0001/rollback";
    assertThat(call(Role.ANALYST, rollback, "{}").status()).isEqualTo(403);
    assertThat(call(Role.OPERATOR, rollback, "{\"version\":9}").status()).isEqualTo(404);
    assertThat(call(Role.OPERATOR, rollback, "{\"note\":\"偏高\"}").json().get("version").asInt())
        .isEqualTo(1);
    assertThat(call(Role.VIEWER, forecast, null).json().get("model").get("version").asInt())
        .isEqualTo(1);
    JsonNode listed = call(Role.VIEWER, "/api/v1/models?code=CVS-ENV-0001", null).json();
    assertThat(listed.get("models").get(1).get("state").asText()).isEqualTo("champion");
    assertThat(listed.get("models").get(1).get("decidedBy").asText()).isEqualTo("li");
    assertThat(listed.get("models").get(1).get("reason").asText()).isEqualTo("偏高");
  }

  @Test
  void tablesHaveScoresAndTheirIssuesAreReturnedAndFixed() throws Exception {
    DataCatalogue.Entry entry =
        DataCatalogue.load(ShippedCatalogue.files()).byName("base_credit.record").orElseThrow();
    LocalDate day = Anomalies.START.atZone(CHINA).toLocalDate();
    List<TableFinding> findings =
        List.of(
            new TableFinding("code-valid", day, 100, 40, 0.6, 0.98, 3, List.of(Map.of("id", "7"))),
            new TableFinding("kind-known", day, 100, 0, 1, 1, 1, List.of()));
    runs.keep(entry, day, findings, Anomalies.START);
    issues.settle(entry, findings);

    JsonNode scores = call(Role.VIEWER, "/api/v1/quality/tables", null).json();
    JsonNode table = scores.get("tables").get(0);
    assertThat(table.get("table").asText()).isEqualTo("base_credit.record");
    assertThat(table.get("score").get("score").asDouble()).isEqualTo(70);
    assertThat(table.get("rules").get(0).get("failing").get(0).get("id").asText()).isEqualTo("7");
    assertThat(scores.get("departments").get("市发展和改革委员会").get("score").asDouble()).isEqualTo(70);
    assertThat(scores.get("days").get(day.toString()).get("passed").asInt()).isEqualTo(1);
    assertThat(call(Role.VIEWER, "/api/v1/quality/tables?to=2026-02-01", null).json().get("tables"))
        .isEmpty();

    JsonNode open = call(Role.VIEWER, "/api/v1/quality/issues", null).json().get("issues");
    assertThat(open).hasSize(1);
    assertThat(open.get(0).get("rule").asText()).isEqualTo("code-valid");
    assertThat(open.get(0).get("state").asText()).isEqualTo("open");
    String path = "/api/v1/quality/issues/" + open.get(0).get("id").asText();
    assertThat(call(Role.ANALYST, path + "/return", "{}").status()).isEqualTo(403);
    assertThat(call(Role.OPERATOR, path + "/return", "{\"note\":\"请核实\"}").status()).isEqualTo(200);
    assertThat(call(Role.OPERATOR, path + "/return", "").status()).isEqualTo(409);
    assertThat(call(Role.OPERATOR, path + "/fixed", "").json().get("state").asText())
        .isEqualTo("fixed");
    assertThat(ASKED).containsExactly("base_credit.record");
    JsonNode events = call(Role.VIEWER, path, null).json().get("events");
    assertThat(events).hasSize(3);
    assertThat(events.get(1).get("actor").asText()).isEqualTo("li");
    assertThat(events.get(1).get("note").asText()).isEqualTo("请核实");
    assertThat(call(Role.VIEWER, "/api/v1/quality/issues/0", null).status()).isEqualTo(404);
    assertThat(call(Role.VIEWER, "/api/v1/quality/issues/x", null).status()).isEqualTo(400);
    assertThat(call(null, "/api/v1/quality/tables", null).status()).isEqualTo(401);
  }
}
