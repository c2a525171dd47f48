package org.chengmai.dashboards.page;

import io.vertx.ext.web.Router;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;
import org.chengmai.indicators.SeriesKey;
import org.jspecify.annotations.Nullable;

/**
 * One incident in the demo city, as the engine tells it: a district's road, the city, its index.
 */
final class DemoIncidents {
  static final String ID = "01K00009";

  /** Of the same with fourteen members. */
  static final String LARGE = "01K00010";

  private static final Duration STEP = Duration.ofMinutes(5);

  private final DemoCity city;

  DemoIncidents(DemoCity city) {
    this.city = city;
  }

  void mount(Router router) {
    DemoCity.get(
        router, "/api/v1/incidents", context -> Map.of("incidents", List.of(incident(false))));
    DemoCity.get(
        router,
        "/api/v1/incidents/:id",
        context -> {
          if (context.pathParam("id").equals(LARGE)) {
            return large();
          }
          if (!context.pathParam("id").equals(ID)) {
            throw new ChengmaiException(
                ErrorCode.NOT_FOUND,
                "there is no incident '%s'".formatted(context.pathParam("id")));
          }
          return incident(true);
        });
  }

  private Map<String, Object> incident(boolean isWhole) {
    Instant start =
        Instant.ofEpochSecond(city.now().getEpochSecond() / 300 * 300).minusSeconds(2400);
    SeriesKey road = SeriesKey.of("CVS-TRF-0001", "630103");
    SeriesKey whole = SeriesKey.of("CVS-TRF-0001", DemoCity.CITY);
    SeriesKey index = SeriesKey.of("CVS-TRF-0002", "630103");
    Map<String, Object> incident = new LinkedHashMap<>();
    incident.put("id", ID);
    incident.put("start", start);
    incident.put("grade", "orange");
    incident.put(
        "members",
        List.of(
            member(road, start, 0, null, 7.4, List.of(whole, index), 0.92, isWhole),
            member(whole, start, 1, 0.93, 5.1, List.of(), 0.41, isWhole),
            member(index, start, 3, -0.88, 6.2, List.of(), 0.13, isWhole)));
    return incident;
  }

  private Map<String, Object> large() {
    Map<String, Object> incident = incident(true);
    Instant start = (Instant) incident.get("start");
    List<Map<String, Object>> members = new ArrayList<>();
    for (int i = 0; i < 14; i++) {
      SeriesKey key = SeriesKey.of("CVS-TRF-0001", "6301" + (10 + i));
      members.add(member(key, start, i % 4, 0.9, 5, List.of(), 0.5, true));
    }
    incident.put("id", LARGE);
    incident.put("members", members);
    return incident;
  }

  private static Map<String, Object> member(
      SeriesKey key,
      Instant start,
      int lag,
      @Nullable Double correlation,
      double peak,
      List<SeriesKey> explains,
      double origin,
      boolean isWhole) {
    Map<String, Object> member = new LinkedHashMap<>();
    member.put("key", key);
    member.put("alerts", List.of("01K0000" + lag));
    member.put("grade", lag == 0 ? "orange" : "yellow");
    member.put("onset", start.plus(STEP.multipliedBy(lag)));
    member.put("lag", STEP.multipliedBy(lag));
    if (correlation != null) {
      member.put("correlation", correlation);
    }
    member.put("peak", peak);
    member.put("explains", explains);
    member.put("origin", origin);
    if (isWhole) {
      Random random = new Random(lag);
      List<@Nullable Double> z = new ArrayList<>();
      for (int i = 0; i < 32; i++) {
        boolean isOff = i >= 12 + lag && i < 24 + lag;
        double course = isOff ? (correlation != null && correlation < 0 ? -peak : peak) * 0.9 : 0;
        z.add(i == 5 ? null : (Double) (course + 0.8 * random.nextGaussian()));
      }
      Map<String, Object> trace = new LinkedHashMap<>();
      trace.put("from", start.minus(STEP.multipliedBy(12)));
      trace.put("step", STEP);
      trace.put("z", z);
      member.put("trace", trace);
    }
    return member;
  }
}
