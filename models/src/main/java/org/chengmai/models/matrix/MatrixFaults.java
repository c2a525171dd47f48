package org.chengmai.models.matrix;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * Faults put into a copy of a matrix, from a seed. Sizes are in residual deviations of the series:
 * robust deviations of its seasonal differences, over the square root of two.
 *
 * <p>The suite's faults, in {@code models.evaluation}, come one to a copy of a series, in its last
 * part, and need times of day and days off. Here many share one copy, with calm between them, and a
 * matrix has no calendar.
 */
public record MatrixFaults(CityMatrix matrix, List<Fault> faults) {
  /** Periods that hold one fault and the calm after it. */
  private static final int BLOCK = 96;

  private static final int LONGEST = 48;
  private static final int SHORTEST = 24;

  /** What goes wrong. */
  public enum Kind {
    SPIKE,
    LEVEL_SHIFT,
    FROZEN,
    /** A third of all series fall at once. */
    CORRELATED
  }

  /** One fault, in the periods {@code from} to {@code to} (exclusive) of the series named. */
  public record Fault(Kind kind, List<Integer> series, int from, int to) {}

  /**
   * Puts faults into the periods from {@code first} on, a kind per block of 96 periods.
   *
   * @param round 0 to 3: over the four rounds each block sees each kind once
   */
  public static MatrixFaults inject(CityMatrix matrix, int first, int round, long seed) {
    Random random = new Random(seed + round);
    double[] deviations = residuals(matrix.until(first));
    double[][] values =
        Arrays.stream(matrix.values()).map(double[]::clone).toArray(double[][]::new);
    List<Fault> faults = new ArrayList<>();
    int series = deviations.length;
    for (int block = 0; first + (block + 1) * BLOCK <= values.length; block++) {
      Kind kind = Kind.values()[(round + block) % Kind.values().length];
      int from = first + block * BLOCK + random.nextInt(BLOCK - 2 * LONGEST + 24);
      int to = from + (kind == Kind.SPIKE ? 1 : SHORTEST + random.nextInt(LONGEST - SHORTEST + 1));
      List<Integer> order = new ArrayList<>(IntStream.range(0, series).boxed().toList());
      Collections.shuffle(order, random);
      if (kind == Kind.CORRELATED) {
        faults.add(
            new Fault(kind, List.copyOf(order.subList(0, Math.max(2, series / 3))), from, to));
      } else {
        for (int s : order.subList(0, Math.max(1, series / 8))) {
          faults.add(new Fault(kind, List.of(s), from, to));
        }
      }
    }
    for (Fault fault : faults) {
      double size =
          fault.kind() == Kind.SPIKE ? 8 + 4 * random.nextDouble() : 3 + 3 * random.nextDouble();
      double sign = fault.kind() == Kind.CORRELATED || random.nextBoolean() ? -1 : 1;
      for (int s : fault.series()) {
        for (int t = fault.from(); t < fault.to(); t++) {
          values[t][s] =
              fault.kind() == Kind.FROZEN
                  ? values[fault.from()][s]
                  : values[t][s] + sign * size * deviations[s];
        }
      }
    }
    return new MatrixFaults(matrix.with(values), faults);
  }

  private static double[] residuals(CityMatrix training) {
    double[] deviations = new double[training.series().size()];
    for (int s = 0; s < deviations.length; s++) {
      int series = s;
      double[] differences =
          IntStream.range(training.season(), training.periods())
              .mapToDouble(
                  t ->
                      Math.abs(
                          training.values()[t][series]
                              - training.values()[t - training.season()][series]))
              .filter(difference -> !Double.isNaN(difference))
              .sorted()
              .toArray();
      deviations[s] =
          differences.length == 0 ? 0 : 1.4826 * differences[differences.length / 2] / Math.sqrt(2);
    }
    return deviations;
  }
}
