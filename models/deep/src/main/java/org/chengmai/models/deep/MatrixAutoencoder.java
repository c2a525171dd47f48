package org.chengmai.models.deep;

import java.util.ArrayList;
import java.util.List;
import org.chengmai.models.matrix.CityMatrix;
import org.chengmai.models.matrix.DeepModels;
import org.chengmai.models.matrix.MatrixScale;
import org.chengmai.models.matrix.MatrixWindows;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/**
 * Rebuilds a window of the whole city matrix from a few numbers. What series usually do together
 * passes; the error of a series, in its standard deviations, is its novelty.
 */
final class MatrixAutoencoder extends MatrixNetwork implements DeepModels.Autoencoder {
  static final int WINDOW = 16;

  /** Numbers that a series says of its window before the city's series are seen together. */
  private static final int CODES = 4;

  private static final int STEPS = 2000;
  private static final float RATE = 0.001f;

  private MatrixAutoencoder(MatrixWindows windows, MatrixScale scale, Network network) {
    super(windows, scale, network);
  }

  MatrixAutoencoder(SavedMatrix saved) {
    super(saved);
  }

  static MatrixAutoencoder train(CityMatrix training, long seed) {
    MatrixScale scale = MatrixScale.of(training);
    double[][] values = scale.standardise(training);
    List<Network.Row> rows = new ArrayList<>();
    for (int t = WINDOW - 1; t < values.length; t++) {
      double[] window = window(values, t);
      rows.add(new Network.Row(window, window));
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
    return new MatrixAutoencoder(new MatrixWindows(WINDOW, 1, training.season()), scale, network);
  }

  @Override
  public double[][] novelty(CityMatrix matrix, int from, int to) {
    double[][] values = scale().standardise(matrix);
    List<double[]> inputs = new ArrayList<>();
    for (int t = from; t < to; t++) {
      inputs.add(window(values, t));
    }
    List<double[]> rebuilt = network().predict(inputs);
    double[][] scores = new double[to - from][matrix.series().size()];
    for (int i = 0; i < scores.length; i++) {
      for (int s = 0; s < scores[i].length; s++) {
        double squares = 0;
        for (int j = s * WINDOW; j < (s + 1) * WINDOW; j++) {
          double error = inputs.get(i)[j] - rebuilt.get(i)[j];
          squares += error * error;
        }
        scores[i][s] = Math.sqrt(squares / WINDOW);
      }
    }
    return scores;
  }

  /** The window that ends with a period, series by series. */
  private static double[] window(double[][] values, int period) {
    int series = values[period].length;
    double[] window = new double[series * WINDOW];
    for (int s = 0; s < series; s++) {
      for (int i = 0; i < WINDOW; i++) {
        window[s * WINDOW + i] = values[period - WINDOW + 1 + i][s];
      }
    }
    return window;
  }

  private static Operand<TFloat32> draw(Layers layers, Operand<TFloat32> input, int series) {
    Ops tf = layers.tf();
    Operand<TFloat32> image = layers.reshape(input, -1, series, WINDOW, 1);
    Operand<TFloat32> seven = layers.halveTime(image, 3, 1, 8);
    Operand<TFloat32> three = layers.halveTime(seven, 3, 8, 16);
    Operand<TFloat32> codes = layers.dense(layers.reshape(three, -1, 3 * 16), 3 * 16, CODES);
    // The narrow place: the whole city in a quarter of the numbers.
    int narrow = Math.max(CODES, Math.min(32, series));
    Operand<TFloat32> city =
        layers.dense(layers.reshape(codes, -1, series * CODES), series * CODES, narrow);
    Operand<TFloat32> wide = layers.dense(city, narrow, series * CODES);
    Operand<TFloat32> hidden = tf.nn.relu(layers.dense(layers.reshape(wide, -1, CODES), CODES, 32));
    return layers.reshape(layers.dense(hidden, 32, WINDOW), -1, series * WINDOW);
  }
}
