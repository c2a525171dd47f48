package org.chengmai.engine.pipeline;

import java.util.List;
import org.chengmai.indicators.IndicatorPoint;

/** Trains models of one kind. Blocks while it works. */
public interface ModelTrainer {

  /** The kind of model, such as {@code tribuo-linear-sgd}. */
  String name();

  /**
   * Fits a model to the points of all series of an indicator.
   *
   * @throws org.chengmai.indicators.ChengmaiException RESOURCES when the points are too few
   */
  Trained train(String code, int version, List<IndicatorPoint> points);

  /** A fit: the model's bytes, and as JSON how it came about. */
  record Trained(byte[] bytes, String provenance) {}
}
