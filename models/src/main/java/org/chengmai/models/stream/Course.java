package org.chengmai.models.stream;

import java.util.Arrays;

/**
 * Where the last values and the season lead to: recursive least squares with forgetting, on scaled
 * values.
 */
final class Course {
  static final int LAGS = 5;

  /** A constant, the last values, the season's level now and before. */
  static final int INPUTS = LAGS + 3;

  /** The covariance is symmetric: one half of it is kept. */
  static final int SIZE = INPUTS + INPUTS * (INPUTS + 1) / 2;

  private static final double FORGETTING = 0.9995;
  private static final double WEIGHTS_START = 10;
  private static final double MOST_TRACE = 1e6;

  private Course() {}

  static void reset(double[] hot) {
    Arrays.fill(hot, Layout.COURSE, Layout.COURSE + SIZE, 0);
    for (int i = 0; i < INPUTS; i++) {
      hot[covariance(i, i)] = WEIGHTS_START;
    }
  }

  static double predict(double[] hot, double[] inputs) {
    double sum = 0;
    for (int i = 0; i < INPUTS; i++) {
      sum += hot[Layout.COURSE + i] * inputs[i];
    }
    return sum;
  }

  static void learn(double[] hot, double[] inputs, double error) {
    double[] gain = new double[INPUTS];
    double power = FORGETTING;
    for (int i = 0; i < INPUTS; i++) {
      double sum = 0;
      for (int j = 0; j < INPUTS; j++) {
        sum += hot[covariance(i, j)] * inputs[j];
      }
      gain[i] = sum;
      power += inputs[i] * sum;
    }
    double trace = 0;
    for (int i = 0; i < INPUTS; i++) {
      hot[Layout.COURSE + i] += gain[i] / power * error;
      for (int j = 0; j <= i; j++) {
        int cell = covariance(i, j);
        hot[cell] = (hot[cell] - gain[i] * gain[j] / power) / FORGETTING;
      }
      trace += hot[covariance(i, i)];
    }
    if (!(trace < MOST_TRACE)) {
      reset(hot);
    }
  }

  private static int covariance(int row, int column) {
    int most = Math.max(row, column);
    return Layout.COURSE + INPUTS + most * (most + 1) / 2 + Math.min(row, column);
  }
}
