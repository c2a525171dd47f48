package org.chengmai.engine.pipeline;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.chengmai.engine.pipeline.DetectorBook.Snapshot;
import org.chengmai.indicators.Anomaly;
import org.chengmai.indicators.Anomaly.Reasons;
import org.chengmai.indicators.Detector;
import org.chengmai.indicators.SeriesKey;
import org.jspecify.annotations.Nullable;

/**
 * One series under watch: its detectors with their states, which version of the definition they
 * judge by, and what is not saved of it.
 */
final class WatchedSeries {
  private static final Reasons GONE =
      Reasons.of("检测器已停用", "the detector no longer watches this series");

  private final SeriesKey key;
  private final List<Slot> slots = new ArrayList<>(4);
  private int version;

  /** Detectors that do not watch it any more, whose saved states have to go. */
  private final List<String> gone = new ArrayList<>(0);

  /** What detectors held that were gone when the series was loaded; ended with the next event. */
  private final List<Anomaly> orphans = new ArrayList<>(0);

  /** The first record that it has not seen; its saved states may be ahead of those of others. */
  private long seenTo;

  /** The record that made it unsaved and the last tick before that; null when all is saved. */
  private @Nullable Unsaved unsaved;

  /** The time under which it waits for a tick; null while it does not. */
  @Nullable Instant waitsFor;

  WatchedSeries(SeriesKey key, int version, List<Detector<?>> detectors) {
    this.key = key;
    this.version = version;
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

  boolean hasSeen(long offset) {
    return offset < seenTo;
  }

  @Nullable Unsaved unsaved() {
    return unsaved;
  }

  /** Notes that it changes with a record; answers whether it was saved until then. */
  boolean changes(long offset, @Nullable Instant lastTick) {
    boolean wasSaved = unsaved == null;
    if (unsaved == null) {
      unsaved = new Unsaved(offset, lastTick);
    }
    return wasSaved;
  }

  /** When a tick may next change something; null for never. */
  @Nullable Instant nextTick() {
    Instant earliest = null;
    for (Slot slot : slots) {
      Instant next = slot.nextTick();
      if (next != null && (earliest == null || next.isBefore(earliest))) {
        earliest = next;
      }
    }
    return earliest;
  }

  /**
   * Puts other detectors in force: those of a known id take the state over and carry on what they
   * hold; what is gone ends what it held.
   */
  List<Anomaly> renew(int newVersion, List<Detector<?>> detectors) {
    version = newVersion;
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
    List<Anomaly> ends = orphans.stream().map(orphan -> Slot.ended(orphan, GONE)).toList();
    orphans.clear();
    return ends;
  }

  /** Whether something of it has to be saved. */
  boolean isDirty() {
    boolean isDirty = !gone.isEmpty() && orphans.isEmpty();
    for (Slot slot : slots) {
      isDirty |= slot.isDirty();
    }
    return isDirty;
  }

  /** Adds what has to be saved, as of the next record; from now on it counts as saved. */
  void save(long next, List<Snapshot> into) {
    for (Slot slot : slots) {
      if (slot.isDirty()) {
        into.add(new Snapshot(key, slot.id(), version, next, slot.save(), slot.standing()));
      }
    }
    if (orphans.isEmpty()) {
      gone.forEach(id -> into.add(new Snapshot(key, id, version, next, null, null)));
      gone.clear();
    }
    unsaved = null;
  }
}
