package org.chengmai.engine.pipeline;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.BiPredicate;
import org.chengmai.engine.pipeline.DetectorBook.Snapshot;
import org.chengmai.indicators.Anomaly;
import org.chengmai.indicators.Anomaly.Reasons;
import org.chengmai.indicators.Detector;
import org.chengmai.indicators.DetectorEvent;
import org.chengmai.indicators.SeriesKey;
import org.chengmai.models.DayProfiles;
import org.jspecify.annotations.Nullable;

/**
 * One series under watch: its detectors with their states, which version of the definition they
 * judge by, and what is not saved of it.
 */
final class WatchedSeries {
  private static final Reasons GONE =
      Reasons.of("检测器已停用", "the detector no longer watches this series");

  private static final long SAVED = -1;
  private static final long NO_TICK = Long.MIN_VALUE;
  static final long NEVER = Long.MAX_VALUE;

  /** The name under which the days are saved. */
  private static final String DAYS = "days";

  private final SeriesKey key;
  private final List<Slot> slots = new ArrayList<>(4);
  private int version;
  private AlarmPolicy policy;
  private final @Nullable DayProfiles days;
  private boolean isDayDirty;
  private AlarmGate gate = new AlarmGate();

  /** Detectors that do not watch it any more, whose saved states have to go. */
  private final List<String> gone = new ArrayList<>(0);

  /** What detectors held that were gone when the series was loaded; ended with the next event. */
  private final List<Anomaly> orphans = new ArrayList<>(0);

  /** The first record that it has not seen; its saved states may be ahead of those of others. */
  private long seenTo;

  /** The record that made it unsaved; {@link #SAVED} when all is saved. */
  private long unsavedFrom = SAVED;

  /** The last tick before that in milliseconds since 1970; {@link #NO_TICK} when there was none. */
  private long tickBefore = NO_TICK;

  /** Whether a point of it came that is no history; before that no tick is given. */
  private boolean isLive;

  /**
   * The time under which it waits for a tick, in milliseconds since 1970; {@link #NEVER} while it
   * does not.
   */
  long waitsFor = NEVER;

  WatchedSeries(
      SeriesKey key,
      int version,
      AlarmPolicy policy,
      @Nullable DayProfiles days,
      List<Detector<?>> detectors) {
    this.days = days;
    this.key = key;
    this.version = version;
    this.policy = policy;
    detectors.forEach(detector -> slots.add(new Slot(key, detector)));
  }

  /** From where a replay has to show a series again. */
  record Unsaved(long offset, @Nullable Instant lastTick) {}

  SeriesKey key() {
    return key;
  }

  int version() {
    return version;
  }

  List<Slot> slots() {
    return slots;
  }

  /** Notes that a point came that is no history. */
  void live() {
    isLive = true;
  }

  boolean hasSeen(long offset) {
    return offset < seenTo;
  }

  /** Null when all is saved. */
  @Nullable Unsaved unsaved() {
    return unsavedFrom == SAVED
        ? null
        : new Unsaved(unsavedFrom, tickBefore == NO_TICK ? null : Instant.ofEpochMilli(tickBefore));
  }

  /** Notes that it changes with a record; answers whether it was saved until then. */
  boolean changes(long offset, @Nullable Instant lastTick) {
    if (unsavedFrom != SAVED) {
      return false;
    }
    unsavedFrom = offset;
    tickBefore = lastTick == null ? NO_TICK : lastTick.toEpochMilli();
    return true;
  }

  /**
   * When a tick may next change something; null for never. History may come at any pace: that it
   * does not says nothing.
   */
  @Nullable Instant nextTick() {
    if (!isLive) {
      return null;
    }
    Instant earliest = gate.nextTick(policy);
    for (Slot slot : slots) {
      Instant next = slot.nextTick();
      if (next != null && (earliest == null || next.isBefore(earliest))) {
        earliest = next;
      }
    }
    return earliest;
  }

  /** Shows an event to one of its detectors; what begins is told with the day most like today. */
  List<Anomaly> next(Slot slot, DetectorEvent event) {
    Anomaly held = slot.standing();
    List<Anomaly> found = slot.next(event);
    boolean begins = held == null && slot.standing() != null && days != null;
    if (!begins || days == null) {
      return found;
    }
    Reasons nearest = days.nearest();
    slot.explain(nearest);
    return found.stream().map(anomaly -> anomaly.with(nearest)).toList();
  }

  /** Takes in which value today has. */
  void day(Instant periodStart, @Nullable Double value) {
    if (days != null && value != null) {
      days.see(periodStart, value);
      isDayDirty = true;
    }
  }

