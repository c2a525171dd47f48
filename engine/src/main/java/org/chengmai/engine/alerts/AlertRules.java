package org.chengmai.engine.alerts;

import java.util.List;
import org.chengmai.indicators.Anomaly;
import org.chengmai.indicators.Suppression;
import org.chengmai.indicators.definition.Alerting.Step;
import org.jspecify.annotations.Nullable;

/**
 * What the definition of an indicator decides about its alerts. Asked within the log's transaction,
 * while everyone else waits: it must be quick.
 */
public interface AlertRules {
  /** Those of indicators that decide nothing. */
  AlertRules NONE = new AlertRules() {};

  /** Why an alert that begins with an anomaly calls nobody; null where it does. */
  default @Nullable Suppression suppression(Anomaly anomaly) {
    return null;
  }

  /** Who else is called of an indicator's alert when nobody answers, the earliest first. */
  default List<Step> escalation(String code) {
    return List.of();
  }

  /** What an anomaly has in common with those of the same alert. */
  default String fingerprint(Anomaly anomaly) {
    return Sighting.fingerprint(anomaly);
  }
}
