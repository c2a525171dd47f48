package org.chengmai.indicators;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A function from a state and an event to the next state and the anomalies found, pure to its
 * caller: what comes out depends on the two alone. Implementations hold no mutable state of their
 * own, do no I/O and are safe to share between threads.
 *
 * <p>A state belongs to one series. The one handed to {@link #next} belongs to that call, which may
 * change it in place and answer it again: afterwards only the state of the answer is good. Whoever
 * wants to keep one writes it with {@link #write}. After a call that threw, neither is: the series
 * starts anew from {@link #initial}, in a replay as well.
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
   * The earliest time at which a tick may change a state; one before it need not be given. Null
   * when time alone changes nothing.
   */
  default @Nullable Instant nextTick(S state) {
    return Instant.MIN;
  }

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

  /**
   * The state after an event and what was found in it.
   *
   * @param isTaken whether the event was taken in; false means that the state is as it was before
   *     (the event is of a settled period, was seen already or changes nothing)
   */
  record Step<S>(S state, boolean isTaken, List<Anomaly> anomalies) {
    public Step {
      anomalies = List.copyOf(anomalies);
    }

    /** The event was taken in, and something was found. */
    public static <S> Step<S> found(S state, Anomaly anomaly) {
      return new Step<>(state, true, List.of(anomaly));
    }

    /** The event was taken in, and there is nothing to tell. */
    public static <S> Step<S> quiet(S state) {
      return new Step<>(state, true, List.of());
    }

    /** The event changes nothing. */
    public static <S> Step<S> ignored(S state) {
      return new Step<>(state, false, List.of());
    }
  }
}
