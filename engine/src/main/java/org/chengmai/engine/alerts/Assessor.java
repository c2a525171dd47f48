package org.chengmai.engine.alerts;

import java.util.List;
import org.chengmai.indicators.Alert;
import org.chengmai.indicators.Anomaly;
import org.chengmai.indicators.Assessment;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Says of an alert that fires what feedback on earlier ones tells. Called within the log's
 * transaction, while everyone else waits: it must be quick.
 */
@FunctionalInterface
public interface Assessor {
  /** Knows nothing of any alert. */
  Assessor NONE = (handle, alert, alongside) -> null;

  /**
   * Null where nothing is known.
   *
   * @param alongside the anomalies that were seen together with the alert's, it among them
   */
  @Nullable Assessment assess(Handle handle, Alert alert, List<Anomaly> alongside);
}
