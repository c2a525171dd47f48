package org.chengmai.engine.pipeline;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.chengmai.indicators.Grade;
import org.chengmai.indicators.Grain;
import org.chengmai.indicators.IndicatorPoint;
import org.chengmai.indicators.IndicatorStore;
import org.chengmai.indicators.SeriesKey;
import org.chengmai.indicators.Trust;
import org.chengmai.indicators.definition.IndicatorDefinition;
import org.chengmai.indicators.json.Json;
import org.chengmai.models.forecast.Outlook;
import org.chengmai.models.forecast.Outlook.Expectation;
import org.jspecify.annotations.Nullable;

/**
 * What a series is expected to do in the next hour, day and week, by the champion in force. Nothing
 * is stored and no alert comes of it. Blocks; safe for several threads.
 */
public final class Forecasts {
  private static final Duration REMEMBERED = Duration.ofDays(35);
  private static final int LEAST_PERIODS = 60;

  private final OutlookTrainer outlooks;
  private final ModelRegistry registry;
  private final IndicatorStore store;
  private final InstantSource clock;
  private final Map<String, Loaded> loaded = new ConcurrentHashMap<>();

  private record Loaded(int version, Outlook outlook) {}

  public Forecasts(
      OutlookTrainer outlooks, ModelRegistry registry, IndicatorStore store, InstantSource clock) {
    this.outlooks = outlooks;
    this.registry = registry;
    this.store = store;
    this.clock = clock;
  }

  /**
   * A forecast.
   *
   * @param model that made it and how it was judged; null while there is none
   * @param warnings thresholds that the band reaches, the mildest grade first
   */
  public record Forecast(
      SeriesKey key, @Nullable Model model, List<Expectation> points, List<Warning> warnings) {}

  /**
   * What made a forecast.
   *
   * @param from and {@code to}: the periods that it was trained on
   * @param weather codes of the further indicators that it looks at
   * @param horizons how each did on data that it had not seen, as the provenance has it
   */
  public record Model(
      String name,
      int version,
      Instant trainedAt,
      String from,
      String to,
      List<String> weather,
      JsonNode horizons) {}

  /**
   * A threshold that a forecast reaches.
   *
   * @param periodStart of the first period whose band reaches it
   * @param isExpected whether the expected value itself does somewhere, and not the band alone
   */
  public record Warning(Grade grade, Instant periodStart, boolean isExpected) {}

  /** The forecast of a series; without a model, or without fresh values, one without points. */
  public Forecast of(IndicatorDefinition definition, SeriesKey key) {
    StoredModel champion = registry.champion(outlooks.name(), definition.code()).orElse(null);
    if (champion == null) {
      return new Forecast(key, null, List.of(), List.of());
    }
    Instant now = clock.instant();
    Instant from = now.minus(remembered(definition.grain()));
    Outlook outlook = outlook(champion);
    List<IndicatorPoint> past = new ArrayList<>(store.history(key, from, now));
    past.addAll(weather(outlook.weather(), key.region(), from, now));
    List<Expectation> points =
        outlooks.series(definition.code(), outlook.weather(), past).stream()
            .flatMap(series -> outlook.after(series).stream())
            .toList();
    JsonNode provenance = Json.read(champion.provenance(), JsonNode.class);
    Model model =
        new Model(
            champion.name(),
            champion.version(),
            champion.trainedAt(),
            provenance.path("from").asText(),
            provenance.path("to").asText(),
            outlook.weather(),
            provenance.path("horizons"));
    return new Forecast(key, model, points, warnings(definition, key, points));
  }

  /** The points of the series that tell the weather of a region. */
  private List<IndicatorPoint> weather(
      List<String> codes, String region, Instant from, Instant to) {
    List<SeriesKey> keys = store.newest(codes, from).stream().map(IndicatorPoint::key).toList();
    return codes.stream()
        .flatMap(code -> outlooks.nearest(code, region, keys).stream())
        .flatMap(key -> store.history(key, from, to).stream())
        .toList();
  }

  private static Duration remembered(Grain grain) {
    Duration least = grain.typical().multipliedBy(LEAST_PERIODS);
    return least.compareTo(REMEMBERED) > 0 ? least : REMEMBERED;
  }

  private Outlook outlook(StoredModel model) {
    return loaded
        .compute(
            model.code(),
            (code, known) ->
                known != null && known.version() == model.version()
                    ? known
                    : new Loaded(model.version(), outlooks.load(model)))
        .outlook();
  }

  static List<Warning> warnings(
      IndicatorDefinition definition, SeriesKey key, List<Expectation> points) {
    Map<Grade, Warning> first = new EnumMap<>(Grade.class);
    for (Expectation point : points) {
      Optional<Grade> expected = grade(definition, key, point, point.expected());
      for (double end : new double[] {point.low(), point.high()}) {
        grade(definition, key, point, end)
            .ifPresent(
                grade ->
                    first.merge(
                        grade,
                        new Warning(
                            grade, point.periodStart(), expected.equals(Optional.of(grade))),
                        (known, now) ->
                            new Warning(
                                grade,
                                known.periodStart(),
                                known.isExpected() || now.isExpected())));
      }
    }
    return new ArrayList<>(first.values());
  }

  private static Optional<Grade> grade(
      IndicatorDefinition definition, SeriesKey key, Expectation point, double value) {
    return definition.grade(
        new IndicatorPoint(
            key,
            definition.version(),
            point.periodStart(),
            definition.grain(),
            value,
            null,
            null,
            1,
            Trust.COMPLETE,
            1,
            point.periodStart(),
            ""));
  }
}
