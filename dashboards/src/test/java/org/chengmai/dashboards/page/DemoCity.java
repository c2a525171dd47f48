package org.chengmai.dashboards.page;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.Cookie;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.chengmai.dashboards.live.LiveConfig;
import org.chengmai.dashboards.live.LiveHub;
import org.chengmai.dashboards.live.LiveRoutes;
import org.chengmai.dashboards.live.MemoryAlertLog;
import org.chengmai.dashboards.live.Progress;
import org.chengmai.indicators.Alert;
import org.chengmai.indicators.AlertEvent;
import org.chengmai.indicators.AlertState;
import org.chengmai.indicators.Anomaly;
import org.chengmai.indicators.Assessment;
import org.chengmai.indicators.Band;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;
import org.chengmai.indicators.Escalation;
import org.chengmai.indicators.Feedback;
import org.chengmai.indicators.Grade;
import org.chengmai.indicators.IndicatorPoint;
import org.chengmai.indicators.Principal;
import org.chengmai.indicators.Role;
import org.chengmai.indicators.SeriesKey;
import org.chengmai.indicators.Suppression;
import org.chengmai.indicators.json.Json;
import org.jspecify.annotations.Nullable;

/**
 * A server with generated data in the shapes of docs/architecture.md, for tests of the page. Its
 * clock runs at 60 times.
 */
final class DemoCity implements AutoCloseable {
  static final String CITY = "630100";
  private static final double SPEED = 60;
  private static final Instant START = Instant.parse("2026-03-18T02:41:07Z");
  private static final List<Map<String, Object>> DISTRICTS =
      List.of(
          district("630121", "大通县", "Datong", 3, 1),
          district("630123", "湟源县", "Huangyuan", 1, 2),
          district("630105", "城北区", "Chengbei", 3, 2),
          district("630104", "城西区", "Chengxi", 2, 2),
          district("630103", "城中区", "Chengzhong", 2, 3),
          district("630102", "城东区", "Chengdong", 3, 3),
          district("630106", "湟中区", "Huangzhong", 1, 3));

  private final long started = System.nanoTime();
  private final MemoryAlertLog log = new MemoryAlertLog();
  private final DemoWindows windows = new DemoWindows(this);
  private final Vertx vertx = Vertx.vertx();
  private LiveHub hub;
  private volatile boolean ready;
  private volatile int port;
  private int alerts;

  DemoCity(boolean ready) {
    this.ready = ready;
    serve(0);
    vertx.setPeriodic(1_000, ignored -> beat());
  }

  int port() {
    return port;
  }

  LiveHub hub() {
    return hub;
  }

  void becomeReady() {
    ready = true;
  }

  /** Stops listening and drops every connection; the alert log lives on. */
  void stopListening() {
    await(hub.close());
    await(server.close());
  }

  /** Listens on the same port again with a new hub, as after a restart. */
  void listenAgain() {
    serve(port);
  }

  private HttpServer server;

  private void serve(int wanted) {
    hub = new LiveHub(vertx, log, LiveConfig.defaults());
    Router router = Router.router(vertx);
    StaticPages.mount(router);
    router.get("/login").handler(DemoCity::logIn);
    LiveRoutes.mount(router, hub, context -> principal(context.request()));
    router.route("/api/*").handler(BodyHandler.create(false));
    get(router, "/api/v1/city", context -> city());
    new DemoPages(this).mount(router);
    new DemoIncidents(this).mount(router);
    windows.mount(router);
    get(router, "/api/v1/indicators/:code/history", this::history);
    get(router, "/api/v1/alerts", context -> Map.of("alerts", alerts(context)));
    router
        .post("/api/v1/alerts/:id/acknowledge")
        .handler(context -> change(context, AlertEvent.Type.ACKNOWLEDGED));
    router
        .post("/api/v1/alerts/:id/close")
        .handler(context -> change(context, AlertEvent.Type.CLOSED));
    router
        .post("/api/v1/alerts/:id/feedback")
        .handler(context -> change(context, AlertEvent.Type.JUDGED));
    router.route().failureHandler(DemoCity::fail);
    server =
        await(
            vertx
                .createHttpServer(new HttpServerOptions().setHost("127.0.0.1"))
                .requestHandler(router)
                .listen(wanted));
    port = server.actualPort();
  }

  Instant now() {
    return START.plusMillis((long) ((System.nanoTime() - started) / 1e6 * SPEED));
  }

