package org.chengmai.indicators;

import java.util.List;

/**
 * A place to send alert events to. Called in sequence order, at least once per event; slow work
 * belongs elsewhere.
 */
public interface AlertSink {
  void accept(List<AlertEvent> events);
}