  AlarmPolicy policy() {
    return policy;
  }

  /** Those of the anomalies that are told. */
  List<Anomaly> pass(
      List<Anomaly> found, Instant at, boolean isBad, BiPredicate<SeriesKey, Instant> isQuiet) {
    return policy.isAll() || found.isEmpty()
        ? found
        : gate.pass(
            found,
            policy,
            at,
            isBad && policy.isHeldWhenBad(),
            anomaly -> isQuiet.test(anomaly.key(), anomaly.periodStart()));
  }

  /** What is told of a day that is over. */
  List<Anomaly> endOfDay(Instant now) {
    return gate.endOfDay(key, version, policy, now);
  }

  /**
   * Puts other detectors in force: those of a known id take the state over and carry on what they
   * hold; what is gone ends what it held.
   */
  List<Anomaly> renew(int newVersion, AlarmPolicy newPolicy, List<Detector<?>> detectors) {
    version = newVersion;
    if (newPolicy.isAll() && !policy.isAll()) {
      gate = new AlarmGate();
      gone.add(AlarmGate.ID);
    }
    policy = newPolicy;
    List<Anomaly> ends = new ArrayList<>();
    for (Iterator<Slot> left = slots.iterator(); left.hasNext(); ) {
      Slot slot = left.next();
      if (detectors.stream().noneMatch(detector -> detector.id().equals(slot.id()))) {
        ends.addAll(slot.end(GONE));
        gone.add(slot.id());
        left.remove();
      }
    }
    List<Slot> renewed = new ArrayList<>(detectors.size());
    for (Detector<?> detector : detectors) {
      Slot known = slot(detector.id());
      if (known == null) {
        renewed.add(new Slot(key, detector));
      } else {
        known.become(detector);
        renewed.add(known);
      }
    }
    slots.clear();
    slots.addAll(renewed);
    return ends;
  }

  private @Nullable Slot slot(String id) {
    for (Slot slot : slots) {
      if (slot.id().equals(id)) {
        return slot;
      }
    }
    return null;
  }

  /** Takes over what was saved of one detector. */
  void restore(Snapshot snapshot) {
    seenTo = Math.max(seenTo, snapshot.offset());
    isLive |= snapshot.isLive();
    if (snapshot.detector().equals(DAYS) && snapshot.state() != null && days != null) {
      days.read(snapshot.state());
      return;
    }
    if (snapshot.detector().equals(AlarmGate.ID) && snapshot.state() != null && !policy.isAll()) {
      gate = AlarmGate.read(snapshot.state());
      return;
    }
    Slot slot = slot(snapshot.detector());
    if (slot != null) {
      slot.restore(snapshot.state(), snapshot.standing());
      return;
    }
    gone.add(snapshot.detector());
    if (snapshot.standing() != null) {
      orphans.add(snapshot.standing());
    }
  }

  /** The ends of what nobody watches any more, once. */
  List<Anomaly> endOrphans() {
    if (orphans.isEmpty()) {
      return List.of();
    }
    List<Anomaly> ends = orphans.stream().map(orphan -> orphan.ended(GONE)).toList();
    orphans.clear();
    return ends;
  }

  /** Whether nobody watches it and nothing is left to end. */
  boolean rests() {
    return slots.isEmpty() && orphans.isEmpty();
  }

  /** Whether something of it has to be saved. */
  boolean isDirty() {
    boolean isDirty = isDayDirty || gate.isDirty() || !gone.isEmpty() && orphans.isEmpty();
    for (Slot slot : slots) {
      isDirty |= slot.isDirty();
    }
    return isDirty;
  }

  /** Adds what has to be saved, as of the next record; from now on it counts as saved. */
  void save(long next, List<Snapshot> into) {
    for (Slot slot : slots) {
      if (slot.isDirty()) {
        into.add(new Snapshot(key, slot.id(), version, isLive, next, slot.save(), slot.standing()));
      }
    }
    if (isDayDirty && days != null) {
      into.add(new Snapshot(key, DAYS, version, isLive, next, days.write(), null));
      isDayDirty = false;
    }
    if (gate.isDirty()) {
      into.add(new Snapshot(key, AlarmGate.ID, version, isLive, next, gate.save(), null));
    }
    if (orphans.isEmpty()) {
      gone.forEach(id -> into.add(new Snapshot(key, id, version, isLive, next, null, null)));
      gone.clear();
    }
    unsavedFrom = SAVED;
  }
}
