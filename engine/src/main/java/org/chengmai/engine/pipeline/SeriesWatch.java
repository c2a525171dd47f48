package org.chengmai.engine.pipeline;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.TreeMap;
import org.chengmai.engine.alerts.Sighting;
import org.chengmai.engine.pipeline.DetectorBook.Expected;
import org.chengmai.engine.pipeline.DetectorBook.Snapshot;
import org.chengmai.indicators.Anomaly;
import org.chengmai.indicators.Band;
import org.chengmai.indicators.Detector;
import org.chengmai.indicators.DetectorEvent;
import org.chengmai.indicators.IndicatorPoint;
import org.chengmai.indicators.SeriesKey;
import org.chengmai.indicators.Trust;
import org.jspecify.annotations.Nullable;

/**
 * The detectors of all series with their states: the same points and ticks in the same order give
 * the same sightings. Not safe for several threads.
 *
 * <p>A detector tells of changes only. While its anomaly holds, each further point repeats it, so
 * that an alert knows when it was last seen and one that began in history comes up with the first
 * live point.
 *
 * <p>A series is judged by the newest version of its definition that any of its points was computed
 * by. States are saved a few series at a time, the longest unsaved first, each as of the record
 * that comes next; whoever begins anew from the saved states shows the records from {@link
 * Cut#offset()} on again, and each series leaves out those that its own saved state has seen.
 */
final class SeriesWatch {
  /** Whoever asks for a tick first; of two at the same time the lesser key. */
  private static final Comparator<WatchedSeries> BY_KEY =
      Comparator.comparing(one -> one.key().toString());

  private final DetectorSource source;
  private final Map<String, Map<String, StoredModel>> models = new HashMap<>();
  private final Map<String, Map<Integer, List<Detector<?>>>> detectors = new HashMap<>();
  private final Map<SeriesKey, WatchedSeries> series = new HashMap<>();
  private final PriorityQueue<Wait> waiting =
      new PriorityQueue<>(Comparator.comparingLong(Wait::until));
  private final Deque<WatchedSeries> unsaved = new ArrayDeque<>();
  private List<Expected> bands = new ArrayList<>();
  private long offset;
  private @Nullable Instant lastTick;

  SeriesWatch(DetectorSource source) {
    this.source = source;
  }

  /**
   * A series that waits for a tick; out of date when the series waits for another one by now.
   *
   * @param until milliseconds since 1970
   */
  private record Wait(long until, WatchedSeries series) {}

  /**
   * States to save, and from where on a replay has to show what they do not hold.
   *
   * @param lastTick the last tick before that record
   */
  record Cut(List<Snapshot> states, long offset, @Nullable Instant lastTick) {}

  /**
   * Takes a state over; a detector that is gone or does not know its own layout any more starts
   * anew.
   */
  void restore(Snapshot snapshot) {
    WatchedSeries one = series.get(snapshot.key());
    if (one == null) {
      one = begin(snapshot.key(), snapshot.version());
    } else if (snapshot.version() > one.version()) {
      renew(one, snapshot.version());
    }
    one.restore(snapshot);
    await(one);
  }

  /** Says which record comes next, and which tick came last before it. */
  void at(long next, @Nullable Instant tick) {
    offset = next;
    lastTick = tick;
  }

  /** Puts models in force from the next record on; the states go over to the new detectors. */
  List<Sighting> swap(List<StoredModel> activated, Instant at) {
    for (StoredModel model : activated) {
      models.computeIfAbsent(model.code(), code -> new TreeMap<>()).put(model.name(), model);
      detectors.remove(model.code());
    }
    List<Sighting> found = new ArrayList<>();
    series.values().stream()
        .filter(one -> activated.stream().anyMatch(model -> model.code().equals(one.key().code())))
        .sorted(BY_KEY)
        .forEach(
            one -> {
              found.addAll(told(one, renew(one, one.version()), at, false));
              changed(one);
            });
    return found;
  }

  /** Shows a point to the detectors of its series; of history nothing but ends is told. */
  List<Sighting> see(IndicatorPoint point, boolean isHistory) {
    WatchedSeries one = series.get(point.key());
    if (one == null) {
      one = begin(point.key(), point.version());
    }
    if (one.rests() && point.version() <= one.version() || one.hasSeen(offset)) {
      return List.of();
    }
    List<Anomaly> found = new ArrayList<>(0);
    found.addAll(one.endOrphans());
    if (point.version() > one.version()) {
      found.addAll(renew(one, point.version()));
    }
    if (!isHistory) {
      one.live();
      found.addAll(one.endOfDay(point.computedAt()));
    }
    DetectorEvent event =
        point.isMeasured()
            ? new DetectorEvent.Point(point)
            : new DetectorEvent.Missing(point.key(), point.periodStart(), point.grain());
    one.day(point.periodStart(), point.isMeasured() ? point.value() : null);
    for (Slot slot : one.slots()) {
      Anomaly held = slot.standing();
      List<Anomaly> anomalies = one.next(slot, event);
      if (anomalies.isEmpty()
          && held != null
          && !point.periodStart().isBefore(held.periodStart())) {
        found.add(again(held, point));
      }
      found.addAll(anomalies);
      // where the point was not taken in, the band speaks of another period
      Band band = slot.isTaken() && point.value() != null ? slot.band() : null;
      if (band != null) {
        bands.add(new Expected(one.key(), point.periodStart(), slot.id(), band));
      }
    }
    if (isHistory) {
      found.removeIf(anomaly -> anomaly.status() != Anomaly.Status.CLEARED);
    }
    List<Sighting> told = told(one, found, point.computedAt(), isBad(point.trust()));
    changed(one);
    return told;
  }

