package org.chengmai.models.stream;

/**
 * How rare a magnitude is among those seen before, as −log10 of its probability, from a histogram
 * of {@value #BINS} logarithmic bins that forgets by giving newer values more weight. Beyond its
 * upper two per cent the tail is a generalised Pareto one, by the mean and the variance of what is
 * seen there (peaks over threshold; Hosking and Wallis 1987).
 */
final class TailSketch {
  static final int BINS = 56;

  /** What all channels come to together has a sketch of its own. */
  static final int TOGETHER = Channel.TAILS;

  static final int COUNT = Channel.TAILS + 1;

  private static final double MEMORY = 4000;
  static final double GROWTH = 1 / (1 - 1 / MEMORY);

  /** When weights have grown so far they are brought back to 1, before floats overflow. */
  static final double MOST_GAIN = 1e12;

  private static final double PER_DOUBLING = 5;
  private static final double LEAST = 0.05;
  private static final double UPPER = 0.02;
  private static final double LEAST_SEEN = 50;

  /** The shape where nothing is known, and how many values that knowledge is worth. */
  private static final double SHAPE = 0.1;

  private static final double SHAPE_WORTH = 20;

  /** From exponential to where the variance barely exists. */
  private static final double MOST_SHAPE = 0.45;

  private static final double LEAST_SHAPE = 0.001;
  private static final double LOG_2 = Math.log(2);
  private static final double LOG_10 = Math.log(10);
  private static final double[] EDGES = new double[BINS + 1];

  static {
    for (int i = 1; i <= BINS; i++) {
      EDGES[i] = LEAST * Math.pow(2, (i - 1) / PER_DOUBLING);
    }
  }

  private TailSketch() {}

  static double score(StreamState state, int which, double seen) {
    return score(state, which, seen, 0);
  }

  /**
   * @param least the mean excess beyond the tail's edge is taken for no less
   */
  static double score(StreamState state, int which, double seen, double least) {
    // what the histogram cannot tell apart is equally rare
    double magnitude = Math.min(seen, EDGES[BINS]);
    double total = state.hot[Layout.TOTALS + which];
    double gain = state.hot[Layout.GAIN];
    if (!(total >= LEAST_SEEN * gain) || !(magnitude > 0)) {
      return 0;
    }
    float[] bins = state.cold;
    int at = Layout.TAILS + which * BINS;
    // At least eight values make up the tail, as long as the series is young.
    double wanted = Math.max(UPPER * total, 8 * gain);
    double above = 0;
    double sum = 0;
    double squares = 0;
    int bin = BINS - 1;
    while (bin > 0 && above + bins[at + bin] < wanted) {
      above += bins[at + bin];
      double middle = 0.5 * (EDGES[bin] + EDGES[bin + 1]);
      sum += bins[at + bin] * middle;
      squares += bins[at + bin] * middle * middle;
      bin--;
    }
    double share = bins[at + bin] <= 0 ? 0 : Math.min(1, (wanted - above) / bins[at + bin]);
    double edge = EDGES[bin + 1] - share * (EDGES[bin + 1] - EDGES[bin]);
    if (magnitude <= edge) {
      return 0;
    }
    double last = 0.5 * (EDGES[bin + 1] + edge);
    sum += share * bins[at + bin] * last;
    squares += share * bins[at + bin] * last * last;
    double mean = sum / wanted;
    double excess = Math.max(mean - edge, 0.04 * edge + 1e-6 + least);
    double variance = Math.max(squares / wanted - mean * mean, 1e-12);
    double own = 0.5 * (1 - excess * excess / variance);
    double values = wanted / gain;
    double shape = (values * own + SHAPE_WORTH * SHAPE) / (values + SHAPE_WORTH);
    shape = Math.max(LEAST_SHAPE, Math.min(MOST_SHAPE, shape));
    double scale = excess * (1 - shape);
    double beyond = Math.log(1 + shape * (magnitude - edge) / scale) / shape;
    return -Math.log10(wanted / total) + beyond / LOG_10;
  }

  /** The magnitude that about 98 % of those seen stay below. */
  static double edge(StreamState state, int which) {
    double wanted = UPPER * state.hot[Layout.TOTALS + which];
    int at = Layout.TAILS + which * BINS;
    int bin = BINS - 1;
    for (double above = 0; bin > 0 && above + state.cold[at + bin] < wanted; bin--) {
      above += state.cold[at + bin];
    }
    return EDGES[bin + 1];
  }

  /** Learns a magnitude by its bin. */
  static void learn(StreamState state, int which, int bin) {
    double weight = state.hot[Layout.GAIN];
    int cell = Layout.TAILS + which * BINS + bin;
    state.set(cell, state.cold[cell] + weight);
    state.hot[Layout.TOTALS + which] += weight;
  }

  /** Brings weights back before they overflow; only between two periods. */
  static void rescale(StreamState state) {
    double gain = state.hot[Layout.GAIN];
    if (gain > MOST_GAIN) {
      for (int i = 0; i < COUNT * BINS; i++) {
        state.cold[Layout.TAILS + i] /= (float) gain;
      }
      for (int i = 0; i < COUNT; i++) {
        state.hot[Layout.TOTALS + i] /= gain;
      }
      state.hot[Layout.GAIN] = 1;
    }
  }

  static int bin(double magnitude) {
    if (!(magnitude > LEAST)) {
      return 0;
    }
    return (int) Math.min(BINS - 1, 1 + Math.log(magnitude / LEAST) / LOG_2 * PER_DOUBLING);
  }
}