  /** A new firing alert; its id. */
  String raise(String code, String region, Grade grade, double factor) {
    DemoIndicator indicator =
        DemoIndicator.ALL.stream().filter(one -> one.code().equals(code)).findFirst().orElseThrow();
    Instant period = indicator.previous(indicator.floor(now()));
    Band band = indicator.band(region, period);
    double value = band.expected() * factor;
    String zh =
        "数值 %.1f 超出预期区间 %.1f–%.1f，偏离同时段基线 %.1f 倍".formatted(value, band.low(), band.high(), factor);
    String en =
        "%.1f is outside the expected %.1f–%.1f, %.1f times the same slot's baseline"
            .formatted(value, band.low(), band.high(), factor);
    String detector =
        grade == Grade.BLUE ? "seasonal" : grade == Grade.YELLOW ? "tribuo" : "threshold";
    Anomaly anomaly =
        new Anomaly(
            SeriesKey.of(code, region),
            detector,
            detector.equals("tribuo") ? "tribuo-linear-sgd@3" : detector + "@1",
            Anomaly.Status.FIRING,
            period,
            1,
            grade,
            value,
            band,
            4.2,
            Anomaly.Reasons.of(zh, en));
    Instant now = now();
    String id = "01K%05d".formatted(++alerts);
    append(
        AlertEvent.Type.FIRED,
        detector,
        new Alert(id, id, AlertState.FIRING, grade, 1, now, now, null, 1, null, null, anomaly));
    return id;
  }

  void resolve(String id) {
    Alert alert = find(id);
    append(
        AlertEvent.Type.RESOLVED,
        "threshold",
        with(alert, AlertState.RESOLVED, alert.owner(), alert.note()));
  }

  Alert find(String id) {
    return log.all().stream()
        .filter(alert -> alert.id().equals(id))
        .findFirst()
        .orElseThrow(() -> new ChengmaiException(ErrorCode.NOT_FOUND, "no alert " + id));
  }

  private void append(AlertEvent.Type type, String actor, Alert alert) {
    hub.accept(List.of(log.append(type, actor, alert)));
  }

  /** Says of an alert that earlier ones like it were mostly false. */
  void demote(String id) {
    Alert alert = find(id);
    append(
        AlertEvent.Type.GRADE_CHANGED,
        "seasonal",
        with(alert, alert.state(), alert.owner(), alert.note())
            .withAssessment(
                new Assessment(
                    0.08,
                    true,
                    "feedback-combiner@3",
                    Anomaly.Reasons.of(
                        "低优先级：按以往评价，属实的可能约 8%；该序列近期告警频繁",
                        "low priority: by earlier feedback about 8 % likely to be real; this series has alarmed often lately"))));
  }

  /** Puts an alert into a time of works, or takes it out of it. */
  void suppress(String id, boolean isSuppressed) {
    Alert alert = find(id);
    append(
        isSuppressed ? AlertEvent.Type.REOPENED : AlertEvent.Type.RELEASED,
        "threshold",
        with(alert, alert.state(), alert.owner(), alert.note())
            .withSuppression(
                isSuppressed
                    ? new Suppression(
                        "01W",
                        Suppression.Kind.MAINTENANCE,
                        "更换传感器",
                        "王值班",
                        now().plusSeconds(7200))
                    : null));
  }

  /** Nobody answered, so that someone else is called. */
  void escalate(String id, String... to) {
    Alert alert = find(id);
    append(
        AlertEvent.Type.ESCALATED,
        "escalation",
        with(alert, alert.state(), alert.owner(), alert.note())
            .withEscalation(new Escalation(alert.startsAt(), List.of(to))));
  }

  private List<Alert> alerts(RoutingContext context) {
    String code = context.request().getParam("code");
    String region = context.request().getParam("region");
    return code == null
        ? log.open()
        : log.all().stream()
            .filter(alert -> alert.latest().key().equals(SeriesKey.of(code, region)))
            .toList();
  }

  private Alert with(Alert alert, AlertState state, @Nullable String owner, @Nullable String note) {
    return new Alert(
        alert.id(),
        alert.fingerprint(),
        state,
        alert.grade(),
        alert.revision() + 1,
        alert.startsAt(),
        now(),
        null,
        alert.count(),
        owner,
        note,
        alert.feedback(),
        alert.assessment(),
        alert.suppression(),
        alert.escalation(),
        alert.firstPeriod(),
        alert.latest(),
        alert.past());
  }

  private void beat() {
    Instant now = now();
    hub.clock(now, SPEED, null);
    List<IndicatorPoint> points = new ArrayList<>();
    for (DemoIndicator indicator : DemoIndicator.ALL) {
      for (String region : regions()) {
        points.add(indicator.newest(region, now));
      }
    }
    hub.publish(points);
  }

  static List<String> regions() {
    List<String> regions = new ArrayList<>(List.of(CITY));
    DISTRICTS.forEach(district -> regions.add((String) district.get("code")));
    return regions;
  }

  private Map<String, Object> city() {
    Map<String, Object> city = new HashMap<>();
    city.put("name", Map.of("zh", "西宁市", "en", "Xining"));
    city.put("code", CITY);
    city.put("synthetic", true);
    city.put("districts", DISTRICTS);
    city.put("ready", ready);
    city.put("now", now());
    city.put("speed", SPEED);
    city.put(
        "servers",
        List.of(
            Map.of("name", "PostgreSQL", "state", "ready", "detail", "18.6"),
            Map.of("name", "Kafka", "state", "ready", "detail", "4.3.0"),
            Map.of(
                "name",
                "Druid",
                "state",
                ready ? "ready" : "starting",
                "detail",
                ready ? "33.0.0" : "coordinator, broker, historical")));
    if (!ready) {
      city.put(
          "progress", new Progress(new Progress.Text("等待 Druid 就绪", "waiting for Druid"), 2, 3));
    }
    return city;
  }

