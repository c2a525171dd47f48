package org.chengmai.engine.pipeline;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.chengmai.indicators.Anomaly;
import org.chengmai.indicators.Detector;
import org.chengmai.indicators.DetectorEvent;
import org.chengmai.indicators.IndicatorPoint;
import org.chengmai.indicators.SeriesKey;

/** A detector that is tried on the past, with its states. Not thread-safe. */
final class TriedDetector<S> {
  private final Detector<S> detector;
  private final Map<SeriesKey, S> states = new HashMap<>();

  TriedDetector(Detector<S> detector) {
    this.detector = detector;
  }

  /** What it finds in the next point of a series, or in a period known to have none. */
  List<Anomaly> next(IndicatorPoint point) {
    S state = states.computeIfAbsent(point.key(), detector::initial);
    Detector.Step<S> step =
        detector.next(
            state,
            point.isMeasured()
                ? new DetectorEvent.Point(point)
                : new DetectorEvent.Missing(point.key(), point.periodStart(), point.grain()));
    states.put(point.key(), step.state());
    return step.anomalies();
  }
}
