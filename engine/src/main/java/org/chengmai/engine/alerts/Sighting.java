package org.chengmai.engine.alerts;

import java.time.Instant;
import org.chengmai.indicators.Anomaly;

/**
 * An anomaly and when it was seen.
 *
 * @param fingerprint what makes two anomalies the same alert
 * @param at the engine's time at which the point was computed, taken from the log so that a replay
 *     sees the same
 */
public record Sighting(String fingerprint, Anomaly anomaly, Instant at) {

  /** One whose series and detector have an alert of their own. */
  public Sighting(Anomaly anomaly, Instant at) {
    this(fingerprint(anomaly), anomaly, at);
  }

  /** An alert of one series and one detector. */
  static String fingerprint(Anomaly anomaly) {
    return anomaly.key() + "|" + anomaly.detector();
  }
}
