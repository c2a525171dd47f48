package org.chengmai.engine.pipeline;

import java.time.Instant;
import java.time.LocalDate;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;
import org.chengmai.indicators.IndicatorPoint;
import org.chengmai.indicators.SeriesKey;
import org.chengmai.indicators.definition.IndicatorCatalogue;
import org.chengmai.indicators.definition.IndicatorDefinition;
import org.chengmai.models.DayClass;
import org.chengmai.models.forecast.GridSeries;
import org.chengmai.models.forecast.HorizonPlan;
import org.chengmai.models.forecast.Outlook;
import org.chengmai.models.tribuo.HorizonConfig;
import org.chengmai.models.tribuo.OutlookForecaster;
import org.jspecify.annotations.Nullable;

/** Trains the forecasts that people see: the next hour, day and week of an indicator. */
public final class OutlookTrainer implements ModelTrainer {
  private final OutlookForecaster forecaster = new OutlookForecaster(HorizonConfig.defaults());
  private final IndicatorCatalogue catalogue;
  private final Function<LocalDate, DayClass> dayClass;

  public OutlookTrainer(IndicatorCatalogue catalogue, Function<LocalDate, DayClass> dayClass) {
    this.catalogue = catalogue;
    this.dayClass = dayClass;
  }

  @Override
  public String name() {
    return OutlookForecaster.NAME;
  }

  /** The weather of the definition, and what the champion's was. */
  @Override
  public List<String> beside(String code, @Nullable StoredModel champion) {
    Set<String> codes = new LinkedHashSet<>(catalogue.get(code).detect().weather());
    if (champion != null) {
      codes.addAll(load(champion).weather());
    }
    return List.copyOf(codes);
  }

  @Override
  public Trained train(String code, int version, List<IndicatorPoint> points) {
    List<String> weather = catalogue.get(code).detect().weather();
    OutlookForecaster.Trained trained =
        forecaster.train(code, version, series(code, weather, points), weather, plan(code));
    return new Trained(trained.bytes(), trained.provenance());
  }

  @Override
  public double error(StoredModel model, List<IndicatorPoint> points, Instant from) {
    Outlook outlook = load(model);
    double error = outlook.relativeError(series(model.code(), outlook.weather(), points), from);
    if (Double.isNaN(error)) {
      throw new ChengmaiException(
          ErrorCode.RESOURCES, "%s: nothing to judge on since %s".formatted(model.code(), from));
    }
    return error;
  }

  /** The outlook of a stored model. */
  Outlook load(StoredModel model) {
    return OutlookForecaster.load(model.bytes(), plan(model.code()));
  }

  /**
   * The series of an indicator on the grid of their periods, each with the weather of its region.
   *
   * @param weather codes of further indicators
   * @param points of the indicator and of these
   */
  List<GridSeries> series(String code, List<String> weather, List<IndicatorPoint> points) {
    Map<SeriesKey, List<IndicatorPoint>> bySeries =
        points.stream().collect(Collectors.groupingBy(IndicatorPoint::key));
    return bySeries.keySet().stream()
        .filter(key -> key.code().equals(code))
        .sorted(Comparator.comparing(SeriesKey::toString))
        .map(
            key ->
                GridSeries.of(
                    key.toString(),
                    bySeries.getOrDefault(key, List.of()),
                    weather.stream()
                        .map(one -> nearest(one, key.region(), bySeries.keySet()))
                        .map(one -> one.map(bySeries::get).orElse(List.of()))
                        .toList(),
                    catalogue.get(code).grain()))
        .toList();
  }

  /**
   * Which of some series tells of a region: the region's own one, else the nearest around it, else
   * the only one there is.
   */
  Optional<SeriesKey> nearest(String code, String region, Collection<SeriesKey> among) {
    Map<String, SeriesKey> byRegion =
        among.stream()
            .filter(key -> key.code().equals(code) && key.dimensions().isEmpty())
            .collect(Collectors.toMap(SeriesKey::region, key -> key));
    return catalogue
        .regions()
        .nearest(region, byRegion.keySet())
        .map(byRegion::get)
        .or(() -> byRegion.size() == 1 ? byRegion.values().stream().findFirst() : Optional.empty());
  }

  private HorizonPlan plan(String code) {
    IndicatorDefinition definition = catalogue.get(code);
    return new HorizonPlan(definition.grain(), CatalogueDetectors.dayClass(definition, dayClass));
  }
}
