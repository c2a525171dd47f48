package org.chengmai.engine.pipeline;

import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;
import org.chengmai.indicators.IndicatorPoint;
import org.chengmai.indicators.definition.IndicatorCatalogue;
import org.chengmai.indicators.definition.IndicatorDefinition;
import org.chengmai.models.DayClass;
import org.chengmai.models.forecast.GridSeries;
import org.chengmai.models.forecast.HorizonPlan;
import org.chengmai.models.forecast.Outlook;
import org.chengmai.models.tribuo.HorizonConfig;
import org.chengmai.models.tribuo.OutlookForecaster;

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

  @Override
  public Trained train(String code, int version, List<IndicatorPoint> points) {
    OutlookForecaster.Trained trained =
        forecaster.train(code, version, series(code, points), List.of(), plan(code));
    return new Trained(trained.bytes(), trained.provenance());
  }

  @Override
  public double error(StoredModel model, List<IndicatorPoint> points, Instant from) {
    double error = load(model).relativeError(series(model.code(), points), from);
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

  /** A series on the grid of its periods. */
  GridSeries series(String code, String name, List<IndicatorPoint> points) {
    return GridSeries.of(name, points, List.of(), catalogue.get(code).grain());
  }

  private List<GridSeries> series(String code, List<IndicatorPoint> points) {
    Map<String, List<IndicatorPoint>> bySeries =
        points.stream()
            .collect(
                Collectors.groupingBy(
                    point -> point.key().toString(), TreeMap::new, Collectors.toList()));
    return bySeries.entrySet().stream()
        .map(entry -> series(code, entry.getKey(), entry.getValue()))
        .toList();
  }

  private HorizonPlan plan(String code) {
    IndicatorDefinition definition = catalogue.get(code);
    return new HorizonPlan(definition.grain(), CatalogueDetectors.dayClass(definition, dayClass));
  }
}
