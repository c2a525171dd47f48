package org.chengmai.engine.server;

import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.chengmai.engine.pipeline.Comparisons;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;
import org.chengmai.indicators.Grain;
import org.chengmai.indicators.IndicatorPoint;
import org.chengmai.indicators.IndicatorStore;
import org.chengmai.indicators.Role;
import org.chengmai.indicators.SeriesKey;
import org.chengmai.indicators.comparison.Reading;
import org.chengmai.indicators.definition.IndicatorCatalogue;
import org.chengmai.indicators.definition.IndicatorDefinition;
import org.chengmai.indicators.definition.Measure;
import org.chengmai.indicators.definition.TimeRollUp;

/**
 * One series for analysis: {@code /api/v1/indicators/{code}/series}, as it is or was known,
 * compared with its past; {@code /contributions}, what changed a value: inputs of a composite,
 * regions below, dimensions.
 */
public final class SeriesRoutes {
  private static final Duration USUAL = Duration.ofDays(1);

  private final IndicatorCatalogue catalogue;
  private final IndicatorStore store;
  private final Comparisons comparisons;
  private final InstantSource clock;
  private final RowAnswers answers;

  public SeriesRoutes(
      IndicatorCatalogue catalogue,
      IndicatorStore store,
      Comparisons comparisons,
      InstantSource clock,
      RowAnswers answers) {
    this.catalogue = catalogue;
    this.store = store;
    this.comparisons = comparisons;
    this.clock = clock;
    this.answers = answers;
  }

  public void mount(Router router) {
    router.get("/api/v1/indicators/:code/series").handler(this::series);
  }

  private record Points(List<ComparedPoint> points) {}

  private void series(RoutingContext context) {
    Requests.principal(context, Role.VIEWER);
    IndicatorDefinition definition = catalogue.get(context.pathParam("code"));
    SeriesKey key = Requests.series(context, definition.code());
    Instant to = Requests.time(context, "to", clock.instant());
    Instant from = Requests.time(context, "from", to.minus(USUAL));
    Instant known = Requests.time(context, "asOf", Instant.MAX);
    Set<Measure> measures = Compared.measures(context);
    String grain = context.queryParams().get("grain");
    if (grain != null && !grain.equals(definition.grain().toString())) {
      if (!measures.isEmpty()) {
        throw new ChengmaiException(
            ErrorCode.INVALID_INPUT,
            "comparisons are made every %s; leave out grain or compare"
                .formatted(definition.grain()));
      }
      TimeRollUp longer =
          TimeRollUp.of(definition, Grain.of(grain), catalogue.calendar(definition));
      answers.answer(
          context,
          () -> new Points(rolled(longer, definition, key, from, to, known)),
          answer -> ComparedPoint.table(answer.points(), measures));
      return;
    }
    answers.answer(
        context,
        () -> new Points(rows(definition, measures, points(key, from, to, known))),
        answer -> ComparedPoint.table(answer.points(), measures));
  }

  private List<IndicatorPoint> points(SeriesKey key, Instant from, Instant to, Instant known) {
    return known.equals(Instant.MAX)
        ? store.history(key, from, to)
        : store.asOf(key, from, to, known);
  }

  /** Longer periods, each one whole. */
  private List<ComparedPoint> rolled(
      TimeRollUp longer,
      IndicatorDefinition definition,
      SeriesKey key,
      Instant from,
      Instant to,
      Instant known) {
    ZoneId zone = definition.period().zone();
    Instant first = longer.grain().floor(from, zone);
    Instant last = longer.grain().end(longer.grain().floor(to.minusMillis(1), zone), zone);
    return longer.values(key, points(key, first, last, known), from, to).stream()
        .map(value -> new ComparedPoint(value.toPoint(1, clock.instant()), null, Map.of()))
        .toList();
  }

  private List<ComparedPoint> rows(
      IndicatorDefinition definition, Set<Measure> measures, List<IndicatorPoint> points) {
    List<Map<Measure, Reading>> readings = comparisons.read(definition, measures, points);
    List<ComparedPoint> rows = new ArrayList<>(points.size());
    for (int i = 0; i < points.size(); i++) {
      rows.add(
          new ComparedPoint(
              points.get(i),
              definition.grade(points.get(i)).orElse(null),
              Compared.of(readings.get(i))));
    }
    return rows;
  }
}
