package org.chengmai.indicators.composite;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;

/**
 * Weights from pairwise judgements by the analytic hierarchy process (Saaty, 1980): the principal
 * eigenvector of the judgements' matrix.
 *
 * @param lambda the principal eigenvalue, n when the judgements agree perfectly
 * @param consistencyIndex (λ − n) / (n − 1)
 * @param consistencyRatio the index over that of random judgements; 0.1 and more is refused
 */
public record Ahp(
    Weights weights, double lambda, double consistencyIndex, double consistencyRatio) {
  /** Saaty's consistency index of random matrices, by their size from 1. */
  private static final double[] RANDOM_INDEX = {
    0, 0, 0.58, 0.90, 1.12, 1.24, 1.32, 1.41, 1.45, 1.49, 1.51, 1.48, 1.56, 1.57, 1.59
  };

  private static final double MAX_RATIO = 0.1;
  private static final double PRECISION = 1e-15;
  private static final int MAX_STEPS = 10_000;

  /**
   * Weighs inputs by judgements.
   *
   * @param codes the inputs, 1 to 15
   * @param upper the matrix' upper triangle row by row: how many times as important the first input
   *     is as the second, as the third …, then the second as the third …
   * @throws ChengmaiException INVALID_DEFINITION when the judgements are not as many as the pairs,
   *     not positive, or contradict each other (CR ≥ 0.1); the message names the worst judgement
   */
  public static Ahp of(List<String> codes, List<Double> upper) {
    double[][] matrix = matrix(codes, upper);
    int n = codes.size();
    double[] weights = eigenvector(matrix);
    double[] image = times(matrix, weights);
    double lambda = 0;
    for (int i = 0; i < n; i++) {
      lambda += image[i] / weights[i] / n;
    }
    // Of one or two inputs judgements cannot contradict each other.
    double index = n < 3 ? 0 : Math.max(0, (lambda - n) / (n - 1));
    double ratio = n < 3 ? 0 : index / RANDOM_INDEX[n - 1];
    if (!(ratio < MAX_RATIO)) {
      throw refused(contradiction(codes, matrix, weights, ratio));
    }
    Map<String, Double> byCode = new LinkedHashMap<>();
    for (int i = 0; i < n; i++) {
      byCode.put(codes.get(i), weights[i]);
    }
    return new Ahp(Weights.normalised(byCode), lambda, index, ratio);
  }

  private static double[][] matrix(List<String> codes, List<Double> upper) {
    int n = codes.size();
    if (n < 1 || n > RANDOM_INDEX.length || codes.stream().distinct().count() < n) {
      throw refused(
          "needs 1 to %d different inputs, has %s; weigh groups of inputs first"
              .formatted(RANDOM_INDEX.length, codes));
    }
    if (upper.size() != n * (n - 1) / 2) {
      throw refused(
          "%d inputs make %d pairs, has %d judgements".formatted(n, n * (n - 1) / 2, upper.size()));
    }
    double[][] matrix = new double[n][n];
    int next = 0;
    for (int i = 0; i < n; i++) {
      matrix[i][i] = 1;
      for (int j = i + 1; j < n; j++) {
        double judgement = upper.get(next++);
        if (!(judgement > 0 && judgement < Double.POSITIVE_INFINITY)) {
          throw refused(
              "%s over %s is judged %s, must be above 0"
                  .formatted(codes.get(i), codes.get(j), judgement));
        }
        matrix[i][j] = judgement;
        matrix[j][i] = 1 / judgement;
      }
    }
    return matrix;
  }

  /** Power iteration; a positive matrix has one positive eigenvector, to which it converges. */
  private static double[] eigenvector(double[][] matrix) {
    double[] vector = new double[matrix.length];
    Arrays.fill(vector, 1.0 / matrix.length);
    double moved = 1;
    for (int step = 0; step < MAX_STEPS && moved > PRECISION; step++) {
      double[] next = times(matrix, vector);
      double sum = Arrays.stream(next).sum();
      moved = 0;
      for (int i = 0; i < next.length; i++) {
        next[i] /= sum;
        moved = Math.max(moved, Math.abs(next[i] - vector[i]));
      }
      vector = next;
    }
    return vector;
  }

  private static double[] times(double[][] matrix, double[] vector) {
    double[] product = new double[vector.length];
    for (int i = 0; i < vector.length; i++) {
      for (int j = 0; j < vector.length; j++) {
        product[i] += matrix[i][j] * vector[j];
      }
    }
    return product;
  }

  /** Names the judgement that is the most times off what the weights make of all judgements. */
  private static String contradiction(
      List<String> codes, double[][] matrix, double[] weights, double ratio) {
    int first = 0;
    int second = 1;
    double worst = 0;
    for (int i = 0; i < weights.length; i++) {
      for (int j = i + 1; j < weights.length; j++) {
        double off = Math.abs(Math.log(matrix[i][j] * weights[j] / weights[i]));
        if (off > worst) {
          worst = off;
          first = i;
          second = j;
        }
      }
    }
    return String.format(
        Locale.ROOT,
        "the judgements contradict each other: CR %.3f, must be below %s. The most inconsistent is"
            + " %s over %s: judged %.3g, all together say %.3g. Judge this pair again",
        ratio,
        MAX_RATIO,
        codes.get(first),
        codes.get(second),
        matrix[first][second],
        weights[first] / weights[second]);
  }

  private static ChengmaiException refused(String problem) {
    return new ChengmaiException(ErrorCode.INVALID_DEFINITION, "AHP: " + problem);
  }
}
