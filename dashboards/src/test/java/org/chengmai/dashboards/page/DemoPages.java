package org.chengmai.dashboards.page;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.chengmai.indicators.Anomaly.Reasons;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;
import org.chengmai.indicators.Grain;
import org.chengmai.indicators.IndicatorPoint;
import org.chengmai.indicators.Role;
import org.chengmai.indicators.catalog.DataCatalogue;
import org.chengmai.indicators.catalog.ShippedCatalogue;
import org.chengmai.indicators.definition.DefinitionCheck;
import org.chengmai.indicators.definition.IndicatorCatalogue;
import org.chengmai.indicators.definition.IndicatorDefinition;
import org.chengmai.indicators.definition.ShippedDefinitions;
import org.chengmai.indicators.json.Json;
import org.chengmai.indicators.region.Regions;
import org.chengmai.indicators.search.SearchKeys;
import org.jspecify.annotations.Nullable;

/** What {@link DemoCity} answers to the pages of the indicators. */
final class DemoPages {
  /** Its contributions are those of inputs. */
  static final String COMPOSITE = "CVS-TRF-0001";

  /** Its change cannot be explained, and its lineage is not known. */
  static final String UNEXPLAINED = "CVS-HLT-0001";

  private final DemoCity city;
  private final IndicatorCatalogue catalogue =
      IndicatorCatalogue.load(ShippedDefinitions.files(), Regions.xining(), null);
  private final DataCatalogue tables = DataCatalogue.load(ShippedCatalogue.files());
  private final Map<Integer, Integer> jobs = new HashMap<>();
  private final Set<Integer> backtests = new HashSet<>();

  DemoPages(DemoCity city) {
    this.city = city;
  }

  void mount(Router router) {
    DemoCity.get(router, "/api/v1/indicators", this::indicators);
    String one = "/api/v1/indicators/:code/";
    DemoCity.get(router, one + "definition", this::definition);
    DemoCity.get(router, one + "series", this::series);
    DemoCity.get(router, one + "forecast", this::forecast);
    DemoCity.get(router, one + "contributions", this::contributions);
    DemoCity.get(router, one + "quality", this::quality);
    DemoCity.get(router, one + "lineage", DemoPages::lineage);
    DemoCity.get(router, "/api/v1/jobs/:id", this::job);
    router
        .get(one + "definition.yaml")
        .handler(
            context ->
                context
                    .response()
                    .putHeader("Content-Type", "application/yaml; charset=utf-8")
                    .end(catalogue.yaml(catalogue.get(context.pathParam("code")))));
    router.post("/api/v1/definitions/check").handler(this::check);
    router.post("/api/v1/jobs").handler(this::submit);
    router
        .delete("/api/v1/jobs/:id")
        .handler(
            context -> {
              jobs.put(id(context), -1);
              DemoCity.answer(context, job(context));
            });
  }

  /** A week of forecasts at the indicator's grain; one indicator has no model. */
  private Map<String, Object> forecast(RoutingContext context) {
    DemoIndicator indicator = indicator(context);
    if (indicator.code().equals(UNEXPLAINED)) {
      return Map.of("points", List.of(), "warnings", List.of());
    }
    Grain grain = Grain.of(indicator.grain());
    Instant start = indicator.previous(indicator.floor(city.now()));
    List<Map<String, Object>> points = new ArrayList<>();
    for (int i = 0; i < Duration.ofDays(7).dividedBy(grain.typical()); i++) {
      start = grain.end(start, ZoneId.of("Asia/Shanghai"));
      double expected = indicator.band("630100", start).expected();
      double width = indicator.swing() * (0.2 + 0.001 * i);
      points.add(
          Map.of(
              "periodStart",
              start,
              "low",
              expected - width,
              "expected",
              expected,
              "high",
              expected + width,
              "horizon",
              i < 24 ? 24 : 168));
    }
    return Map.of(
        "model",
        Map.of(
            "name",
            "tribuo-outlook",
            "version",
            4,
            "trainedAt",
            city.now(),
            "from",
            "2026-01-14T16:00:00Z",
            "to",
            "2026-03-09T15:00:00Z",
            "weather",
            List.of("CVS-ENV-0002"),
            "horizons",
            List.of(
                Map.of("horizon", 1, "ratio", 0.41, "coverage", 0.82),
                Map.of("horizon", 24, "ratio", 0.78, "coverage", 0.8),
                Map.of("horizon", 168, "ratio", 0.86, "coverage", 0.79))),
        "points",
        points,
        "warnings",
        List.of(
            Map.of(
                "grade",
                "yellow",
                "periodStart",
                points.get(Math.min(30, points.size() - 1)).get("periodStart"),
                "isExpected",
                false)));
  }

