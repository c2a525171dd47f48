package org.chengmai.models;

import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;

/**
 * The shapes that an indicator's days usually have, ready for judging.
 *
 * @param label name and version, such as {@code tribuo-kmeans@3}
 * @param centroids the usual shapes
 * @param distances of past days to the nearest of the shapes that were learnt without them,
 *     ascending
 */
public record PatternModel(String label, double[][] centroids, double[] distances) {
  private static final double TAIL = 0.1;
  private static final double MOST = 20;

  public PatternModel {
    if (centroids.length == 0 || distances.length < 10) {
      throw new ChengmaiException(
          ErrorCode.INVALID_INPUT,
          "model %s: %d shapes, %d distances".formatted(label, centroids.length, distances.length));
    }
  }

  /** Parts of a day that the shapes have. */
  public int parts() {
    return centroids[0].length;
  }

  /** The usual shape that is most like a day's. */
  public double[] nearest(double[] shape) {
    double[] nearest = centroids[0];
    for (double[] centroid : centroids) {
      if (DayShape.distance(centroid, shape) < DayShape.distance(nearest, shape)) {
        nearest = centroid;
      }
    }
    return nearest;
  }

  /**
   * −log10 of the probability that an ordinary day lies as far off: by the past days' distances,
   * and beyond their upper tenth by an exponential with its mean excess.
   */
  public double score(double distance) {
    int n = distances.length;
    int above = 0;
    while (above < n && distances[n - 1 - above] >= distance) {
      above++;
    }
    int tail = Math.max(5, (int) (TAIL * n));
    double edge = distances[n - 1 - tail];
    if (distance <= edge) {
      return -Math.log10((above + 1.0) / (n + 1));
    }
    double excess = 0;
    for (int i = n - tail; i < n; i++) {
      excess += (distances[i] - edge) / tail;
    }
    double scale = Math.max(excess, 0.02 * Math.max(edge, 1e-3));
    return Math.min(
        MOST, -Math.log10((double) tail / n) + (distance - edge) / (scale * Math.log(10)));
  }
}
