package org.chengmai.engine.server;

import io.vertx.core.WorkerExecutor;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.chengmai.engine.pipeline.Comparisons;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;
import org.chengmai.indicators.Grain;
import org.chengmai.indicators.IndicatorPoint;
import org.chengmai.indicators.IndicatorStore;
import org.chengmai.indicators.Role;
import org.chengmai.indicators.SeriesKey;
import org.chengmai.indicators.comparison.Reading;
import org.chengmai.indicators.composite.Explanation;
import org.chengmai.indicators.composite.IndexValue;
import org.chengmai.indicators.definition.IndicatorCatalogue;
import org.chengmai.indicators.definition.IndicatorDefinition;
import org.chengmai.indicators.definition.IndicatorIndex;
import org.chengmai.indicators.definition.Measure;
import org.chengmai.indicators.definition.TimeRollUp;
import org.chengmai.indicators.region.Region;
import org.chengmai.indicators.region.Regions;
import org.chengmai.indicators.rootcause.Attribution;
import org.chengmai.indicators.rootcause.Related;
import org.chengmai.indicators.rootcause.Split;
import org.jspecify.annotations.Nullable;

/**
 * One series for analysis: {@code /api/v1/indicators/{code}/series}, as it is or was known,
 * compared with its past; {@code /contributions}, what changed a value: inputs of a composite,
 * regions below, dimensions.
 */
public final class SeriesRoutes {
  private static final Duration USUAL = Duration.ofDays(1);
  private static final String BY_DIMENSION = "dimension";

  private final IndicatorCatalogue catalogue;
  private final IndicatorStore store;
  private final Comparisons comparisons;
  private final InstantSource clock;
  private final RowAnswers answers;
  private final WorkerExecutor executor;

  public SeriesRoutes(
      IndicatorCatalogue catalogue,
      IndicatorStore store,
      Comparisons comparisons,
      InstantSource clock,
      RowAnswers answers,
      WorkerExecutor executor) {
    this.catalogue = catalogue;
    this.store = store;
    this.comparisons = comparisons;
    this.clock = clock;
    this.answers = answers;
    this.executor = executor;
  }

  public void mount(Router router) {
    router.get("/api/v1/indicators/:code/series").handler(this::series);
    router.get("/api/v1/indicators/:code/contributions").handler(this::contributions);
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
    if (definition.definition().type() == IndicatorDefinition.Type.COMPOSITE) {
      Requests.answer(context, executor, () -> ofComposite(key, against, at));
      return;
    }
    String by = context.queryParams().get("by");
    if (BY_DIMENSION.equals(by)) {
      if (definition.dimensions().isEmpty()) {
        throw new ChengmaiException(
            ErrorCode.INVALID_INPUT,
            "%s has no dimensions; leave out by=%s".formatted(definition.code(), by));
      }
      Requests.answer(context, executor, () -> ofDimensions(definition, key, against, at));
      return;
    }
    Region.Level level = level(definition, key, by);
    Requests.answer(context, executor, () -> ofRegions(definition, key, level, against, at));
  }

  /** The level of the regions that explain: the one asked for, or the next below the region's. */
  private Region.Level level(
      IndicatorDefinition definition, SeriesKey key, @Nullable String asked) {
    List<Region.Level> levels = definition.region().levels();
    if (asked == null || asked.isEmpty()) {
      Optional<Region.Level> own = catalogue.regions().find(key.region()).map(Region::level);
      return levels.stream()
          .filter(level -> own.isPresent() && level.compareTo(own.get()) > 0)
          .findFirst()
          .orElse(definition.region().base());
    }
    return levels.stream()
        .filter(level -> level.name().equalsIgnoreCase(asked))
        .findFirst()
        .orElseThrow(
            () ->
                new ChengmaiException(
                    ErrorCode.INVALID_INPUT,
                    "by '%s': %s has values by %s"
                        .formatted(
                            asked, definition.code(), levels.toString().toLowerCase(Locale.ROOT))));
  }