  private static DemoIndicator indicator(RoutingContext context) {
    return DemoIndicator.ALL.stream()
        .filter(one -> one.code().equals(context.pathParam("code")))
        .findFirst()
        .orElseThrow(() -> new ChengmaiException(ErrorCode.NOT_FOUND, "no such indicator"));
  }

  private List<Map<String, Object>> indicators(RoutingContext context) {
    String search = context.request().getParam("search");
    return DemoIndicator.ALL.stream()
        .filter(
            one ->
                search == null
                    || SearchKeys.of(List.of(one.code(), one.zh(), one.en())).match(search))
        .map(
            one -> {
              Map<String, Object> answer = new HashMap<>(one.definition());
              if (search == null) {
                answer.put(
                    "newest",
                    DemoCity.regions().stream().map(r -> one.newest(r, city.now())).toList());
              }
              return answer;
            })
        .toList();
  }

  private ObjectNode definition(RoutingContext context) {
    IndicatorDefinition definition = catalogue.get(context.pathParam("code"));
    ObjectNode card = Json.mapper().valueToTree(definition);
    card.setAll((ObjectNode) card.get("metadata"));
    card.putArray("owners").add("市生态环境局");
    card.set(
        "sources",
        Json.mapper()
            .valueToTree(
                List.of(
                    Map.of(
                        "code",
                        "2040010000101",
                        "table",
                        "topic_env.air",
                        "name",
                        Map.of("zh", "空气质量监测", "en", "Air quality"),
                        "owner",
                        "市生态环境局",
                        "updateCycle",
                        "PT15M"))));
    card.set(
        "members",
        Json.mapper()
            .valueToTree(
                definition.code().equals(COMPOSITE)
                    ? List.of(member("CVS-TRF-0002", 0.6, false), member("CVS-TRF-0005", 0.4, true))
                    : List.of()));
    card.set(
        "versions",
        Json.mapper()
            .valueToTree(
                List.of(
                    Map.of(
                        "version",
                        definition.version(),
                        "effective",
                        definition.metadata().effective(),
                        "lifecycle",
                        definition.metadata().lifecycle()))));
    return card;
  }

  private Map<String, Object> member(String code, double weight, boolean lifeline) {
    return Map.of(
        "code",
        code,
        "name",
        catalogue.get(code).metadata().name(),
        "weight",
        weight,
        "lifeline",
        lifeline);
  }

  private Map<String, Object> series(RoutingContext context) {
    DemoIndicator indicator = indicator(context);
    String region = context.request().getParam("region");
    String compare = context.request().getParam("compare");
    String grain = context.request().getParam("grain");
    DemoIndicator shown = grain == null ? indicator : indicator.every(grain);
    Instant from = Instant.parse(context.request().getParam("from"));
    List<Map<String, Object>> rows = new ArrayList<>();
    Instant start = shown.previous(shown.floor(city.now()));
    for (; start.isAfter(from) && rows.size() < 10_000; start = shown.previous(start)) {
      IndicatorPoint point = shown.point(region, start);
      rows.add(
          0,
          Map.of(
              "point",
              point,
              "compared",
              compare == null
                  ? Map.of()
                  : Map.of(
                      compare,
                      rows.size() % 19 == 5
                          ? Map.of("cause", "base_missing", "notes", Reasons.of("基期缺失", "no base"))
                          : Map.of("value", 0.08 * Math.sin(rows.size() / 9.0)))));
    }
    return Map.of("points", rows);
  }

