package org.chengmai.engine.pipeline;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.function.Function;
import org.chengmai.indicators.IndicatorPoint;
import org.chengmai.indicators.definition.IndicatorCatalogue;
import org.chengmai.indicators.definition.IndicatorDefinition;
import org.chengmai.indicators.json.Json;
import org.chengmai.models.DayClass;
import org.chengmai.models.TrainedModel;
import org.chengmai.models.tribuo.OutlookForecaster;
import org.chengmai.models.tribuo.TribuoConfig;
import org.chengmai.models.tribuo.TribuoForecaster;

/** Trains the Tribuo forecaster of an indicator for the registry. */
public final class TribuoTrainer implements ModelTrainer {
  /** How definitions ask for the forecaster in {@code detect.model}. */
  static final String DETECTOR = "forecast";

  static final String NAME = "tribuo-linear-sgd";

  private final TribuoForecaster forecaster = new TribuoForecaster(TribuoConfig.defaults());
  private final IndicatorCatalogue catalogue;
  private final Function<LocalDate, DayClass> dayClass;

  public TribuoTrainer(IndicatorCatalogue catalogue, Function<LocalDate, DayClass> dayClass) {
    this.catalogue = catalogue;
    this.dayClass = dayClass;
  }

  /** The names of the models that are trained on a code's values. */
  public static Function<String, List<String>> models(IndicatorCatalogue catalogue) {
    return code ->
        catalogue.find(code).filter(TribuoTrainer::isTrained).isPresent()
            ? List.of(NAME, OutlookForecaster.NAME)
            : List.of();
  }

  private static boolean isTrained(IndicatorDefinition definition) {
    return definition.isActive() && definition.detect().detectors().contains(DETECTOR);
  }

  /** The indicators whose definitions ask for the forecaster. */
  public static List<String> codes(IndicatorCatalogue catalogue) {
    return catalogue.all().stream()
        .filter(TribuoTrainer::isTrained)
        .map(definition -> definition.code())
        .distinct()
        .toList();
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public double error(StoredModel model, List<IndicatorPoint> points, Instant from) {
    IndicatorDefinition definition = catalogue.get(model.code());
    return TribuoForecaster.error(
        trained(model),
        points.stream().filter(IndicatorPoint::isMeasured).toList(),
        from,
        definition.grain(),
        CatalogueDetectors.dayClass(definition, dayClass));
  }

  /** A stored model with the figures of its provenance. */
  static TrainedModel trained(StoredModel model) {
    JsonNode provenance = Json.read(model.provenance(), JsonNode.class);
    return new TrainedModel(
        model.code(),
        model.name(),
        model.version(),
        model.bytes(),
        model.provenance(),
        provenance.path("rows").asLong(),
        provenance.path("trainingError").asDouble(),
        provenance.path("heldOutError").asDouble(),
        provenance.path("seasonalError").asDouble(),
        provenance.path("residualScale").asDouble());
  }

  @Override
  public Trained train(String code, int version, List<IndicatorPoint> points) {
    IndicatorDefinition definition = catalogue.get(code);
    TrainedModel model =
        forecaster.train(
            code,
            version,
            points.stream().filter(IndicatorPoint::isMeasured).toList(),
            definition.grain(),
            CatalogueDetectors.dayClass(definition, dayClass));
    return new Trained(model.bytes(), model.provenance());
  }
}
