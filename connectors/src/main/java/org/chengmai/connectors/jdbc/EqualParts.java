package org.chengmai.connectors.jdbc;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Cuts a column into parts of as many rows each, from the two lists that PostgreSQL keeps: the most
 * common values with their frequencies, and a histogram of the others. Not thread-safe.
 */
final class EqualParts {
  private static final int PARTS = 100;

  /** A part of a histogram's bin counts as so many points. */
  private static final int POINTS = 10;

  private record Point(double value, double mass) {}

  private final List<Point> points = new ArrayList<>();
  private double mass;

  /** A value that makes up this part of the column, 0 to 1. */
  void add(double value, double part) {
    points.add(new Point(value, part));
    mass += part;
  }

  /**
   * @param bounds ascending
   * @param part of the column that lies between them, 0 to 1
   */
  void addHistogram(List<Double> bounds, double part) {
    double each = part / Math.max(1, (bounds.size() - 1) * POINTS);
    for (int bin = 0; bin + 1 < bounds.size(); bin++) {
      double low = bounds.get(bin);
      double step = (bounds.get(bin + 1) - low) / POINTS;
      for (int i = 0; i < POINTS; i++) {
        add(low + step * (i + 0.5), each);
      }
    }
    if (!bounds.isEmpty()) {
      add(bounds.get(0), 0);
      add(bounds.get(bounds.size() - 1), 0);
    }
  }

  /** The bounds, the smallest and the largest value included; empty when nothing was added. */
  double[] bounds() {
    if (points.isEmpty() || mass <= 0) {
      return new double[0];
    }
    points.sort(Comparator.comparingDouble(Point::value));
    double[] bounds = new double[PARTS + 1];
    bounds[0] = points.get(0).value;
    double seen = 0;
    int next = 1;
    for (Point point : points) {
      seen += point.mass;
      while (next < PARTS && seen >= mass * (next - 1e-6) / PARTS) {
        bounds[next++] = point.value;
      }
    }
    while (next <= PARTS) {
      bounds[next++] = points.get(points.size() - 1).value;
    }
    return bounds;
  }
}
