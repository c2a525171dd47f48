package org.chengmai.indicators;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A pure function from a state and an event to the next state and the anomalies found.
 * Implementations hold no mutable state, do no I/O and are safe to share between threads; the state
 * {@code S} is immutable and belongs to one series.
 *
 * @param <S> the state of one series, constant in size whatever the length of its history
 */
public interface Detector<S> {

  /** Stable id, such as {@code threshold}; part of an alert event's identity. */
  String id();

  /** Name and version of the model in use, such as {@code seasonal@1}. */
  String model();

  /** The state of a series that has seen nothing yet. */
  S initial(SeriesKey key);

  Step<S> next(S state, DetectorEvent event);

  /**
   * What was expected of the newest period in the state; null where the detector has no
   * expectation, or none yet.
   */
  default @Nullable Band band(S state) {
    return null;
  }

  /** Writes a state for a snapshot; {@link #read} gives an equal state back. */
  byte[] write(S state);

  /** Reads a snapshot; one of an unknown layout throws INVALID_INPUT and the series starts anew. */
  S read(byte[] snapshot);

  /** The state after an event and what was found in it. */
  record Step<S>(S state, List<Anomaly> anomalies) {
    public Step {
      anomalies = List.copyOf(anomalies);
    }

    public static <S> Step<S> quiet(S state) {
      return new Step<>(state, List.of());
    }
  }
}
