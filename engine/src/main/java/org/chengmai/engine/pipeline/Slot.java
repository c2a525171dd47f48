package org.chengmai.engine.pipeline;

import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.chengmai.indicators.Anomaly;
import org.chengmai.indicators.Anomaly.Reasons;
import org.chengmai.indicators.Band;
import org.chengmai.indicators.Detector;
import org.chengmai.indicators.DetectorEvent;
import org.chengmai.indicators.SeriesKey;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One detector of one series: its state, and the anomaly that it told last and that still holds.
 */
final class Slot {
  private static final Logger LOG = LoggerFactory.getLogger(Slot.class);
  private static final Reasons RELEARNS =
      Reasons.of("检测器出错，重新学习该序列", "the detector failed and learns the series anew");

  private final SeriesKey key;
  private Held<?> held;
  private @Nullable Anomaly standing;
  private boolean isTaken;
  private boolean isDirty;

  Slot(SeriesKey key, Detector<?> detector) {
    this.key = key;
    this.held = Held.of(key, detector);
  }

  /** A detector with a state of its own type. */
  private static final class Held<S> {
    private final Detector<S> detector;
    private S state;

    private Held(Detector<S> detector, S state) {
      this.detector = detector;
      this.state = state;
    }

    static <S> Held<S> of(SeriesKey key, Detector<S> detector) {
      return new Held<>(detector, detector.initial(key));
    }

    static <S> Held<S> read(Detector<S> detector, byte[] snapshot) {
      return new Held<>(detector, detector.read(snapshot));
    }

    Detector.Step<S> next(DetectorEvent event) {
      Detector.Step<S> step = detector.next(state, event);
      // writing what is there already would still keep the garbage collector busy
      if (step.state() != state) {
        state = step.state();
      }
      return step;
    }

    byte[] write() {
      return detector.write(state);
    }

    @Nullable Band band() {
      return detector.band(state);
    }

    @Nullable Instant nextTick() {
      return detector.nextTick(state);
    }
  }

  String id() {
    return held.detector.id();
  }

  /** What it told last and what still holds. */
  @Nullable Anomaly standing() {
    return standing;
  }

  /** Whether the last event was taken in. */
  boolean isTaken() {
    return isTaken;
  }

  /** Whether there is something to save. */
  boolean isDirty() {
    return isDirty;
  }

  /**
   * What an event changes. A detector that throws may have left its state half changed: it learns
   * the series anew, and what it held is ended, for nobody else would. A replay comes to the same,
   * since it fails at the same event.
   */
  List<Anomaly> next(DetectorEvent event) {
    isTaken = false;
    try {
      Detector.Step<?> step = held.next(event);
      isTaken = step.isTaken();
      isDirty |= isTaken;
      for (Anomaly anomaly : step.anomalies()) {
        standing = anomaly.status() == Anomaly.Status.CLEARED ? null : anomaly;
      }
      return step.anomalies();
    } catch (RuntimeException e) {
      LOG.atWarn()
          .setCause(e)
          .addKeyValue("series", key)
          .addKeyValue("detector", id())
          .log("a detector failed and learns the series anew");
      held = Held.of(key, held.detector);
      isDirty = true;
      return end(RELEARNS);
    }
  }

  /** Adds to what it told last, so that it is repeated with it. */
  void explain(Reasons more) {
    standing = standing == null ? null : standing.with(more);
  }

  /** The end of what it holds, where its detector can no longer tell it. */
  List<Anomaly> end(Reasons why) {
    Anomaly last = standing;
    standing = null;
    return last == null ? List.of() : List.of(last.ended(why));
  }

  /** Puts another detector of the same id in its place, which takes the state over. */
  void become(Detector<?> other) {
    byte[] state = held.write();
    held = Held.of(key, other);
    isDirty = true;
    restore(state, standing);
  }

  /**
   * Takes a snapshot over; one that the detector cannot read is left, and the series starts anew.
   */
  void restore(byte @Nullable [] state, @Nullable Anomaly holds) {
    try {
      held = Held.read(held.detector, Objects.requireNonNull(state));
      standing = holds;
    } catch (RuntimeException e) {
      LOG.atWarn()
          .addKeyValue("series", key)
          .addKeyValue("detector", id())
          .log("a snapshot cannot be read, the series starts anew: {}", e.getMessage());
    }
  }

  @Nullable Band band() {
    return held.band();
  }

  @Nullable Instant nextTick() {
    return held.nextTick();
  }

  /** The state as bytes; from now on it counts as saved. */
  byte[] save() {
    isDirty = false;
    return held.write();
  }
}
