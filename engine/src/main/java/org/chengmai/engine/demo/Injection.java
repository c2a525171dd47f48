package org.chengmai.engine.demo;

import java.time.Instant;

/**
 * An anomaly that the simulator plants, recorded as the truth that detectors are judged by.
 *
 * @param measure what is disturbed
 * @param region in which district, all stations of it
 * @param from first disturbed instant
 * @param to end, exclusive
 */
record Injection(String measure, String region, Instant from, Instant to, Kind kind) {

  /** How the values are disturbed. */
  enum Kind {
    /** Far above the ordinary course. */
    SURGE,
    /** Far below it. */
    COLLAPSE,
    /** No readings at all. */
    OUTAGE
  }

  boolean covers(String otherMeasure, String otherRegion, Instant time) {
    return measure.equals(otherMeasure)
        && region.equals(otherRegion)
        && !time.isBefore(from)
        && time.isBefore(to);
  }
}
