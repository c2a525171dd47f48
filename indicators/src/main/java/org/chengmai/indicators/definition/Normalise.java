package org.chengmai.indicators.definition;

import java.time.LocalDate;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.List;
import org.chengmai.indicators.composite.ByReference;
import org.chengmai.indicators.composite.Normalisation;
import org.chengmai.indicators.composite.Piecewise;
import org.chengmai.indicators.composite.Reference;
import org.jspecify.annotations.Nullable;

/**
 * How the value becomes a score from 0 to 100.
 *
 * @param of what is scored: {@code value} if absent, or another measure, such as {@code z}
 * @param method {@code piecewise}, {@code min_max}, {@code z_score} or {@code ecdf}
 * @param points of piecewise: pairs of value and score
 * @param band of a target range, for the others than piecewise: the good values' ends
 * @param reference what the others than piecewise compare with: a window of the past, frozen
 */
public record Normalise(
    @Nullable String of,
    String method,
    List<List<Double>> points,
    List<Double> band,
    @Nullable FrozenWindow reference) {

  Measure measure() {
    return of == null ? new Measure.Value() : Condition.measure(of);
  }

  /** INVALID_DEFINITION where the parts do not fit together. */
  Normalisation normalisation(IndicatorDefinition definition) {
    if (method.equals("piecewise")) {
      if (points.stream().anyMatch(point -> point.size() != 2)) {
        throw Condition.invalid("normalise.points are pairs of a value and a score");
      }
      return new Piecewise(
          definition.direction().sense(of != null),
          points.stream().map(p -> new Piecewise.Point(p.get(0), p.get(1))).toList());
    }
    ByReference.Method by =
        Arrays.stream(ByReference.Method.values())
            .filter(m -> m.name().equalsIgnoreCase(method))
            .findFirst()
            .orElseThrow(
                () ->
                    Condition.invalid(
                        "normalise.method '%s' is not one of piecewise, min_max, z_score, ecdf"
                            .formatted(method)));
    if (reference == null) {
      throw Condition.invalid("normalise.reference is missing: a frozen window of the past");
    }
    org.chengmai.indicators.composite.Direction direction =
        band.size() == 2
            ? org.chengmai.indicators.composite.Direction.targetRange(band.get(0), band.get(1))
            : new org.chengmai.indicators.composite.Direction(
                definition.direction().sense(false), null, null);
    return new ByReference(by, reference.reference(definition, direction));
  }

  /** A window of past values, frozen: see {@link Reference}. */
  public record FrozenWindow(
      LocalDate from, LocalDate to, long n, double mean, double deviation, List<Double> quantiles) {
    private Reference reference(
        IndicatorDefinition definition, org.chengmai.indicators.composite.Direction direction) {
      ZoneId zone = definition.period().zone();
      return new Reference(
          definition.code(),
          definition.version(),
          direction,
          from.atStartOfDay(zone).toInstant(),
          to.atStartOfDay(zone).toInstant(),
          n,
          mean,
          deviation,
          quantiles);
    }
  }
}
