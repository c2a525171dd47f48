package org.chengmai.models.deep;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;

/**
 * The few layers that our networks are made of. Weights start from a seed of Java's, not
 * TensorFlow's, so that they are the same in every version of it.
 */
final class Layers {
  static final String INPUT = "matrix";

  private final Ops tf;
  private final Random random;

  Layers(Graph graph, long seed) {
    tf = Ops.create(graph);
    random = new Random(seed);
  }

  Ops tf() {
    return tf;
  }

  /** The input: a row of {@code width} numbers per window. */
  Operand<TFloat32> input(int width) {
    return tf.withName(INPUT).placeholder(TFloat32.class, Placeholder.shape(Shape.of(-1, width)));
  }

  Operand<TFloat32> reshape(Operand<TFloat32> input, int... shape) {
    return tf.reshape(input, tf.constant(shape));
  }

  /** Convolution over time, the same for every series: half as many periods come out. */
  Operand<TFloat32> halveTime(Operand<TFloat32> input, int width, int channels, int filters) {
    Operand<TFloat32> weights =
        weights(Math.sqrt(2.0 / (width * channels)), 1, width, channels, filters);
    Operand<TFloat32> convolved = tf.nn.conv2d(input, weights, List.of(1L, 1L, 2L, 1L), "VALID");
    return tf.nn.relu(tf.nn.biasAdd(convolved, weights(0, filters)));
  }

  Operand<TFloat32> dense(Operand<TFloat32> input, int from, int to) {
    return tf.math.add(
        tf.linalg.matMul(input, weights(Math.sqrt(1.0 / from), from, to)), weights(0, to));
  }

  /** Trained numbers, normal around 0 at the start. */
  Operand<TFloat32> weights(double deviation, int... shape) {
    long[] dimensions = Arrays.stream(shape).asLongStream().toArray();
    float[] start = new float[(int) Shape.of(dimensions).size()];
    for (int i = 0; i < start.length; i++) {
      start[i] = (float) (deviation * random.nextGaussian());
    }
    return tf.variable(tf.constant(Shape.of(dimensions), DataBuffers.of(start)));
  }
}
