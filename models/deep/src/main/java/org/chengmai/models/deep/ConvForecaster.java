package org.chengmai.models.deep;

import java.util.ArrayList;
import java.util.List;
import org.chengmai.models.matrix.CityMatrix;
import org.chengmai.models.matrix.DeepModels;
import org.chengmai.models.matrix.MatrixScale;
import org.chengmai.models.matrix.MatrixWindows;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.op.math.Mean;
import org.tensorflow.types.TFloat32;

/**
 * Forecasts all series of a city matrix at once: convolutions over time that all series share, fed
 * with each series and the city's mean, beside a linear part of each series' own.
 */
final class ConvForecaster extends MatrixNetwork implements DeepModels.Forecaster {
  static final int WINDOW = 24;
  private static final int STEPS = 1200;
  private static final float RATE = 0.0005f;

  private ConvForecaster(MatrixWindows windows, MatrixScale scale, Network network) {
    super(windows, scale, network);
  }

  ConvForecaster(SavedMatrix saved) {
    super(saved);
  }

  static ConvForecaster train(CityMatrix training, int horizon, long seed) {
    MatrixWindows windows = new MatrixWindows(WINDOW, horizon, training.season());
    MatrixScale scale = MatrixScale.of(training);
    double[][] values = scale.standardise(training);
    List<Network.Row> rows = new ArrayList<>();
    for (int t = windows.first(); t < values.length; t++) {
      rows.add(new Network.Row(input(values, windows, t), values[t]));
    }
    int series = training.series().size();
    Network network =
        Network.train(
            training.name(),
            rows,
            STEPS,
            RATE,
            seed,
            (layers, input) -> draw(layers, input, series));
    return new ConvForecaster(windows, scale, network);
  }

  @Override
  public double[][] forecast(CityMatrix matrix, int from, int to) {
    double[][] values = scale().standardise(matrix);
    List<double[]> inputs = new ArrayList<>();
    for (int t = from; t < to; t++) {
      inputs.add(input(values, windows(), t));
    }
    double[][] forecasts = network().predict(inputs).toArray(double[][]::new);
    for (double[] row : forecasts) {
      for (int s = 0; s < row.length; s++) {
        row[s] = scale().restore(row[s], s);
      }
    }
    return forecasts;
  }

  /** Series by series, period by period: the recent value and that of the season before. */
  private static double[] input(double[][] values, MatrixWindows windows, int period) {
    int series = values[period].length;
    double[] input = new double[series * 2 * WINDOW];
    for (int s = 0; s < series; s++) {
      double[] own = windows.of(values, period, s);
      for (int i = 0; i < WINDOW; i++) {
        input[(s * WINDOW + i) * 2] = own[i];
        input[(s * WINDOW + i) * 2 + 1] = own[WINDOW + i];
      }
    }
    return input;
  }

  private static Operand<TFloat32> draw(Layers layers, Operand<TFloat32> input, int series) {
    Ops tf = layers.tf();
    Operand<TFloat32> own = layers.reshape(input, -1, series, WINDOW, 2);
    Operand<TFloat32> mean = tf.math.mean(own, tf.constant(1), Mean.keepDims(true));
    Operand<TFloat32> city = tf.math.add(tf.math.mul(own, tf.constant(0f)), mean);
    Operand<TFloat32> both = tf.concat(List.of(own, city), tf.constant(3));

    Operand<TFloat32> twelve = layers.halveTime(both, 4, 4, 16);
    Operand<TFloat32> five = layers.halveTime(twelve, 3, 16, 32);
    Operand<TFloat32> hidden =
        tf.nn.relu(layers.dense(layers.reshape(five, -1, 5 * 32), 5 * 32, 32));
    Operand<TFloat32> shared = layers.reshape(layers.dense(hidden, 32, 1), -1, series);

    Operand<TFloat32> flat = layers.reshape(both, -1, series, WINDOW * 4);
    Operand<TFloat32> ofItsOwn =
        tf.reduceSum(tf.math.mul(flat, layers.weights(0, series, WINDOW * 4)), tf.constant(2));
    return tf.math.add(tf.math.add(shared, ofItsOwn), layers.weights(0, series));
  }
}
