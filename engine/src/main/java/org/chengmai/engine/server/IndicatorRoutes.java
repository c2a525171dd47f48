package org.chengmai.engine.server;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.vertx.core.WorkerExecutor;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.chengmai.engine.alerts.AlertBook;
import org.chengmai.engine.pipeline.DetectorRunner.ExpectedBand;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;
import org.chengmai.indicators.Grain;
import org.chengmai.indicators.IndicatorPoint;
import org.chengmai.indicators.IndicatorStore;
import org.chengmai.indicators.Role;
import org.chengmai.indicators.SeriesKey;
import org.jspecify.annotations.Nullable;

/**
 * {@code /api/v1/indicators}: definitions with their newest points, and one series' history with
 * bands and alerts.
 */
public final class IndicatorRoutes {
  private static final Duration LEAST_NEWEST = Duration.ofDays(2);
  private static final Duration USUAL_HISTORY = Duration.ofDays(1);
  private static final Duration LONGEST_HISTORY = Duration.ofDays(4000);

  private final Supplier<List<IndicatorCard>> definitions;
  private final IndicatorStore store;
  private final AlertBook alerts;
  private final Bands bands;
  private final InstantSource clock;
  private final WorkerExecutor executor;

  /** What detectors expected of a series' periods, oldest first. */
  @FunctionalInterface
  public interface Bands {
    List<ExpectedBand> of(SeriesKey key, Instant from, Instant to);
  }

  /**
   * @param bands such as {@code runner::bands}
   */
  public IndicatorRoutes(
      Supplier<List<IndicatorCard>> definitions,
      IndicatorStore store,
      AlertBook alerts,
      Bands bands,
      InstantSource clock,
      WorkerExecutor executor) {
    this.definitions = definitions;
    this.store = store;
    this.alerts = alerts;
    this.bands = bands;
    this.clock = clock;
    this.executor = executor;
  }

  public void mount(Router router) {
    router.get("/api/v1/indicators").handler(this::list);
    router.get("/api/v1/indicators/:code").handler(this::one);
    router.get("/api/v1/indicators/:code/history").handler(this::history);
  }

  private record CardWithPoints(@JsonUnwrapped IndicatorCard card, List<IndicatorPoint> newest) {}

  private void list(RoutingContext context) {
    Requests.principal(context, Role.VIEWER);
    Requests.answer(context, executor, () -> withNewest(definitions.get()));
  }

  private void one(RoutingContext context) {
    Requests.principal(context, Role.VIEWER);
    String code = context.pathParam("code");
    Requests.answer(context, executor, () -> withNewest(List.of(card(code))).get(0));
  }

  private void history(RoutingContext context) {
    Requests.principal(context, Role.VIEWER);
    String code = context.pathParam("code");
    String region = context.queryParams().get("region");
    if (region == null || region.isEmpty()) {
      throw new ChengmaiException(
          ErrorCode.INVALID_INPUT, "which region? Add ?region=<division code>");
    }
    SeriesKey key =
        new SeriesKey(
            code,
            region,
            SeriesKey.parseDimensions(dimensions(context.queryParams().get("dimensions"))));
    Instant to = Requests.time("to", context.queryParams().get("to"), clock.instant());
    Instant from =
        Requests.time("from", context.queryParams().get("from"), to.minus(USUAL_HISTORY));
    if (!from.isBefore(to) || Duration.between(from, to).compareTo(LONGEST_HISTORY) > 0) {
      throw new ChengmaiException(
          ErrorCode.INVALID_INPUT,
          "from %s to %s: a stretch of at most %d days"
              .formatted(from, to, LONGEST_HISTORY.toDays()));
    }
    Requests.answer(
        context,
        executor,
        () -> {
          card(code);
          return Map.of(
              "points",
              store.history(key, from, to),
              "bands",
              bands.of(key, from, to),
              "alerts",
              alerts.of(key, from, to));
        });
  }

  private IndicatorCard card(String code) {
    return definitions.get().stream()
        .filter(card -> card.code().equals(code))
        .findFirst()
        .orElseThrow(
            () ->
                new ChengmaiException(
                    ErrorCode.NOT_FOUND, "there is no indicator '%s'".formatted(code)));
  }

  /**
   * One question to the store for each length of period: a month's newest point is weeks old, a
   * minute's is not.
   */
  private List<CardWithPoints> withNewest(List<IndicatorCard> cards) {
    Instant now = clock.instant();
    Map<String, List<String>> codesByGrain =
        cards.stream()
            .collect(
                Collectors.groupingBy(
                    IndicatorCard::grain,
                    Collectors.mapping(IndicatorCard::code, Collectors.toList())));
    List<IndicatorPoint> points = new ArrayList<>();
    codesByGrain.forEach(
        (grain, codes) -> {
          Duration back = Grain.of(grain).typical().multipliedBy(3);
          points.addAll(
              store.newest(
                  codes, now.minus(back.compareTo(LEAST_NEWEST) > 0 ? back : LEAST_NEWEST)));
        });
    Map<String, List<IndicatorPoint>> byCode =
        points.stream().collect(Collectors.groupingBy(point -> point.key().code()));
    return cards.stream()
        .map(card -> new CardWithPoints(card, byCode.getOrDefault(card.code(), List.of())))
        .toList();
  }

  private static String dimensions(@Nullable String text) {
    if (text == null || text.isEmpty()) {
      return "";
    }
    for (String part : text.split(";")) {
      if (part.indexOf('=') < 1) {
        throw new ChengmaiException(
            ErrorCode.INVALID_INPUT, "dimensions '%s': k=v;k=v".formatted(text));
      }
    }
    return text;
  }
}
