package org.chengmai.engine.server;

import io.vertx.core.WorkerExecutor;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.chengmai.engine.pipeline.Comparisons;
import org.chengmai.indicators.Anomaly.Reasons;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;
import org.chengmai.indicators.IndicatorPoint;
import org.chengmai.indicators.IndicatorStore;
import org.chengmai.indicators.Role;
import org.chengmai.indicators.SeriesKey;
import org.chengmai.indicators.comparison.Reading;
import org.chengmai.indicators.composite.Explanation;
import org.chengmai.indicators.composite.IndexValue;
import org.chengmai.indicators.definition.Condition;
import org.chengmai.indicators.definition.IndicatorCatalogue;
import org.chengmai.indicators.definition.IndicatorDefinition;
import org.chengmai.indicators.definition.IndicatorIndex;
import org.chengmai.indicators.definition.Measure;
import org.jspecify.annotations.Nullable;

/**
 * One series for analysis: {@code /api/v1/indicators/{code}/series}, as it is or was known,
 * compared with its past; {@code /contributions}, what changed a composite.
 */
public final class SeriesRoutes {
  private static final Duration USUAL = Duration.ofDays(1);

  private final IndicatorCatalogue catalogue;
  private final IndicatorStore store;
  private final Comparisons comparisons;
  private final InstantSource clock;
  private final WorkerExecutor executor;

  public SeriesRoutes(
      IndicatorCatalogue catalogue,
      IndicatorStore store,
      Comparisons comparisons,
      InstantSource clock,
      WorkerExecutor executor) {
    this.catalogue = catalogue;
    this.store = store;
    this.comparisons = comparisons;
    this.clock = clock;
    this.executor = executor;
  }

  public void mount(Router router) {
    router.get("/api/v1/indicators/:code/series").handler(this::series);
    router.get("/api/v1/indicators/:code/contributions").handler(this::contributions);
  }

  /**
   * A comparison's outcome.
   *
   * @param value absent where there is none, and then a cause says why
   */
  private record Compared(@Nullable Double value, @Nullable String cause, @Nullable Reasons notes) {
    static Compared of(Reading reading) {
      if (reading instanceof Reading.Known known) {
        return new Compared(
            known.value(), null, known.notes().zh().isEmpty() ? null : known.notes());
      }
      Reading.Unknown unknown = (Reading.Unknown) reading;
      return new Compared(
          null, unknown.cause().name().toLowerCase(java.util.Locale.ROOT), unknown.reasons());
    }
  }

  private record Row(IndicatorPoint point, Map<String, Compared> compared) {}

  private void series(RoutingContext context) {
    Requests.principal(context, Role.VIEWER);
    IndicatorDefinition definition = catalogue.get(context.pathParam("code"));
    SeriesKey key = Requests.series(context, definition.code());
    Instant to = Requests.time(context, "to", clock.instant());
    Instant from = Requests.time(context, "from", to.minus(USUAL));
    Instant known = Requests.time(context, "asOf", Instant.MAX);
    Set<Measure> measures = new LinkedHashSet<>();
    String compare = context.queryParams().get("compare");
    if (compare != null && !compare.isBlank()) {
      for (String measure : compare.split(",(?![^(]*\\))")) {
        measures.add(Condition.measure(measure.strip()));
      }
    }
    Requests.answer(
        context,
        executor,
        () -> {
          List<IndicatorPoint> points =
              known.equals(Instant.MAX)
                  ? store.history(key, from, to)
                  : store.asOf(key, from, to, known);
          return Map.of("points", rows(definition, measures, points));
        });
  }

  private List<Row> rows(
      IndicatorDefinition definition, Set<Measure> measures, List<IndicatorPoint> points) {
    List<Map<Measure, Reading>> readings = comparisons.read(definition, measures, points);
    List<Row> rows = new ArrayList<>(points.size());
    for (int i = 0; i < points.size(); i++) {
      Map<String, Compared> compared = new LinkedHashMap<>();
      readings
          .get(i)
          .forEach((measure, reading) -> compared.put(measure.toString(), Compared.of(reading)));
      rows.add(new Row(points.get(i), compared));
    }
    return rows;
  }

  private void contributions(RoutingContext context) {
    Requests.principal(context, Role.VIEWER);
    IndicatorDefinition definition = catalogue.get(context.pathParam("code"));
    SeriesKey key = Requests.series(context, definition.code());
    Instant at = Requests.time(context, "at", Instant.MIN);
    Instant against = Requests.time(context, "against", Instant.MIN);
    if (at.equals(Instant.MIN) || against.equals(Instant.MIN)) {
      throw new ChengmaiException(
          ErrorCode.INVALID_INPUT,
          "which periods? Add &at=<start of the period>&against=<start of the one before>");
    }
    Requests.answer(
        context,
        executor,
        () -> {
          Explanation explained =
              Explanation.between(index(key, against), index(key, at))
                  .orElseThrow(
                      () ->
                          new ChengmaiException(
                              ErrorCode.NOT_FOUND,
                              "%s has no value in one of both periods".formatted(key)));
          return Map.of("change", explained.change(), "contributions", explained.contributions());
        });
  }

  private IndexValue index(SeriesKey key, Instant period) {
    return store.history(key, period, period.plusMillis(1)).stream()
        .findFirst()
        .flatMap(IndicatorIndex::value)
        .orElseThrow(
            () ->
                new ChengmaiException(
                    ErrorCode.NOT_FOUND,
                    "no composite value of %s in the period that starts at %s"
                        .formatted(key, period)));
  }
}
