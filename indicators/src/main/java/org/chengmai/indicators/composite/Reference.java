package org.chengmai.indicators.composite;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;

/**
 * What an input's values were in one window, frozen: made once, stored with its window, and never
 * made again from newer data, so that published scores stay what they were. A new window is a new
 * version of the index. Take the values of all regions together, or the regions' scores cannot be
 * compared. All figures are of the value itself or, with a target range, of its distance to the
 * band. Immutable; {@link org.chengmai.indicators.json.Json} writes and reads it without loss.
 *
 * @param code the input's code
 * @param version of the input's definition
 * @param from start of the window, included
 * @param to end of the window, not included
 * @param n how many values the window had
 * @param deviation standard deviation of all n values (divided by n)
 * @param quantiles at equal steps of probability from 0 to 1, first the least, last the greatest
 */
public record Reference(
    String code,
    int version,
    Direction direction,
    Instant from,
    Instant to,
    long n,
    double mean,
    double deviation,
    List<Double> quantiles) {
  private static final int STEPS = 100;

  public Reference {
    quantiles = List.copyOf(quantiles);
    if (!from.isBefore(to)) {
      throw refused(code, "the window from %s to %s is empty".formatted(from, to));
    }
    for (int i = 1; i < quantiles.size(); i++) {
      if (!(quantiles.get(i - 1) <= quantiles.get(i))) {
        throw refused(code, "quantile %d is less than the one before".formatted(i));
      }
    }
    if (quantiles.size() < 2
        || !(quantiles.get(0) < quantiles.get(quantiles.size() - 1))
        || !Double.isFinite(mean)
        || !(deviation > 0 && deviation < Double.POSITIVE_INFINITY)) {
      throw refused(
          code,
          "the window from %s to %s holds no two different values; take a longer one, or piecewise"
              .formatted(from, to));
    }
  }

  /**
   * Freezes a window.
   *
   * @param values the input's values in the window, in any order
   * @throws ChengmaiException INVALID_DEFINITION when no two values (or distances) differ,
   *     INVALID_INPUT when a value is not finite
   */
  public static Reference freeze(
      String code, int version, Direction direction, Instant from, Instant to, double[] values) {
    double[] sorted = Arrays.stream(values).map(direction::measure).sorted().toArray();
    for (double value : sorted) {
      Scores.requireFinite(value);
    }
    double mean = Arrays.stream(sorted).average().orElse(0);
    double variance = Arrays.stream(sorted).map(v -> (v - mean) * (v - mean)).average().orElse(0);
    return new Reference(
        code,
        version,
        direction,
        from,
        to,
        sorted.length,
        mean,
        Math.sqrt(variance),
        table(sorted));
  }

  double min() {
    return quantiles.get(0);
  }

  double max() {
    return quantiles.get(quantiles.size() - 1);
  }

  /**
   * The share of the reference below a measure, between the quantiles interpolated; where several
   * quantiles equal it, the middle of their shares.
   */
  double shareBelow(double measure) {
    int below = 0;
    int upTo = 0;
    for (double quantile : quantiles) {
      below += quantile < measure ? 1 : 0;
      upTo += quantile <= measure ? 1 : 0;
    }
    double steps = quantiles.size() - 1.0;
    if (below < upTo) {
      return (below + upTo - 1) / 2.0 / steps;
    }
    if (below == 0 || below == quantiles.size()) {
      return below == 0 ? 0 : 1;
    }
    double left = quantiles.get(below - 1);
    double way = (measure - left) / (quantiles.get(below) - left);
    return (below - 1 + way) / steps;
  }

  private static List<Double> table(double[] sorted) {
    List<Double> quantiles = new ArrayList<>();
    for (int step = 0; step <= STEPS && sorted.length > 0; step++) {
      double place = (sorted.length - 1.0) * step / STEPS;
      double low = sorted[(int) Math.floor(place)];
      double high = sorted[(int) Math.ceil(place)];
      quantiles.add(Math.min(high, low + (place - Math.floor(place)) * (high - low)));
    }
    return quantiles;
  }

  private static ChengmaiException refused(String code, String problem) {
    return new ChengmaiException(
        ErrorCode.INVALID_DEFINITION, "reference of %s: %s".formatted(code, problem));
  }
}