  private Map<String, Object> ofComposite(SeriesKey key, Instant against, Instant at) {
    Explanation explained =
        Explanation.between(index(key, against), index(key, at))
            .orElseThrow(
                () ->
                    new ChengmaiException(
                        ErrorCode.NOT_FOUND,
                        "%s has no value in one of both periods".formatted(key)));
    return Map.of("change", explained.change(), "contributions", explained.contributions());
  }

  /** By the regions that the region is made of, and what else moved at that time. */
  private Map<String, Object> ofRegions(
      IndicatorDefinition definition,
      SeriesKey key,
      Region.Level parts,
      Instant against,
      Instant at) {
    Predicate<IndicatorPoint> isPart =
        isWithin(key.region(), parts)
            .and(point -> point.key().dimensions().equals(key.dimensions()));
    List<IndicatorPoint> before = store.at(List.of(definition.code()), List.of(against));
    List<IndicatorPoint> after = store.at(List.of(definition.code()), List.of(at));
    Attribution attribution =
        Attribution.between(
            definition,
            whole(before, key),
            whole(after, key),
            before.stream().filter(isPart).toList(),
            after.stream().filter(isPart).toList());
    Map<String, Object> answer = new LinkedHashMap<>();
    if (attribution instanceof Attribution.Explained explained) {
      answer.put("change", explained.change());
      answer.put("contributions", explained.contributions());
      answer.put("missing", explained.missing());
    } else {
      answer.put("unexplained", ((Attribution.Unexplained) attribution).reasons());
    }
    answer.put("related", related(definition, key, at));
    return answer;
  }

  /** By each dimension and by the regions below, those that tell most first. */
  private Map<String, Object> ofDimensions(
      IndicatorDefinition definition, SeriesKey key, Instant against, Instant at) {
    Predicate<IndicatorPoint> isPart =
        isWithin(key.region(), level(definition, key, null))
            .and(
                point ->
                    point.key().dimensions().entrySet().containsAll(key.dimensions().entrySet()));
    return Map.of(
        "splits",
        Split.rank(
            definition,
            store.at(List.of(definition.code()), List.of(against)).stream().filter(isPart).toList(),
            store.at(List.of(definition.code()), List.of(at)).stream().filter(isPart).toList()),
        "related",
        related(definition, key, at));
  }

  /** Points of regions of one level in a region. */
  private Predicate<IndicatorPoint> isWithin(String region, Region.Level parts) {
    Regions regions = catalogue.regions();
    Region.Level level = regions.find(region).map(Region::level).orElse(Region.Level.GRID);
    return point ->
        regions
                .ancestor(point.key().region(), level)
                .filter(above -> above.code().equals(region))
                .isPresent()
            && regions.find(point.key().region()).filter(part -> part.level() == parts).isPresent();
  }

  private static @Nullable IndicatorPoint whole(List<IndicatorPoint> points, SeriesKey key) {
    return points.stream().filter(point -> point.key().equals(key)).findFirst().orElse(null);
  }

  /** Other indicators of the region that deviated in periods that began within the one at hand. */
  private List<Related> related(IndicatorDefinition definition, SeriesKey key, Instant at) {
    List<String> codes = catalogue.all().stream().map(IndicatorDefinition::code).toList();
    Map<String, Double> deviations = new HashMap<>();
    Instant end = definition.grain().end(at, definition.period().zone());
    for (IndicatorPoint point : store.between(codes, at, end)) {
      Double z = point.readings().get(new Measure.Z().toString());
      if (z != null && point.key().region().equals(key.region())) {
        deviations.merge(
            point.key().code(), z, (one, other) -> Math.abs(one) > Math.abs(other) ? one : other);
      }
    }
    return Related.rank(definition, catalogue.all(), deviations, Map.of());
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
