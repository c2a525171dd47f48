package org.chengmai.models.matrix;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Measures scorers on faults put into held-out time, each with the threshold at which it raises the
 * same number of alarms on the same time left as it was.
 *
 * @param from the first period held out
 * @param alarms how many each scorer may raise there, all series together
 */
public record NoveltyTrial(CityMatrix matrix, int from, int alarms, long seed) {
  /** Periods for which a series that has raised an alarm raises no other. */
  private static final int SILENCE = 24;

  /** Periods after the end of a fault in which an alarm still speaks of it. */
  private static final int GRACE = 12;

  /** Faults and how many of them were found. */
  public record Recall(int faults, int found) {
    Recall plus(Recall other) {
      return new Recall(faults + other.faults, found + other.found);
    }
  }

  /** Found faults by kind: a fault of many series counts when half of them raised an alarm. */
  public Map<MatrixFaults.Kind, Recall> recall(MatrixScorer scorer, int learntFrom) {
    double[] ordinary = high(scorer.novelty(matrix, learntFrom, from));
    double threshold = threshold(scaled(scorer, matrix, ordinary));
    Map<MatrixFaults.Kind, Recall> recalls = new EnumMap<>(MatrixFaults.Kind.class);
    for (int round = 0; round < MatrixFaults.Kind.values().length; round++) {
      MatrixFaults injected = MatrixFaults.inject(matrix, from, round, seed);
      double[][] scores = scaled(scorer, injected.matrix(), ordinary);
      for (MatrixFaults.Fault fault : injected.faults()) {
        boolean found = isFound(fault, scores, threshold);
        recalls.merge(fault.kind(), new Recall(1, found ? 1 : 0), Recall::plus);
      }
    }
    return recalls;
  }

  private boolean isFound(MatrixFaults.Fault fault, double[][] scores, double threshold) {
    int until = Math.min(matrix.periods(), fault.to() + GRACE);
    long speaking =
        fault.series().stream()
            .filter(
                s ->
                    IntStream.range(fault.from(), until)
                        .anyMatch(t -> scores[t - from][s] >= threshold))
            .count();
    return 2 * speaking >= fault.series().size();
  }

  private double[][] scaled(MatrixScorer scorer, CityMatrix scored, double[] ordinary) {
    double[][] scores = scorer.novelty(scored, from, scored.periods());
    for (double[] row : scores) {
      for (int s = 0; s < row.length; s++) {
        row[s] /= ordinary[s];
      }
    }
    return scores;
  }

  /** The score that one in a hundred of the learnt periods of each series exceeds. */
  private static double[] high(double[][] scores) {
    return IntStream.range(0, scores[0].length)
        .mapToDouble(
            s -> {
              double[] sorted = Arrays.stream(scores).mapToDouble(row -> row[s]).sorted().toArray();
              return Math.max(1e-9, sorted[(int) (0.99 * sorted.length)]);
            })
        .toArray();
  }

  /** The lowest threshold with no more alarms than allowed. */
  private double threshold(double[][] scores) {
    double[] sorted = Arrays.stream(scores).flatMapToDouble(Arrays::stream).sorted().toArray();
    int low = 0;
    int high = sorted.length;
    while (low < high) {
      int middle = (low + high) / 2;
      if (alarms(scores, sorted[middle]) > alarms) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low < sorted.length ? sorted[low] : Math.nextUp(sorted[low - 1]);
  }

  static int alarms(double[][] scores, double threshold) {
    int alarms = 0;
    for (int s = 0; s < scores[0].length; s++) {
      int quietUntil = 0;
      for (int t = 0; t < scores.length; t++) {
        if (scores[t][s] >= threshold && t >= quietUntil) {
          alarms++;
          quietUntil = t + SILENCE;
        }
      }
    }
    return alarms;
  }

  /** All kinds together. */
  public static Recall total(Map<MatrixFaults.Kind, Recall> recalls) {
    return recalls.values().stream().reduce(new Recall(0, 0), Recall::plus);
  }
}
