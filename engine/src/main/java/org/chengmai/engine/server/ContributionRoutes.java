package org.chengmai.engine.server;

import io.vertx.core.WorkerExecutor;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.chengmai.indicators.Alert;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;
import org.chengmai.indicators.Grade;
import org.chengmai.indicators.IndicatorPoint;
import org.chengmai.indicators.IndicatorStore;
import org.chengmai.indicators.Role;
import org.chengmai.indicators.SeriesKey;
import org.chengmai.indicators.calendar.ChineseCalendar;
import org.chengmai.indicators.calendar.Festival;
import org.chengmai.indicators.composite.Explanation;
import org.chengmai.indicators.composite.IndexValue;
import org.chengmai.indicators.definition.IndicatorCatalogue;
import org.chengmai.indicators.definition.IndicatorDefinition;
import org.chengmai.indicators.definition.IndicatorIndex;
import org.chengmai.indicators.definition.Measure;
import org.chengmai.indicators.region.Region;
import org.chengmai.indicators.region.Regions;
import org.chengmai.indicators.rootcause.Attribution;
import org.chengmai.indicators.rootcause.Related;
import org.chengmai.indicators.rootcause.Split;
import org.jspecify.annotations.Nullable;

/**
 * What changed a value between two periods, {@code /api/v1/indicators/{code}/contributions}: the
 * regions or dimensions that it is made of, or a composite's inputs, which other indicators moved,
 * and what happened then.
 */
public final class ContributionRoutes {
  private static final String BY_DIMENSION = "dimension";

  private final IndicatorCatalogue catalogue;
  private final IndicatorStore store;
  private final Alerts alerts;
  private final WorkerExecutor executor;

  /** The alerts that were open within {@code from <= t < to}, oldest first. */
  @FunctionalInterface
  public interface Alerts {
    List<Alert> between(Instant from, Instant to);
  }

  public ContributionRoutes(
      IndicatorCatalogue catalogue, IndicatorStore store, Alerts alerts, WorkerExecutor executor) {
    this.catalogue = catalogue;
    this.store = store;
    this.alerts = alerts;
    this.executor = executor;
  }

  public void mount(Router router) {
    router.get("/api/v1/indicators/:code/contributions").handler(this::contributions);
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
    Map<String, Object> answer = new LinkedHashMap<>();
    answer.put("change", explained.change());
    answer.put("contributions", explained.contributions());
    answer.put("events", events(catalogue.get(key.code()), key, against, at));
    return answer;
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
    answer.put("events", events(definition, key, against, at));
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
        related(definition, key, at),
        "events",
        events(definition, key, against, at));
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

  /**
   * What happened within the two periods, by time.
   *
   * @param code of the indicator that an alert is about
   * @param day the name of a day that is not like others
   * @param worked of a holiday, whether the day is worked for another that is off
   */
  private record Event(
      Instant at,
      @Nullable Instant until,
      @Nullable String code,
      @Nullable String region,
      @Nullable Grade grade,
      @Nullable String day,
      @Nullable Boolean worked) {

    static Event of(Instant start, String day, @Nullable Boolean worked) {
      return new Event(start, null, null, null, null, day, worked);
    }

    static Event of(Alert alert) {
      SeriesKey about = alert.latest().key();
      return new Event(
          alert.startsAt(),
          alert.endsAt(),
          about.code(),
          about.region(),
          alert.grade(),
          null,
          null);
    }
  }

  /** Alerts of the region and what lies in it, and days off, days worked instead and festivals. */
  private List<Event> events(
      IndicatorDefinition definition, SeriesKey key, Instant against, Instant at) {
    ZoneId zone = definition.period().zone();
    List<Event> events = new ArrayList<>();
    for (Instant start : List.of(against, at)) {
      Instant end = definition.grain().end(start, zone);
      for (LocalDate day = start.atZone(zone).toLocalDate();
          day.atStartOfDay(zone).toInstant().isBefore(end);
          day = day.plusDays(1)) {
        special(day, zone).ifPresent(events::add);
      }
      alerts.between(start, end).stream()
          .filter(alert -> isIn(alert.latest().key().region(), key.region()))
          .map(Event::of)
          .forEach(events::add);
    }
    return events.stream().distinct().sorted(Comparator.comparing(Event::at)).toList();
  }

  private Optional<Event> special(LocalDate day, ZoneId zone) {
    ChineseCalendar calendar = catalogue.calendars().days();
    Instant start = day.atStartOfDay(zone).toInstant();
    return calendar
        .holidayName(day)
        .map(name -> Event.of(start, name, calendar.isWorkday(day)))
        .or(() -> Festival.on(day).map(festival -> Event.of(start, festival.zh(), null)));
  }

  private boolean isIn(String region, String whole) {
    Regions regions = catalogue.regions();
    return region.equals(whole)
        || regions
            .find(whole)
            .flatMap(above -> regions.ancestor(region, above.level()))
            .filter(above -> above.code().equals(whole))
            .isPresent();
  }
}
