package org.chengmai.engine.server;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.vertx.core.WorkerExecutor;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.chengmai.engine.alerts.AlertBook;
import org.chengmai.engine.pipeline.DetectorRunner.ExpectedBand;
import org.chengmai.engine.pipeline.NewestPoints;
import org.chengmai.engine.pipeline.QualityBook.Kept;
import org.chengmai.indicators.Anomaly.Reasons;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;
import org.chengmai.indicators.IndicatorPoint;
import org.chengmai.indicators.IndicatorStore;
import org.chengmai.indicators.Role;
import org.chengmai.indicators.SeriesKey;
import org.chengmai.indicators.Table;
import org.chengmai.indicators.Table.Column;
import org.chengmai.indicators.calendar.PeriodCalendar;
import org.chengmai.indicators.definition.IndicatorDefinition;
import org.chengmai.indicators.quality.Feed;
import org.chengmai.indicators.search.SearchKeys;
import org.jspecify.annotations.Nullable;

/**
 * {@code /api/v1/indicators}: definitions with their newest points, one series' history with bands
 * and alerts, and what quality rules found wrong. A newest point that has grown old is shown as
 * stale.
 */
public final class IndicatorRoutes {
  private static final Duration USUAL_HISTORY = Duration.ofDays(1);
  private static final Duration LONGEST_HISTORY = Duration.ofDays(4000);

  /** How far back a feed's last value is looked for. */
  private static final int FEED_PERIODS = 100;

  private final Supplier<List<IndicatorCard>> definitions;
  private final NewestPoints newest;
  private final IndicatorStore store;
  private final AlertBook alerts;
  private final Bands bands;
  private final Function<String, Optional<IndicatorDefinition>> rules;
  private final Function<IndicatorDefinition, PeriodCalendar> calendars;
  private final Findings findings;
  private final InstantSource clock;
  private final RowAnswers answers;
  private final WorkerExecutor executor;

  /** By code and version, made when first searched for. */
  private final Map<String, SearchKeys> keys = new ConcurrentHashMap<>();

  /** What detectors expected of a series' periods, oldest first. */
  @FunctionalInterface
  public interface Bands {
    List<ExpectedBand> of(SeriesKey key, Instant from, Instant to);
  }

  /** What quality rules found wrong in an indicator's periods, in one region or in all. */
  @FunctionalInterface
  public interface Findings {
    List<Kept> of(String code, @Nullable String region, Instant from, Instant to);
  }

  /**
   * @param bands such as {@code runner::bands}
   * @param rules the definition of a code, which says when its feed has stopped
   * @param calendars which of a definition's periods count
   */
  public IndicatorRoutes(
      Supplier<List<IndicatorCard>> definitions,
      NewestPoints newest,
      IndicatorStore store,
      AlertBook alerts,
      Bands bands,
      Function<String, Optional<IndicatorDefinition>> rules,
      Function<IndicatorDefinition, PeriodCalendar> calendars,
      Findings findings,
      InstantSource clock,
      RowAnswers answers,
      WorkerExecutor executor) {
    this.definitions = definitions;
    this.newest = newest;
    this.store = store;
    this.alerts = alerts;
    this.bands = bands;
    this.rules = rules;
    this.calendars = calendars;
    this.findings = findings;
    this.clock = clock;
    this.answers = answers;
    this.executor = executor;
  }

  public void mount(Router router) {
    router.get("/api/v1/indicators").handler(this::list);
    router.get("/api/v1/indicators/:code").handler(this::one);
    router.get("/api/v1/indicators/:code/history").handler(this::history);
    router.get("/api/v1/indicators/:code/quality").handler(this::quality);
  }

  private record CardWithPoints(@JsonUnwrapped IndicatorCard card, List<IndicatorPoint> newest) {
    private static final List<Column> COLUMNS =
        List.of(
            new Column("code", "VARCHAR"),
            new Column("name_zh", "VARCHAR"),
            new Column("name_en", "VARCHAR"),
            new Column("domain", "VARCHAR"),
            new Column("unit", "VARCHAR"),
            new Column("grain", "VARCHAR"),
            new Column("region", "VARCHAR"),
            new Column("dimensions", "VARCHAR"),
            new Column("period_start", "TIMESTAMP"),
            new Column("value", "DOUBLE"),
            new Column("n", "BIGINT"),
            new Column("trust", "VARCHAR"));

    /** A row for each newest point, and one for an indicator without any. */
    static Table table(List<CardWithPoints> cards) {
      List<List<@Nullable Object>> rows = new ArrayList<>();
      for (CardWithPoints one : cards) {
        one.newest().forEach(point -> rows.add(row(one.card(), point)));
        if (one.newest().isEmpty()) {
          rows.add(row(one.card(), null));
        }
      }
      return new Table(COLUMNS, rows);
    }

