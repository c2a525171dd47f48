package org.chengmai.models.tribuo;

import com.google.protobuf.InvalidProtocolBufferException;
import java.util.Arrays;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.IntStream;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;
import org.tribuo.Model;
import org.tribuo.MutableDataset;
import org.tribuo.Trainer;
import org.tribuo.impl.ArrayExample;
import org.tribuo.protos.core.ModelProto;
import org.tribuo.provenance.SimpleDataSourceProvenance;
import org.tribuo.regression.RegressionFactory;
import org.tribuo.regression.Regressor;

/**
 * A linear model of Tribuo together with its weights, taken out once so that a forecast needs no
 * example with named features.
 *
 * @param weights one per feature, 0 for what the model does not use
 */
record LinearModel(Model<Regressor> tribuo, double[] weights, double bias) {
  private static final String TARGET = "value";

  /**
   * Tribuo drops features that are exactly zero and refuses an example without any; this is what a
   * zero is told as.
   */
  private static final double ZERO = 1e-9;

  /**
   * Tribuo tells of every training through java.util.logging; the reference keeps the level from
   * being collected.
   */
  private static final Logger TRIBUO = Logger.getLogger("org.tribuo");

  static {
    TRIBUO.setLevel(Level.WARNING);
  }

  /**
   * Fits a model; features that never vary are left out.
   *
   * @param features one row each, by the order of the names
   */
  static LinearModel fit(
      Trainer<Regressor> trainer, List<String> names, List<double[]> features, double[] targets) {
    int[] used =
        IntStream.range(0, names.size())
            .filter(i -> features.stream().anyMatch(x -> x[i] != features.get(0)[i]))
            .toArray();
    RegressionFactory factory = new RegressionFactory();
    MutableDataset<Regressor> data =
        new MutableDataset<>(new SimpleDataSourceProvenance("indicator history", factory), factory);
    String[] usedNames = IntStream.of(used).mapToObj(names::get).toArray(String[]::new);
    for (int row = 0; row < targets.length; row++) {
      double[] x = features.get(row);
      data.add(
          example(usedNames, IntStream.of(used).mapToDouble(i -> x[i]).toArray(), targets[row]));
    }
    return of(trainer.train(data), names);
  }

  /** Brings a model back from protocol buffers; INVALID_INPUT when the bytes are none of ours. */
  static LinearModel load(byte[] bytes, List<String> names) {
    try {
      return of(Model.deserialize(ModelProto.parseFrom(bytes)).castModel(Regressor.class), names);
    } catch (InvalidProtocolBufferException | RuntimeException e) {
      throw new ChengmaiException(
          ErrorCode.INVALID_INPUT, "the bytes are not a Tribuo regression model", e);
    }
  }

  byte[] bytes() {
    return tribuo.serialize().toByteArray();
  }

  /** Any linear model is known by its answers to nothing and to each feature alone. */
  private static LinearModel of(Model<Regressor> model, List<String> names) {
    double[] nothing = new double[names.size()];
    double bias = predict(model, names, nothing);
    double[] weights = new double[names.size()];
    for (int i = 0; i < weights.length; i++) {
      if (model.getFeatureIDMap().getID(names.get(i)) >= 0) {
        double[] one = nothing.clone();
        one[i] = 1;
        weights[i] = predict(model, names, one) - bias;
      }
    }
    return new LinearModel(model, weights, bias);
  }

  static double predict(Model<Regressor> model, List<String> names, double[] features) {
    return model
        .predict(example(names.toArray(String[]::new), features, 0))
        .getOutput()
        .getValues()[0];
  }

  private static ArrayExample<Regressor> example(String[] names, double[] features, double target) {
    double[] values = Arrays.stream(features).map(x -> x == 0 ? ZERO : x).toArray();
    return new ArrayExample<>(new Regressor(TARGET, target), names, values);
  }
}
