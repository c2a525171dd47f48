package org.chengmai.engine.alerts;

import java.time.Instant;
import org.chengmai.indicators.Anomaly;

/**
 * An anomaly and when it was seen.
 *
 * @param at the engine's time at which the point was computed, taken from the log so that a replay
 *     sees the same
 */
public record Sighting(Anomaly anomaly, Instant at) {

  /** What makes two anomalies the same alert. */
  String fingerprint() {
    return anomaly.key() + "|" + anomaly.detector();
  }
}
