package org.chengmai.indicators.definition;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.IndicatorPoint;
import org.chengmai.indicators.SeriesKey;
import org.chengmai.indicators.Trust;
import org.chengmai.indicators.composite.Ahp;
import org.chengmai.indicators.composite.CompositeIndex;
import org.chengmai.indicators.composite.GradeBands;
import org.chengmai.indicators.composite.IndexValue;
import org.chengmai.indicators.composite.Mean;
import org.chengmai.indicators.composite.Normalisation;
import org.chengmai.indicators.composite.Reading;
import org.chengmai.indicators.composite.Weights;
import org.chengmai.indicators.definition.Formula.Composite;
import org.chengmai.indicators.json.Json;
import org.jspecify.annotations.Nullable;

/**
 * A composite indicator, compiled: which indicators it reads, how each becomes a score, and how the
 * scores make the index. Immutable.
 */
public final class IndicatorIndex {
  /** Trust of inputs that an index cannot be better than. */
  private static final Set<Trust> DOUBTFUL = Set.of(Trust.PARTIAL, Trust.STALE);

  private final IndicatorDefinition definition;
  private final Map<String, Input> inputs;
  private final CompositeIndex index;

  /**
   * One input.
   *
   * @param of what is scored, the value or a reading
   * @param normalisation null where the value is a score already
   */
  private record Input(
      IndicatorDefinition definition, Measure of, @Nullable Normalisation normalisation) {

    /** The input's score and grade in one period. */
    Reading reading(IndicatorPoint point) {
      Optional<Double> measured = measured(point);
      Double score =
          measured
              .map(
                  value ->
                      normalisation == null
                          ? Double.valueOf(Math.max(0, Math.min(100, value)))
                          : Double.valueOf(normalisation.score(value)))
              .orElse(null);
      return new Reading(score, definition.grade(point).orElse(null));
    }

    private Optional<Double> measured(IndicatorPoint point) {
      return Optional.ofNullable(
          of instanceof Measure.Value ? point.value() : point.readings().get(of.toString()));
    }
  }

  private IndicatorIndex(
      IndicatorDefinition definition, Map<String, Input> inputs, CompositeIndex index) {
    this.definition = definition;
    this.inputs = inputs;
    this.index = index;
  }

  /**
   * Compiles a composite definition.
   *
   * @throws ChengmaiException INVALID_DEFINITION when an input has no weight or cannot be scored,
   *     or the weights do not sum to 1
   */
  static IndicatorIndex of(IndicatorDefinition definition, List<IndicatorDefinition> inputs) {
    Map<String, Input> byCode = new LinkedHashMap<>();
    Map<String, Double> weights = new LinkedHashMap<>();
    for (IndicatorDefinition input : inputs) {
      byCode.put(input.code(), input(input));
      if (input.weight() != null) {
        weights.put(input.code(), input.weight().value());
      }
    }
    Composite composite = definition.definition().composite();
    List<String> codes = List.copyOf(byCode.keySet());
    if (composite.ahp().isEmpty() && weights.size() < codes.size()) {
      List<String> bare = codes.stream().filter(code -> !weights.containsKey(code)).toList();
      throw Condition.invalid(bare + " have no weight: write weight.value in them, or ahp here");
    }
    return new IndicatorIndex(
        definition,
        byCode,
        new CompositeIndex(
            definition.code(),
            composite.ahp().isEmpty()
                ? Weights.of(weights)
                : Ahp.of(codes, composite.ahp()).weights(),
            Set.copyOf(composite.lifelines()),
            composite.isGeometric() ? Mean.GEOMETRIC : Mean.ARITHMETIC,
            composite.minCoverage(),
            GradeBands.defaults(),
            true));
  }

  private static Input input(IndicatorDefinition input) {
    boolean isScore = input.definition().type() == IndicatorDefinition.Type.COMPOSITE;
    if (!isScore && input.normalise() == null) {
      throw Condition.invalid(input.code() + " cannot be scored: write normalise in it");
    }
    return input.normalise() == null
        ? new Input(input, new Measure.Value(), null)
        : new Input(input, input.normalise().measure(), input.normalise().normalisation(input));
  }

  public IndicatorDefinition definition() {
    return definition;
  }

  /** The weights of the inputs, by code. */
  public Map<String, Double> weights() {
    return index.weights().byCode();
  }

  /** The definitions of the inputs, by code. */
  public List<IndicatorDefinition> inputs() {
    return inputs.values().stream().map(Input::definition).toList();
  }

  /**
   * How long before the end of a period an input's own period may have ended at most: two of its
   * periods and its watermark.
   */
  public static Duration mostAge(IndicatorDefinition input) {
    return input.grain().typical().multipliedBy(2).plus(input.period().watermark());
  }

  /**
   * The index of one region and period.
   *
   * @param points the newest point of each input up to the period's end, by code
   */
  public Computed compute(String region, Instant periodStart, Map<String, IndicatorPoint> points) {
    return compute(region, periodStart, points, Set.of());
  }

  /**
   * The same.
   *
   * @param resting inputs without a point that have none at that time of the year, by their
   *     calendar
   */
  public Computed compute(
      String region, Instant periodStart, Map<String, IndicatorPoint> points, Set<String> resting) {
    Map<String, Reading> readings = new HashMap<>();
    inputs.forEach(
        (code, input) -> {
          IndicatorPoint point = points.get(code);
          if (point != null) {
            readings.put(code, input.reading(point));
          }
        });
    List<String> doubtful =
        inputs.keySet().stream()
            .filter(readings::containsKey)
            .filter(code -> DOUBTFUL.contains(Objects.requireNonNull(points.get(code)).trust()))
            .toList();
    IndexValue value = index.value(readings, resting);
    if (!doubtful.isEmpty()) {
      value =
          value.noting(
              "输入不完整或质量存疑：" + String.join("、", doubtful),
              "Inputs that are partial or doubtful: " + String.join(", ", doubtful));
    }
    long present = value.parts().stream().filter(part -> part.score() != null).count();
    Trust trust =
        value.score() == null
            ? Trust.MISSING
            : present + resting.size() < inputs.size() || !doubtful.isEmpty()
                ? Trust.PARTIAL
                : Trust.COMPLETE;
    return new Computed(
        SeriesKey.of(definition.code(), region),
        definition.version(),
        periodStart,
        definition.grain(),
        value.score() == null ? null : rounded(value.score()),
        null,
        null,
        present,
        present == 0 ? null : Json.write(value),
        Map.of(),
        trust,
        value.reasons());
  }

  /** The value as {@link #compute} wrote it into a point's parts, to explain a change by. */
  public static Optional<IndexValue> value(IndicatorPoint point) {
    return Optional.ofNullable(point.parts()).map(parts -> Json.read(parts, IndexValue.class));
  }

  private double rounded(double score) {
    return BigDecimal.valueOf(score)
        .setScale(definition.unit().decimals(), definition.unit().mode())
        .doubleValue();
  }
}
