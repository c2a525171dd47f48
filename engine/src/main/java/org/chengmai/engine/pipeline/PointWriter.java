package org.chengmai.engine.pipeline;

import java.util.List;
import org.chengmai.indicators.IndicatorPoint;

/** Appends points durably to the topic that Druid and the detectors read. */
@FunctionalInterface
public interface PointWriter {

  /**
   * Returns when the points are acknowledged.
   *
   * @param isHistory whether detectors only learn from them, without alerts
   */
  void append(List<IndicatorPoint> points, boolean isHistory);
}
