package org.chengmai.engine.incidents;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.chengmai.engine.pipeline.DetectorRunner.ExpectedBand;
import org.chengmai.indicators.IndicatorPoint;
import org.chengmai.indicators.IndicatorStore;
import org.chengmai.indicators.SeriesKey;
import org.chengmai.models.incidents.Residuals;
import org.jspecify.annotations.Nullable;

/**
 * Reads how far series were off what was expected of them: by the detectors' bands, and where there
 * are none by the series' own median.
 */
final class ResidualReader {
  static final Duration STEP = Duration.ofMinutes(5);

  /** How many standard deviations half a band is wide. */
  private static final double HALF_BAND = 2.5;

  private static final double NORMAL = 1.4826;
  private static final int FEWEST = 20;

  private final IndicatorStore store;
  private final Bands bands;

  /** What was expected of a series' periods. */
  @FunctionalInterface
  interface Bands {
    List<ExpectedBand> of(SeriesKey key, Instant from, Instant to);
  }

  ResidualReader(IndicatorStore store, Bands bands) {
    this.store = store;
    this.bands = bands;
  }

  /** Null when the series has too few values. */
  @Nullable Residuals read(SeriesKey key, Instant from, Instant to) {
    List<IndicatorPoint> points =
        store.history(key, from, to).stream().filter(IndicatorPoint::isMeasured).toList();
    if (points.size() < FEWEST) {
      return null;
    }
    Map<Instant, ExpectedBand> expected = new HashMap<>();
    for (ExpectedBand band : bands.of(key, from, to)) {
      expected.putIfAbsent(band.time(), band);
    }
    long known = points.stream().filter(one -> expected.containsKey(one.periodStart())).count();
    double[] values = 2 * known >= points.size() ? byBand(points, expected) : byMedian(points);
    double[] z = new double[(int) (Duration.between(from, to).toMillis() / STEP.toMillis())];
    Arrays.fill(z, Double.NaN);
    Residuals residuals = new Residuals(from, STEP, z);
    for (int i = 0; i < values.length; i++) {
      Instant start = points.get(i).periodStart();
      int first = residuals.cell(start);
      int end = Math.max(first + 1, residuals.cell(start.plus(points.get(i).grain().typical())));
      for (int cell = Math.max(0, first); cell < Math.min(end, z.length); cell++) {
        z[cell] = values[i];
      }
    }
    return residuals;
  }

  private static double[] byBand(List<IndicatorPoint> points, Map<Instant, ExpectedBand> expected) {
    double[] z = new double[points.size()];
    for (int i = 0; i < z.length; i++) {
      ExpectedBand band = expected.get(points.get(i).periodStart());
      double half = band == null ? 0 : (band.high() - band.low()) / 2;
      z[i] =
          band == null || !(half > 0)
              ? Double.NaN
              : HALF_BAND * (value(points.get(i)) - band.expected()) / half;
    }
    return z;
  }

  private static double[] byMedian(List<IndicatorPoint> points) {
    double[] values = points.stream().mapToDouble(ResidualReader::value).toArray();
    double median = median(values);
    double spread = NORMAL * median(Arrays.stream(values).map(x -> Math.abs(x - median)).toArray());
    double unit = spread > 0 ? spread : Math.max(1e-9, 0.01 * Math.abs(median));
    return Arrays.stream(values).map(x -> (x - median) / unit).toArray();
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }

  private static double value(IndicatorPoint point) {
    return Objects.requireNonNull(point.value());
  }
}