    private static List<@Nullable Object> row(IndicatorCard card, @Nullable IndicatorPoint point) {
      List<@Nullable Object> row =
          new ArrayList<>(
              List.of(
                  card.code(),
                  card.name().zh(),
                  card.name().en(),
                  card.domain(),
                  card.unit().display(),
                  card.grain()));
      row.add(point == null ? null : point.key().region());
      row.add(
          point == null || point.key().dimensions().isEmpty() ? null : point.key().dimensionText());
      row.add(point == null ? null : point.periodStart());
      row.add(point == null ? null : point.value());
      row.add(point == null ? null : point.n());
      row.add(point == null ? null : point.trust().name().toLowerCase(Locale.ROOT));
      return row;
    }
  }

  private void list(RoutingContext context) {
    Requests.principal(context, Role.VIEWER);
    String search = context.queryParams().get("search");
    boolean isBare = "false".equals(context.queryParams().get("newest"));
    answers.answer(context, () -> found(search, isBare), CardWithPoints::table);
  }

  private List<CardWithPoints> found(@Nullable String search, boolean isBare) {
    List<IndicatorCard> cards =
        definitions.get().stream()
            .filter(card -> search == null || keys(card).match(search))
            .toList();
    return isBare
        ? cards.stream().map(card -> new CardWithPoints(card, List.of())).toList()
        : withNewest(cards);
  }

  private SearchKeys keys(IndicatorCard card) {
    return keys.computeIfAbsent(
        card.code() + ' ' + card.version(),
        ignored ->
            SearchKeys.of(
                Stream.of(
                        card.code(),
                        card.name().zh(),
                        card.name().en(),
                        card.name().shortName() == null ? "" : card.name().shortName())
                    .toList()));
  }

  private void one(RoutingContext context) {
    Requests.principal(context, Role.VIEWER);
    String code = context.pathParam("code");
    Requests.answer(context, executor, () -> withNewest(List.of(card(code))).get(0));
  }

  private void history(RoutingContext context) {
    Requests.principal(context, Role.VIEWER);
    String code = context.pathParam("code");
    SeriesKey key = Requests.series(context, code);
    Stretch stretch = stretch(context);
    Requests.answer(
        context,
        executor,
        () -> {
          card(code);
          return Map.of(
              "points",
              store.history(key, stretch.from(), stretch.to()),
              "bands",
              bands.of(key, stretch.from(), stretch.to()),
              "alerts",
              alerts.of(key, stretch.from(), stretch.to()));
        });
  }

  /** A feed's state as the page takes it. */
  private record FeedLine(String state, Feed feed, Reasons reasons) {}

  private void quality(RoutingContext context) {
    Requests.principal(context, Role.VIEWER);
    String code = context.pathParam("code");
    String asked = context.queryParams().get("region");
    String region = asked == null || asked.isEmpty() ? null : asked;
    Stretch stretch = stretch(context);
    SeriesKey key = region == null ? null : Requests.series(context, code);
    Requests.answer(
        context,
        executor,
        () -> {
          card(code);
          Map<String, Object> answer = new LinkedHashMap<>();
          answer.put("findings", findings.of(code, region, stretch.from(), stretch.to()));
          if (key != null) {
            rules
                .apply(code)
                .map(definition -> feed(definition, key))
                .ifPresent(
                    feed -> answer.put("feed", new FeedLine(feed.state(), feed, feed.reasons())));
          }
          return answer;
        });
  }

  private Feed feed(IndicatorDefinition definition, SeriesKey key) {
    Instant now = clock.instant();
    Duration back = definition.grain().typical().multipliedBy(FEED_PERIODS);
    return definition.feed(
        store.history(key, now.minus(back), now), now, calendars.apply(definition));
  }

  /** The time that a request asks about. */
  private record Stretch(Instant from, Instant to) {}

  private Stretch stretch(RoutingContext context) {
    Instant to = Requests.time(context, "to", clock.instant());
    Instant from = Requests.time(context, "from", to.minus(USUAL_HISTORY));
    if (!from.isBefore(to) || Duration.between(from, to).compareTo(LONGEST_HISTORY) > 0) {
      throw new ChengmaiException(
          ErrorCode.INVALID_INPUT,
          "from %s to %s: a stretch of at most %d days"
              .formatted(from, to, LONGEST_HISTORY.toDays()));
    }
    return new Stretch(from, to);
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

  private List<CardWithPoints> withNewest(List<IndicatorCard> cards) {
    Map<String, List<IndicatorPoint>> byCode =
        newest.of(cards.stream().map(IndicatorCard::code).toList()).stream()
            .collect(Collectors.groupingBy(point -> point.key().code()));
    return cards.stream()
        .map(card -> new CardWithPoints(card, byCode.getOrDefault(card.code(), List.of())))
        .toList();
  }
}
