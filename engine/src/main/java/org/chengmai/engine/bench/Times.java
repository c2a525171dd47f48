package org.chengmai.engine.bench;

import java.util.List;

/**
 * Times of one kind of work, in milliseconds.
 *
 * @param count how many
 */
public record Times(int count, double p50, double p95, double p99, double max) {
  static Times of(List<Double> millis) {
    double[] sorted = millis.stream().mapToDouble(Double::doubleValue).sorted().toArray();
    return new Times(
        sorted.length,
        percentile(sorted, 50),
        percentile(sorted, 95),
        percentile(sorted, 99),
        percentile(sorted, 100));
  }

  /** The smallest time that so many of a hundred do not exceed; 0 when there is none. */
  private static double percentile(double[] sorted, int percent) {
    return sorted.length == 0
        ? 0
        : rounded(sorted[Math.max(0, (sorted.length * percent + 99) / 100 - 1)]);
  }

  static double rounded(double value) {
    return Math.round(value * 100) / 100.0;
  }

  static double since(long nanos) {
    return (System.nanoTime() - nanos) / 1e6;
  }
}
