package org.chengmai.engine.pipeline;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiPredicate;
import java.util.function.Function;
import org.chengmai.indicators.Anomaly.Reasons;
import org.chengmai.indicators.Detector;
import org.chengmai.indicators.SeriesKey;
import org.chengmai.indicators.definition.IndicatorCatalogue;
import org.chengmai.indicators.definition.IndicatorDefinition;
import org.chengmai.indicators.definition.Threshold;
import org.chengmai.indicators.region.Region;
import org.chengmai.models.AlarmConfig;
import org.chengmai.models.DayClass;
import org.chengmai.models.DayProfiles;
import org.chengmai.models.DetectorConfig;
import org.chengmai.models.Detectors;
import org.chengmai.models.LinearForecast;
import org.chengmai.models.PatternDetector;
import org.chengmai.models.ThresholdDetector;
import org.chengmai.models.ThresholdRule;
import org.chengmai.models.tribuo.TribuoForecaster;
import org.jspecify.annotations.Nullable;

/** The detectors that an indicator's definition asks for. */
public final class CatalogueDetectors implements DetectorSource {
  private static final int MISSING_PERIODS = 3;

  /** The value of {@code period.calendar} where China's days off do not count: places abroad. */
  private static final String WEEKDAYS = "weekdays";

  /** The condition of {@code suppress_when} that only the value itself can tell. */
  private static final String BAD_QUALITY = "quality.bad";

  private final IndicatorCatalogue catalogue;
  private final Function<LocalDate, DayClass> dayClass;
  private final BiPredicate<SeriesKey, Instant> isQuiet;

  /** Those of a city without works or exercises. */
  public CatalogueDetectors(IndicatorCatalogue catalogue, Function<LocalDate, DayClass> dayClass) {
    this(catalogue, dayClass, (key, periodStart) -> false);
  }

  /**
   * @param isQuiet whether alarms of a period of a series call nobody
   */
  public CatalogueDetectors(
      IndicatorCatalogue catalogue,
      Function<LocalDate, DayClass> dayClass,
      BiPredicate<SeriesKey, Instant> isQuiet) {
    this.catalogue = catalogue;
    this.dayClass = dayClass;
    this.isQuiet = isQuiet;
  }

  @Override
  public List<Detector<?>> detectors(String code, int version, List<StoredModel> models) {
    IndicatorDefinition definition = definition(code, version).orElse(null);
    if (definition == null) {
      return List.of();
    }
    List<String> wanted = definition.detect().detectors();
    List<ThresholdRule> thresholds =
        wanted.contains("threshold")
            ? definition.thresholds().stream().map(CatalogueDetectors::rule).toList()
            : List.of();
    List<Detector<?>> detectors = new ArrayList<>();
    if (wanted.contains(PatternTrainer.DETECTOR)) {
      PatternTrainer.load(models)
          .ifPresent(model -> detectors.add(new PatternDetector(definition.grain(), model)));
    }
    detectors.addAll(
        Detectors.of(
            new DetectorConfig(
                definition.grain(),
                definition.version(),
                thresholds,
                wanted.contains("seasonal"),
                AlarmConfig.defaults(),
                wanted.contains("feed") ? MISSING_PERIODS : 0,
                isDueAlways(definition) ? definition.period().watermark() : null,
                definition.quality().flatline(),
                true,
                wanted.contains(TribuoTrainer.DETECTOR) ? forecast(models) : null),
            dayClass(definition, dayClass)));
    return List.copyOf(detectors);
  }

  /** Whether each period brings a value; others may rest for a season. */
  private boolean isDueAlways(IndicatorDefinition definition) {
    return catalogue.calendar(definition).isAlwaysOpen();
  }

  /** Who is on duty and what to do, as {@code alert.route} and {@code alert.runbook} say. */
  @Override
  public Reasons advice(String code) {
    List<String> zh = new ArrayList<>();
    List<String> en = new ArrayList<>();
    catalogue
        .find(code)
        .map(IndicatorDefinition::alert)
        .ifPresent(
            alert -> {
              if (alert.route() != null) {
                zh.add("值守：" + alert.route());
                en.add("on duty: " + alert.route());
              }
              if (alert.runbook() != null) {
                zh.add("处置预案：" + alert.runbook());
                en.add("runbook: " + alert.runbook());
              }
            });
    return new Reasons(zh, en);
  }

  @Override
  public @Nullable DayProfiles days(String code, int version) {
    return definition(code, version)
        .filter(one -> one.grain().typical().compareTo(Duration.ofHours(6)) <= 0)
        .map(one -> new DayProfiles(dayClass(one, dayClass)))
        .orElse(null);
  }

  @Override
  public AlarmPolicy policy(String code, int version) {
    return definition(code, version)
        .map(
            one ->
                new AlarmPolicy(
                    one.detect().budgetPerDay(),
                    one.detect().suppressWhen().contains(BAD_QUALITY),
                    one.period().zone()))
        .orElse(AlarmPolicy.all(ZoneOffset.UTC));
  }

  @Override
  public boolean isQuiet(SeriesKey key, Instant periodStart) {
    return isQuiet.test(key, periodStart);
  }

  private Optional<IndicatorDefinition> definition(String code, int version) {
    return catalogue.find(code, version).or(() -> catalogue.find(code));
  }

  @Override
  public boolean isWatched(SeriesKey key) {
    List<Region.Level> levels =
        catalogue.find(key.code()).map(one -> one.detect().levels()).orElse(List.of());
    return levels.isEmpty()
        || catalogue
            .regions()
            .find(key.region())
            .filter(region -> levels.contains(region.level()))
            .isPresent();
  }

  /**
   * What class a date is for an indicator: by the city's calendar, or by the day of the week alone.
   */
  static Function<LocalDate, DayClass> dayClass(
      IndicatorDefinition definition, Function<LocalDate, DayClass> usual) {
    return WEEKDAYS.equals(definition.period().calendar()) ? DayClass::usual : usual;
  }

  /** The detector of a definition's thresholds alone. */
  static ThresholdDetector thresholds(
      IndicatorDefinition definition, Function<LocalDate, DayClass> usual) {
    return new ThresholdDetector(
        definition.grain(),
        definition.thresholds().stream().map(CatalogueDetectors::rule).toList(),
        definition.version(),
        dayClass(definition, usual));
  }

  private static ThresholdRule rule(Threshold threshold) {
    return new ThresholdRule(
        threshold.grade(),
        threshold.condition(),
        threshold.holding(),
        threshold.clearCondition().orElse(null),
        threshold.clearing());
  }

  private static LinearForecast forecast(List<StoredModel> models) {
    for (StoredModel model : models) {
      if (model.name().equals(TribuoTrainer.NAME)) {
        return TribuoForecaster.load(TribuoTrainer.trained(model));
      }
    }
    return LinearForecast.slotMean();
  }
}