  private Map<String, Object> history(RoutingContext context) {
    String code = context.pathParam("code");
    String region = context.request().getParam("region");
    Instant from = Instant.parse(context.request().getParam("from"));
    Instant now = now();
    DemoIndicator indicator =
        DemoIndicator.ALL.stream().filter(one -> one.code().equals(code)).findFirst().orElseThrow();
    List<IndicatorPoint> points = new ArrayList<>();
    List<Map<String, Object>> bands = new ArrayList<>();
    Instant start = indicator.previous(indicator.floor(now));
    for (; start.isAfter(from) && points.size() < 5_000; start = indicator.previous(start)) {
      points.add(0, indicator.point(region, start));
      Band band = indicator.band(region, start);
      bands.add(
          0,
          Map.of(
              "time",
              start,
              "low",
              band.low(),
              "expected",
              band.expected(),
              "high",
              band.high(),
              "detector",
              "seasonal"));
    }
    List<Alert> raised =
        log.all().stream().filter(alert -> alert.latest().key().code().equals(code)).toList();
    return Map.of("points", points, "bands", bands, "alerts", raised);
  }

  private void change(RoutingContext context, AlertEvent.Type type) {
    Principal principal = principal(context.request());
    principal.require(Role.OPERATOR, "handling an alert");
    Alert alert = find(context.pathParam("id"));
    if (alert.revision() != context.body().asJsonObject().getInteger("revision")) {
      throw new ChengmaiException(
          ErrorCode.CONFLICT,
          "alert %s has changed, revision %d".formatted(alert.id(), alert.revision()));
    }
    JsonObject body = context.body().asJsonObject();
    Alert changed =
        switch (type) {
          case JUDGED ->
              with(alert, alert.state(), alert.owner(), alert.note())
                  .withFeedback(
                      new Feedback(
                          Feedback.Verdict.valueOf(
                              body.getString("verdict").toUpperCase(Locale.ROOT)),
                          body.getString("note"),
                          principal.name(),
                          now()));
          case CLOSED -> with(alert, AlertState.CLOSED, principal.name(), body.getString("note"));
          default -> with(alert, AlertState.ACKNOWLEDGED, principal.name(), body.getString("note"));
        };
    append(type, principal.name(), changed);
    answer(context, changed);
  }

  private static void logIn(RoutingContext context) {
    String token = context.request().getParam("token");
    if (!"operator".equals(token) && !"viewer".equals(token)) {
      throw new ChengmaiException(ErrorCode.UNAUTHENTICATED, "wrong token");
    }
    context
        .response()
        .setStatusCode(303)
        .putHeader("Set-Cookie", "chengmai=" + token + "; HttpOnly; SameSite=Strict; Path=/")
        .putHeader("Location", "/")
        .end();
  }

  static Principal principal(HttpServerRequest request) {
    Cookie cookie = request.getCookie("chengmai");
    if (cookie == null) {
      throw new ChengmaiException(ErrorCode.UNAUTHENTICATED, "log in");
    }
    boolean operator = cookie.getValue().equals("operator");
    return new Principal(operator ? "王值班" : "访客", operator ? Role.OPERATOR : Role.VIEWER);
  }

  static void get(Router router, String path, Function<RoutingContext, Object> work) {
    router
        .get(path)
        .handler(
            context -> {
              principal(context.request());
              answer(context, work.apply(context));
            });
  }

  static void answer(RoutingContext context, Object value) {
    context.response().putHeader("Content-Type", "application/json").end(Json.write(value));
  }

  private static void fail(RoutingContext context) {
    ErrorCode code =
        context.failure() instanceof ChengmaiException known ? known.code() : ErrorCode.INTERNAL;
    context
        .response()
        .setStatusCode(code.httpStatus())
        .putHeader("Content-Type", "application/json")
        .end(
            Json.write(
                Map.of(
                    "error",
                    Map.of(
                        "code", code, "message", String.valueOf(context.failure().getMessage())))));
  }

  private static Map<String, Object> district(
      String code, String zh, String en, int column, int row) {
    return Map.of("code", code, "name", Map.of("zh", zh, "en", en), "column", column, "row", row);
  }

  private static <T> T await(Future<T> future) {
    return future
        .toCompletionStage()
        .toCompletableFuture()
        .orTimeout(Duration.ofSeconds(20).toMillis(), TimeUnit.MILLISECONDS)
        .join();
  }

  @Override
  public void close() {
    await(hub.close());
    await(vertx.close());
  }
}
