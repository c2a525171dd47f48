package org.chengmai.models.tribuo;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.chengmai.models.matrix.CityMatrix;
import org.chengmai.models.matrix.MatrixForecaster;
import org.chengmai.models.matrix.MatrixScale;
import org.chengmai.models.matrix.MatrixWindows;
import org.tribuo.MutableDataset;
import org.tribuo.impl.ArrayExample;
import org.tribuo.math.la.DenseMatrix;
import org.tribuo.math.optimisers.AdaGrad;
import org.tribuo.provenance.SimpleDataSourceProvenance;
import org.tribuo.regression.RegressionFactory;
import org.tribuo.regression.Regressor;
import org.tribuo.regression.sgd.linear.LinearSGDModel;
import org.tribuo.regression.sgd.linear.LinearSGDTrainer;
import org.tribuo.regression.sgd.objectives.Huber;

/**
 * A linear forecast of each series of a city matrix from its own windows and the city's mean, by
 * Huber's loss: what a deep model has to beat, on the same input.
 */
public final class LinearMatrix implements MatrixForecaster {
  private static final int EPOCHS = 10;

  static {
    TribuoLog.quieten();
  }

  private final MatrixWindows windows;
  private final MatrixScale scale;

  /** Weights by series, the bias last. */
  private final double[][] weights;

  private LinearMatrix(MatrixWindows windows, MatrixScale scale, double[][] weights) {
    this.windows = windows;
    this.scale = scale;
    this.weights = weights;
  }

  /**
   * Learns from every period of the matrix; a series without any full window is forecast by its
   * mean.
   */
  public static LinearMatrix train(CityMatrix training, MatrixWindows windows, long seed) {
    MatrixScale scale = MatrixScale.of(training);
    double[][] values = withMean(scale.standardise(training));
    String[] names =
        IntStream.range(0, 4 * windows.length()).mapToObj("%04d"::formatted).toArray(String[]::new);
    double[][] weights = new double[training.series().size()][];
    for (int s = 0; s < weights.length; s++) {
      RegressionFactory factory = new RegressionFactory();
      MutableDataset<Regressor> data =
          new MutableDataset<>(
              new SimpleDataSourceProvenance(
                  training.name() + " " + training.series().get(s), factory),
              factory);
      for (int t = windows.first(); t < training.periods(); t++) {
        if (!Double.isNaN(training.values()[t][s])) {
          data.add(
              new ArrayExample<>(
                  new Regressor("value", values[t][s]), names, input(values, windows, t, s)));
        }
      }
      weights[s] = new double[names.length + 1];
      if (data.size() == 0) {
        continue;
      }
      LinearSGDModel model =
          new LinearSGDTrainer(new Huber(), new AdaGrad(0.03, 1e-6), EPOCHS, -1, 8, seed)
              .train(data);
      DenseMatrix learnt = model.getWeightsCopy();
      for (int i = 0; i < names.length; i++) {
        int id = model.getFeatureIDMap().getID(names[i]);
        weights[s][i] = id < 0 ? 0 : learnt.get(0, id);
      }
      weights[s][names.length] = learnt.get(0, learnt.getDimension2Size() - 1);
    }
    return new LinearMatrix(windows, scale, weights);
  }

  @Override
  public double[][] forecast(CityMatrix matrix, int from, int to) {
    double[][] values = withMean(scale.standardise(matrix));
    double[][] forecasts = new double[to - from][weights.length];
    for (int t = from; t < to; t++) {
      for (int s = 0; s < weights.length; s++) {
        double[] input = input(values, windows, t, s);
        double sum = weights[s][input.length];
        for (int i = 0; i < input.length; i++) {
          sum += weights[s][i] * input[i];
        }
        forecasts[t - from][s] = scale.restore(sum, s);
      }
    }
    return forecasts;
  }

  private static double[] input(double[][] values, MatrixWindows windows, int period, int series) {
    double[] own = windows.of(values, period, series);
    double[] city = windows.of(values, period, values[0].length - 1);
    return IntStream.range(0, 2 * own.length)
        .mapToDouble(i -> i < own.length ? own[i] : city[i - own.length])
        // Tribuo drops features that are exactly zero and refuses an example without any.
        .map(value -> value == 0 ? 1e-9 : value)
        .toArray();
  }

  /** The mean of all series as one more column. */
  private static double[][] withMean(double[][] values) {
    double[][] wider = new double[values.length][];
    for (int t = 0; t < values.length; t++) {
      double sum = 0;
      for (double value : values[t]) {
        sum += value;
      }
      wider[t] = Arrays.copyOf(values[t], values[t].length + 1);
      wider[t][values[t].length] = sum / values[t].length;
    }
    return wider;
  }
}
