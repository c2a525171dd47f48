package org.chengmai.engine.pipeline;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.StreamSupport;
import org.chengmai.indicators.IndicatorPoint;
import org.chengmai.indicators.definition.IndicatorCatalogue;
import org.chengmai.indicators.definition.IndicatorDefinition;
import org.chengmai.indicators.json.Json;
import org.chengmai.models.DayShape;
import org.chengmai.models.PatternModel;
import org.chengmai.models.tribuo.TribuoPatterns;

/** Trains the shapes of an indicator's days for the registry. */
public final class PatternTrainer implements ModelTrainer {
  /** How definitions ask for the detector of unknown shapes in {@code detect.model}. */
  static final String DETECTOR = "pattern";

  private final TribuoPatterns patterns = new TribuoPatterns();
  private final IndicatorCatalogue catalogue;

  public PatternTrainer(IndicatorCatalogue catalogue) {
    this.catalogue = catalogue;
  }

  /** The names of the models that are trained on a code's values. */
  public static Function<String, List<String>> models(IndicatorCatalogue catalogue) {
    return code ->
        catalogue.find(code).filter(PatternTrainer::isTrained).isPresent()
            ? List.of(TribuoPatterns.NAME)
            : List.of();
  }

  private static boolean isTrained(IndicatorDefinition definition) {
    return definition.isActive()
        && definition.detect().detectors().contains(DETECTOR)
        && DayShape.has(definition.grain());
  }

  /** The indicators whose definitions ask for it and whose days have a shape. */
  public static List<String> codes(IndicatorCatalogue catalogue) {
    return catalogue.all().stream()
        .filter(PatternTrainer::isTrained)
        .map(IndicatorDefinition::code)
        .distinct()
        .toList();
  }

  /** The newest model among those in force; empty before the first training. */
  static Optional<PatternModel> load(List<StoredModel> models) {
    return models.stream()
        .filter(model -> model.name().equals(TribuoPatterns.NAME))
        .findFirst()
        .map(PatternTrainer::load);
  }

  private static PatternModel load(StoredModel model) {
    return TribuoPatterns.load(
        model.bytes(),
        model.name() + "@" + model.version(),
        distances(Json.read(model.provenance(), JsonNode.class)));
  }

  private static double[] distances(JsonNode provenance) {
    return StreamSupport.stream(provenance.path("distances").spliterator(), false)
        .mapToDouble(JsonNode::asDouble)
        .toArray();
  }

  @Override
  public String name() {
    return TribuoPatterns.NAME;
  }

  @Override
  public Trained train(String code, int version, List<IndicatorPoint> points) {
    TribuoPatterns.Trained trained =
        patterns.train(
            code,
            version,
            points.stream().filter(IndicatorPoint::isMeasured).toList(),
            catalogue.get(code).grain());
    return new Trained(trained.bytes(), trained.provenance());
  }

  @Override
  public double error(StoredModel model, List<IndicatorPoint> points, Instant from) {
    return TribuoPatterns.error(
        load(model), points.stream().filter(IndicatorPoint::isMeasured).toList(), from);
  }
}