  /** Gives a tick to those who asked for one by now. */
  List<Sighting> tick(Instant now) {
    List<WatchedSeries> due = new ArrayList<>();
    List<WatchedSeries> ahead = new ArrayList<>();
    while (!waiting.isEmpty() && waiting.element().until() <= now.toEpochMilli()) {
      Wait wait = waiting.remove();
      WatchedSeries one = wait.series();
      if (wait.until() == one.waitsFor) {
        one.waitsFor = WatchedSeries.NEVER;
        Instant next = one.nextTick();
        if (next != null && !next.isAfter(now)) {
          (one.hasSeen(offset) ? ahead : due).add(one);
        } else {
          await(one);
        }
      }
    }
    ahead.forEach(this::await);
    due.sort(BY_KEY);
    List<Sighting> found = new ArrayList<>(0);
    for (WatchedSeries one : due) {
      List<Anomaly> anomalies = new ArrayList<>(one.endOfDay(now));
      for (Slot slot : one.slots()) {
        anomalies.addAll(one.next(slot, new DetectorEvent.Tick(now)));
      }
      found.addAll(told(one, anomalies, now, false));
      changed(one);
    }
    return found;
  }

  /** How many series are not saved as they stand. */
  int unsaved() {
    return unsaved.size();
  }

  /** At most so many series' states to save, as of the next record. */
  Cut cut(int most, long next, @Nullable Instant tick) {
    List<Snapshot> states = new ArrayList<>();
    for (int i = 0; i < most && !unsaved.isEmpty(); i++) {
      unsaved.remove().save(next, states);
    }
    WatchedSeries.Unsaved first = unsaved.isEmpty() ? null : unsaved.element().unsaved();
    return first == null
        ? new Cut(states, next, tick)
        : new Cut(states, first.offset(), first.lastTick());
  }

  /** Bands of periods from {@code since} on that came up since they were last taken. */
  List<Expected> takeBands(Instant since) {
    List<Expected> taken = bands;
    bands = new ArrayList<>();
    taken.removeIf(band -> band.periodStart().isBefore(since));
    return taken;
  }

  int seriesCount() {
    return series.size();
  }

  private void changed(WatchedSeries one) {
    if (one.isDirty() && one.changes(offset, lastTick)) {
      unsaved.add(one);
    }
    await(one);
  }

  /** Puts a series where the ticks find it; earlier places of it are out of date then. */
  private void await(WatchedSeries one) {
    Instant next = one.nextTick();
    if (next == null) {
      return;
    }
    // rounded up: one that came before its time would be put back again and again
    long until = next.isBefore(Instant.EPOCH) ? 0 : next.plusNanos(999_999).toEpochMilli();
    // a later time than the one that it waits for is looked at when that one has come
    if (until < one.waitsFor) {
      one.waitsFor = until;
      waiting.add(new Wait(until, one));
    }
  }

  /** Puts a version's detectors in force; a series that is ahead of the records has told of it. */
  private List<Anomaly> renew(WatchedSeries one, int version) {
    List<Anomaly> ends =
        one.renew(version, source.policy(one.key().code(), version), detectors(one.key(), version));
    return one.hasSeen(offset) ? List.of() : ends;
  }

  private WatchedSeries begin(SeriesKey key, int version) {
    List<Detector<?>> own = detectors(key, version);
    WatchedSeries one =
        new WatchedSeries(
            key,
            version,
            source.policy(key.code(), version),
            own.isEmpty() ? null : source.days(key.code(), version),
            own);
    series.put(key, one);
    return one;
  }

  private List<Detector<?>> detectors(SeriesKey key, int version) {
    return source.isWatched(key)
        ? detectors
            .computeIfAbsent(key.code(), code -> new HashMap<>())
            .computeIfAbsent(
                version,
                one ->
                    source.detectors(
                        key.code(),
                        one,
                        List.copyOf(models.getOrDefault(key.code(), Map.of()).values())))
        : List.of();
  }

  /** A value that rests on fewer inputs than it should, or on old ones. */
  private static boolean isBad(Trust trust) {
    return trust == Trust.PARTIAL || trust == Trust.STALE;
  }

  private List<Sighting> told(WatchedSeries one, List<Anomaly> found, Instant at, boolean isBad) {
    if (found.isEmpty()) {
      return List.of();
    }
    return sightings(one.pass(found, at, isBad, source::isQuiet), at);
  }

  /** With what the definition advises, unless all is well again. */
  private List<Sighting> sightings(List<Anomaly> anomalies, Instant at) {
    List<Sighting> sightings = new ArrayList<>(anomalies.size());
    for (Anomaly anomaly : anomalies) {
      boolean isOver = anomaly.status() == Anomaly.Status.CLEARED;
      sightings.add(
          new Sighting(isOver ? anomaly : anomaly.with(source.advice(anomaly.key().code())), at));
    }
    return sightings;
  }

  private static Anomaly again(Anomaly held, IndicatorPoint point) {
    return held.goingOn(
        point.periodStart(), point.value() == null ? 0 : point.revision(), point.value());
  }
}
