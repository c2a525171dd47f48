package org.chengmai.models.feedback;

import java.util.Map;
import java.util.TreeMap;

/**
 * An alarm's evidence and what it turned out to be. An expected event is real: the detector was
 * right that something was different.
 */
public record JudgedAlarm(Map<String, Double> features, boolean isReal) {
  public JudgedAlarm {
    features = java.util.Collections.unmodifiableMap(new TreeMap<>(features));
  }
}
