package org.chengmai.models.tribuo;

import org.tribuo.Trainer;
import org.tribuo.math.optimisers.AdaGrad;
import org.tribuo.regression.Regressor;
import org.tribuo.regression.sgd.linear.LinearSGDTrainer;
import org.tribuo.regression.sgd.objectives.Huber;
import org.tribuo.regression.slm.ElasticNetCDTrainer;

/** The linear models that compete for each horizon. */
public enum LinearKind {
  /** Stochastic gradient descent with Huber's loss: robust, near the median. */
  LINEAR_SGD("tribuo-linear-sgd"),
  /** Coordinate descent with squared loss and a penalty that keeps few features. */
  ELASTIC_NET("tribuo-elastic-net");

  private static final double TOLERANCE = 1e-3;
  private static final int MOST_ITERATIONS = 60;

  private final String label;

  LinearKind(String label) {
    this.label = label;
  }

  /** Its name in reports. */
  public String label() {
    return label;
  }

  Trainer<Regressor> trainer(HorizonConfig config) {
    return this == LINEAR_SGD
        ? new LinearSGDTrainer(
            new Huber(config.huberCost()),
            new AdaGrad(config.learningRate(), 1e-6),
            config.epochs(),
            -1,
            config.batch(),
            config.seed())
        : new ElasticNetCDTrainer(
            config.alpha(), config.l1Ratio(), TOLERANCE, MOST_ITERATIONS, false, config.seed());
  }
}
