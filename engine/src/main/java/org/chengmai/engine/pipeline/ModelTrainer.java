package org.chengmai.engine.pipeline;

import java.time.Instant;
import java.util.List;
import org.chengmai.indicators.IndicatorPoint;
import org.jspecify.annotations.Nullable;

/** Trains and judges models of one kind. Blocks while it works. */
public interface ModelTrainer {

  /** The kind of model, such as {@code tribuo-linear-sgd}. */
  String name();

  /**
   * Further indicators whose points are handed in beside the indicator's own: those that the next
   * model looks at, and those that the champion does.
   */
  default List<String> beside(String code, @Nullable StoredModel champion) {
    return List.of();
  }

  /**
   * Fits a model to the points of all series of an indicator. Its provenance says in {@code to}
   * which period was the last that it saw.
   *
   * @throws org.chengmai.indicators.ChengmaiException RESOURCES when the points are too few
   */
  Trained train(String code, int version, List<IndicatorPoint> points);

  /**
   * How far a model's forecasts lie from what came, the less the better.
   *
   * @param points the whole window, so that what comes before is known
   * @param from start of the data to judge on
   * @throws org.chengmai.indicators.ChengmaiException RESOURCES when nothing can be judged
   */
  double error(StoredModel model, List<IndicatorPoint> points, Instant from);

  /** A fit: the model's bytes, and as JSON how it came about. */
  record Trained(byte[] bytes, String provenance) {

    /** The fit before it is registered. */
    StoredModel as(String name, String code, int version, Instant at) {
      return new StoredModel(name, code, version, provenance, bytes, at, null);
    }
  }
}
