package org.chengmai.dashboards.page;

import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.chengmai.indicators.Principal;
import org.chengmai.indicators.Role;

/** The demo city's times of works and exercises, as the engine tells them. */
final class DemoWindows {
  private final DemoCity city;
  private final List<Map<String, Object>> windows = new CopyOnWriteArrayList<>();

  DemoWindows(DemoCity city) {
    this.city = city;
  }

  void mount(Router router) {
    DemoCity.get(
        router,
        "/api/v1/quiet-windows",
        context ->
            Map.of(
                "windows",
                windows.stream()
                    .filter(
                        one ->
                            context.request().getParam("past").equals("true")
                                || !one.containsKey("endedAt"))
                    .toList()));
    router.post("/api/v1/quiet-windows").handler(this::create);
    router.post("/api/v1/quiet-windows/:id/end").handler(this::end);
  }

  private void create(RoutingContext context) {
    Principal who = operator(context);
    JsonObject body = context.body().asJsonObject();
    Map<String, Object> window = new HashMap<>(body.getMap());
    window.put("id", "01W0000" + windows.size());
    window.put("from", Instant.parse(body.getString("from")));
    window.put("to", Instant.parse(body.getString("to")));
    window.put("codes", body.getJsonArray("codes").getList());
    window.put("regions", body.getJsonArray("regions").getList());
    window.put("createdBy", who.name());
    window.put("createdAt", city.now());
    windows.add(0, window);
    DemoCity.answer(context, window);
  }

  private void end(RoutingContext context) {
    Principal who = operator(context);
    String id = context.pathParam("id");
    Map<String, Object> window =
        windows.stream().filter(one -> id.equals(one.get("id"))).findFirst().orElseThrow();
    window.put("endedBy", who.name());
    window.put("endedAt", city.now());
    DemoCity.answer(context, window);
  }

  private static Principal operator(RoutingContext context) {
    Principal who = DemoCity.principal(context.request());
    who.require(Role.OPERATOR, "writing works down");
    return who;
  }
}