  private Map<String, Object> contributions(RoutingContext context) {
    DemoIndicator indicator = indicator(context);
    Map<String, Object> answer = new LinkedHashMap<>();
    if (indicator.code().equals(COMPOSITE)) {
      answer.put("change", 0.5);
      answer.put(
          "contributions",
          List.of(
              Map.of("kind", "input", "code", "CVS-TRF-0002", "points", 0.8),
              Map.of("kind", "input", "code", "CVS-TRF-0005", "points", -0.4),
              Map.of("kind", "coverage", "points", 0.1),
              Map.of("kind", "cap", "points", 0)));
    } else if (indicator.code().equals(UNEXPLAINED)) {
      answer.put(
          "unexplained", Reasons.of("百分位数不能按区分解", "a percentile is not explained by regions"));
      answer.put("related", List.of());
    } else {
      String region = context.request().getParam("region");
      Instant at = Instant.parse(context.request().getParam("at"));
      Instant against = Instant.parse(context.request().getParam("against"));
      double change = value(indicator, region, at) - value(indicator, region, against);
      double[] shares = {0.62, 0.41, -0.28, 0.15, 0.06, 0.04};
      List<Map<String, Object>> contributions = new ArrayList<>();
      List<String> regions = DemoCity.regions();
      for (int i = 0; i < shares.length; i++) {
        contributions.add(
            Map.of(
                "kind",
                "part",
                "name",
                regions.get(i + 1),
                "points",
                change * shares[i],
                "share",
                shares[i]));
      }
      answer.put("change", change);
      answer.put("contributions", contributions);
      answer.put("missing", List.of("630121"));
      answer.put(
          "related",
          List.of(
              Map.of("code", "CVS-ENV-0002", "relation", "same_domain", "z", 3.1),
              Map.of("code", "CVS-WEA-0002", "relation", "other", "z", -2.4)));
      answer.put(
          "events",
          List.of(
              Map.of("at", against.toString(), "day", "春节", "worked", true),
              Map.of(
                  "at",
                  at.toString(),
                  "code",
                  "CVS-TRF-0001",
                  "region",
                  regions.get(1),
                  "grade",
                  "orange")));
    }
    return answer;
  }

  private static double value(DemoIndicator indicator, String region, Instant start) {
    Double value = indicator.point(region, start).value();
    return value == null ? 0 : value;
  }

  private Map<String, Object> quality(RoutingContext context) {
    DemoIndicator indicator = indicator(context);
    Instant start = indicator.previous(indicator.floor(city.now()));
    boolean silent = indicator.code().equals(DemoIndicator.SILENT);
    return Map.of(
        "findings",
        List.of(
            Map.of(
                "key",
                Map.of("code", indicator.code(), "region", "630102"),
                "periodStart",
                start,
                "rule",
                "jump",
                "measured",
                501,
                "bound",
                500,
                "detail",
                Map.of(
                    "rows",
                    List.of(),
                    "count",
                    1,
                    "reasons",
                    Reasons.of("数值一步跳变 501，超过 500", "a jump of 501, more than 500")))),
        "feed",
        Map.of(
            "state",
            silent ? "stopped" : "running",
            "reasons",
            Reasons.of("数据中断：自今晨起", "the feed stopped this morning")));
  }

  private static Map<String, Object> lineage(RoutingContext context) {
    String code = indicator(context).code();
    if (code.equals(UNEXPLAINED)) {
      throw new ChengmaiException(ErrorCode.NOT_FOUND, "no lineage");
    }
    return Map.of(
        "code",
        code,
        "inputs",
        List.of(
            column("air", "val", "value"),
            column("air", "measure", "filter"),
            column("air", "ts", "time"),
            column("air", "region", "region", "join")),
        "from",
        code.equals(COMPOSITE) ? List.of("CVS-TRF-0002", "CVS-TRF-0005") : List.of(),
        "to",
        List.of("CVS-ENV-0002"),
        "models",
        List.of("tribuo-linear-sgd@3"));
  }

  private static Map<String, Object> column(String table, String column, String... use) {
    return Map.of("library", "topic_env", "table", table, "column", column, "use", List.of(use));
  }

  private void check(RoutingContext context) {
    DemoCity.principal(context.request()).require(Role.ANALYST, "checking a definition");
    DemoCity.answer(
        context,
        Map.of(
            "problems",
            DefinitionCheck.beside(catalogue, "a.yaml", context.body().asString(), tables)
                .problems()));
  }

  private void submit(RoutingContext context) {
    DemoCity.principal(context.request()).require(Role.ANALYST, "a dry run");
    boolean isBacktest = context.body().asJsonObject().getString("kind").equals("backtest");
    if (!isBacktest) {
      catalogue.draft("definition", context.body().asJsonObject().getString("definition"), null);
    }
    int id = jobs.size() + 1;
    jobs.put(id, 0);
    if (isBacktest) {
      backtests.add(id);
    }
    DemoCity.answer(context, job(id, "waiting", null));
  }

