package org.chengmai.models.deep;

import com.google.protobuf.InvalidProtocolBufferException;
import com.oracle.labs.mlrg.olcut.provenance.Provenance;
import com.oracle.labs.mlrg.olcut.provenance.primitives.LongProvenance;
import com.oracle.labs.mlrg.olcut.provenance.primitives.StringProvenance;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;
import org.chengmai.models.tribuo.TribuoLog;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.types.TFloat32;
import org.tribuo.Example;
import org.tribuo.Model;
import org.tribuo.MutableDataset;
import org.tribuo.Prediction;
import org.tribuo.impl.ArrayExample;
import org.tribuo.interop.tensorflow.DenseFeatureConverter;
import org.tribuo.interop.tensorflow.GradientOptimiser;
import org.tribuo.interop.tensorflow.RegressorConverter;
import org.tribuo.interop.tensorflow.TensorFlowModel;
import org.tribuo.interop.tensorflow.TensorFlowTrainer;
import org.tribuo.protos.core.ModelProto;
import org.tribuo.provenance.SimpleDataSourceProvenance;
import org.tribuo.regression.ImmutableRegressionInfo;
import org.tribuo.regression.RegressionFactory;
import org.tribuo.regression.Regressor;

/**
 * A network from rows of numbers to rows of numbers, trained by Tribuo on TensorFlow with RMSProp
 * and the mean squared error. Not for several threads at once.
 */
final class Network implements AutoCloseable {
  private static final int BATCH = 16;

  static {
    TribuoLog.quieten();
  }

  private final TensorFlowModel<Regressor> model;
  private final String[] inputs;

  private Network(TensorFlowModel<Regressor> model) {
    this.model = model;
    this.inputs = names(model.getFeatureIDMap().size());
  }

  /** Draws the layers between the input and the output, as many numbers a row as the targets. */
  interface Shape {
    Operand<TFloat32> draw(Layers layers, Operand<TFloat32> input);
  }

  /** One window and what should come out of it. */
  record Row(double[] input, double[] target) {}

  /**
   * Trains for about as many steps, however long the history: more passes over a short one.
   *
   * @param data what the provenance names
   */
  static Network train(String data, List<Row> rows, int steps, float rate, long seed, Shape shape) {
    if (rows.isEmpty()) {
      throw new ChengmaiException(
          ErrorCode.RESOURCES, data + ": the history has no full window to learn from");
    }
    List<Row> shuffled = new ArrayList<>(rows);
    Collections.shuffle(shuffled, new Random(seed));
    String[] inputs = names(rows.get(0).input().length);
    String[] outputs = names(rows.get(0).target().length);
    RegressionFactory factory = new RegressionFactory();
    MutableDataset<Regressor> examples =
        new MutableDataset<>(new SimpleDataSourceProvenance(data, factory), factory);
    for (Row row : shuffled) {
      examples.add(example(inputs, row.input(), new Regressor(outputs, row.target())));
    }
    // Tribuo numbers the outputs in an order of its own.
    int[] order =
        ((ImmutableRegressionInfo) examples.getOutputIDInfo()).getIDtoNaturalOrderMapping();
    try (Graph graph = new Graph()) {
      Layers layers = new Layers(graph, seed);
      Operand<TFloat32> output = shape.draw(layers, layers.input(inputs.length));
      Operand<TFloat32> ordered =
          layers.tf().gather(output, layers.tf().constant(order), layers.tf().constant(1));
      TensorFlowTrainer<Regressor> trainer =
          new TensorFlowTrainer<>(
              graph,
              ordered.op().name(),
              // Not Adam: in TensorFlow for Java the powers of its decays change while weights are
              // still being updated with them, so that two runs differ.
              GradientOptimiser.RMSPROP,
              Map.of("learningRate", rate, "decay", 0.9f, "momentum", 0f, "epsilon", 1e-7f),
              new DenseFeatureConverter(Layers.INPUT),
              new RegressorConverter(),
              BATCH,
              Math.max(1, steps * BATCH / rows.size()),
              4 * BATCH,
              -1);
      Map<String, Provenance> run =
          Map.of(
              "seed", new LongProvenance("seed", seed), "data", new StringProvenance("data", data));
      return new Network(trainer.train(examples, run));
    }
  }

  /** Brings a network back; INVALID_INPUT when the bytes are none of Tribuo's TensorFlow models. */
  static Network load(byte[] bytes) {
    try {
      Model<Regressor> model =
          Model.deserialize(ModelProto.parseFrom(bytes)).castModel(Regressor.class);
      return new Network((TensorFlowModel<Regressor>) model);
    } catch (InvalidProtocolBufferException | RuntimeException e) {
      throw new ChengmaiException(
          ErrorCode.INVALID_INPUT, "the bytes are not a TensorFlow model of Tribuo's", e);
    }
  }

  byte[] bytes() {
    return model.serialize().toByteArray();
  }

  String provenance() {
    return model.getProvenance().toString();
  }

  /** What comes out of each input, all in batches. */
  List<double[]> predict(List<double[]> rows) {
    List<Example<Regressor>> examples = new ArrayList<>(rows.size());
    for (double[] row : rows) {
      examples.add(example(inputs, row, RegressionFactory.UNKNOWN_REGRESSOR));
    }
    List<double[]> outputs = new ArrayList<>(rows.size());
    for (Prediction<Regressor> prediction : model.predict(examples)) {
      outputs.add(prediction.getOutput().getValues());
    }
    return outputs;
  }

  @Override
  public void close() {
    model.close();
  }

  private static ArrayExample<Regressor> example(String[] names, double[] input, Regressor target) {
    double[] values = input.clone();
    for (int i = 0; i < values.length; i++) {
      // Tribuo drops features that are exactly zero and refuses an example without any.
      values[i] = values[i] == 0 ? 1e-9 : values[i];
    }
    return new ArrayExample<>(target, names, values);
  }

  /** Names whose alphabetical order is that of the numbers. */
  private static String[] names(int count) {
    return IntStream.range(0, count).mapToObj("%06d"::formatted).toArray(String[]::new);
  }
}