  private static int id(RoutingContext context) {
    return Integer.parseInt(context.pathParam("id"));
  }

  /** A job is done when it has been asked for four times. */
  private Map<String, Object> job(RoutingContext context) {
    int id = id(context);
    int asked = jobs.merge(id, 1, (before, one) -> before < 0 ? before : before + one);
    return job(id, asked < 0 ? "cancelled" : asked > 3 ? "done" : "running", asked);
  }

  private Map<String, Object> job(int id, String state, @Nullable Integer done) {
    Map<String, Object> job = new HashMap<>();
    job.put("id", id);
    job.put("kind", backtests.contains(id) ? "backtest" : "dry-run");
    job.put("state", state);
    job.put("done", done == null ? 0 : Math.min(4, Math.max(0, done)));
    job.put("total", 4);
    job.put("points", 672);
    if (state.equals("done")) {
      job.put("report", backtests.contains(id) ? backtest() : report());
    }
    return job;
  }

  private Map<String, Object> backtest() {
    List<Map<String, Object>> days = new ArrayList<>();
    Instant first = city.now().minus(Duration.ofDays(14));
    for (int i = 0; i < 14; i++) {
      days.add(
          Map.of(
              "date",
              first.plus(Duration.ofDays(i)).toString().substring(0, 10),
              "values",
              168,
              "missing",
              0,
              "alerts",
              i % 4 == 1 ? Map.of("seasonal", 2, "threshold", 1) : Map.of(),
              "raised",
              i % 4 == 1 ? 1 : 0));
    }
    Instant start = city.now().minus(Duration.ofDays(3)).truncatedTo(ChronoUnit.HOURS);
    Map<String, Object> alert =
        Map.ofEntries(
            Map.entry("detector", "seasonal"),
            Map.entry("region", "630102"),
            Map.entry("dimensions", ""),
            Map.entry("grade", "orange"),
            Map.entry("from", start),
            Map.entry("to", start.plus(Duration.ofHours(5))),
            Map.entry("value", 163.0),
            Map.entry("band", Map.of("low", 40.0, "expected", 60.0, "high", 80.0)),
            Map.entry("score", 9.2),
            Map.entry("zh", List.of("数值 163，预期 40 至 80")),
            Map.entry("en", List.of("163 where 40 to 80 was expected")));
    return Map.of(
        "code",
        "CVS-ENV-0001",
        "version",
        1,
        "region",
        "630102",
        "series",
        1,
        "models",
        List.of(
            Map.of("name", "tribuo-linear-sgd", "version", 3, "trainedAt", start, "hasSeen", true)),
        "days",
        days,
        "alerts",
        List.of(Map.of("alert", alert, "raised", "01J")),
        "raised",
        List.of(
            Map.of(
                "id",
                "01J",
                "detector",
                "threshold",
                "region",
                "630102",
                "dimensions",
                "",
                "grade",
                "orange",
                "state",
                "closed",
                "startsAt",
                start,
                "owner",
                "li",
                "note",
                "扬尘")));
  }

  private Map<String, Object> report() {
    List<Map<String, Object>> days = new ArrayList<>();
    Instant first = city.now().minus(Duration.ofDays(14));
    for (int i = 0; i < 14; i++) {
      days.add(
          Map.of(
              "date",
              first.plus(Duration.ofDays(i)).toString().substring(0, 10),
              "values",
              168,
              "missing",
              i % 5,
              "grades",
              i % 4 == 1 ? Map.of("yellow", 12, "red", 3) : Map.of("yellow", 2),
              "alerts",
              i % 4 == 1 ? 2 : 0));
    }
    return Map.of(
        "code",
        "CVS-ENV-0001",
        "version",
        2,
        "days",
        days,
        "alerts",
        List.of(
            Map.of(
                "region",
                "630102",
                "dimensions",
                "",
                "grade",
                "red",
                "from",
                first,
                "to",
                first.plus(Duration.ofHours(5)),
                "value",
                263.0,
                "zh",
                List.of("数值 263 达到红色阈值"),
                "en",
                List.of("263 reached the red threshold"))));
  }
}
