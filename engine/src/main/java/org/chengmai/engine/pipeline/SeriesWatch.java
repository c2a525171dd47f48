package org.chengmai.engine.pipeline;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.chengmai.engine.alerts.Sighting;
import org.chengmai.engine.pipeline.DetectorBook.Expected;
import org.chengmai.engine.pipeline.DetectorBook.Snapshot;
import org.chengmai.indicators.Anomaly;
import org.chengmai.indicators.Anomaly.Reasons;
import org.chengmai.indicators.Band;
import org.chengmai.indicators.Detector;
import org.chengmai.indicators.DetectorEvent;
import org.chengmai.indicators.IndicatorPoint;
import org.chengmai.indicators.SeriesKey;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The detectors of all series with their states: the same points and ticks in the same order give
 * the same sightings. Not safe for several threads.
 *
 * <p>A detector tells of changes only. While its anomaly holds, each further point repeats it, so
 * that an alert knows when it was last seen and one that began in history comes up with the first
 * live point.
 */
final class SeriesWatch {
  private static final Logger LOG = LoggerFactory.getLogger(SeriesWatch.class);

  private static final Reasons RELEARNS =
      Reasons.of("检测器出错，重新学习该序列", "the detector failed and learns the series anew");

  private final DetectorSource source;
  private final Map<String, Map<String, StoredModel>> models = new HashMap<>();
  private final Map<String, List<Detector<?>>> detectors = new HashMap<>();
  private final Map<SeriesKey, List<Slot<?>>> series = new LinkedHashMap<>();
  private final Map<String, Expected> bands = new LinkedHashMap<>();
  private long failures;

  SeriesWatch(DetectorSource source) {
    this.source = source;
  }

  /**
   * Takes states over; a detector that is gone or does not know its own layout any more starts
   * anew.
   */
  void restore(List<Snapshot> snapshots) {
    for (Snapshot snapshot : snapshots) {
      for (Slot<?> slot : slots(snapshot.key())) {
        if (slot.detector.id().equals(snapshot.detector())) {
          slot.restore(snapshot);
        }
      }
    }
  }

  /** Puts models in force from the next event on; the states go over to the new detectors. */
  void swap(List<StoredModel> activated) {
    for (StoredModel model : activated) {
      models.computeIfAbsent(model.code(), code -> new TreeMap<>()).put(model.name(), model);
      detectors.remove(model.code());
    }
    List<String> codes = activated.stream().map(StoredModel::code).distinct().toList();
    series.replaceAll(
        (key, slots) -> {
          if (!codes.contains(key.code())) {
            return slots;
          }
          Map<String, Snapshot> states = new HashMap<>();
          slots.forEach(slot -> states.put(slot.detector.id(), slot.snapshot()));
          List<Slot<?>> renewed = newSlots(key);
          for (Slot<?> slot : renewed) {
            slot.isDirty = true;
            Snapshot state = states.get(slot.detector.id());
            if (state != null) {
              slot.restore(state);
            }
          }
          return renewed;
        });
  }

  List<Sighting> see(IndicatorPoint point) {
    DetectorEvent event =
        point.isMeasured()
            ? new DetectorEvent.Point(point)
            : new DetectorEvent.Missing(point.key(), point.periodStart(), point.grain());
    List<Sighting> found = new ArrayList<>();
    for (Slot<?> slot : slots(point.key())) {
      Anomaly held = slot.standing;
      List<Anomaly> anomalies = next(slot, event);
      if (anomalies.isEmpty()
          && held != null
          && !point.periodStart().isBefore(held.periodStart())) {
        found.add(sighting(again(held, point), point.computedAt()));
      }
      anomalies.forEach(anomaly -> found.add(sighting(anomaly, point.computedAt())));
      Band band = slot.band();
      // where the point was not taken in, the band speaks of another period
      if (band != null && point.value() != null && slot.isTaken) {
        Expected expected =
            new Expected(point.key(), point.periodStart(), slot.detector.id(), band);
        bands.put(
            expected.key() + " " + expected.detector() + " " + expected.periodStart(), expected);
      }
    }
    return found;
  }

  /** With what the definition advises, unless all is well again. */
  private Sighting sighting(Anomaly anomaly, Instant at) {
    return new Sighting(
        anomaly.status() == Anomaly.Status.CLEARED
            ? anomaly
            : anomaly.with(source.advice(anomaly.key().code())),
        at);
  }

  List<Sighting> tick(Instant now) {
    List<Sighting> found = new ArrayList<>();
    for (List<Slot<?>> slots : series.values()) {
      for (Slot<?> slot : slots) {
        next(slot, new DetectorEvent.Tick(now))
            .forEach(anomaly -> found.add(sighting(anomaly, now)));
      }
    }
    return found;
  }

  /** States that changed since they were last taken. */
  List<Snapshot> takeChanged() {
    List<Snapshot> changed = new ArrayList<>();
    for (List<Slot<?>> slots : series.values()) {
      for (Slot<?> slot : slots) {
        if (slot.isDirty) {
          changed.add(slot.snapshot());
          slot.isDirty = false;
        }
      }
    }
    return changed;
  }

  /** Bands of periods from {@code since} on that came up since they were last taken. */
  List<Expected> takeBands(Instant since) {
    List<Expected> taken =
        bands.values().stream().filter(band -> !band.periodStart().isBefore(since)).toList();
    bands.clear();
    return taken;
  }

  int seriesCount() {
    return series.size();
  }

  /** How often a detector threw; it then learns that series anew. */
  long failures() {
    return failures;
  }

  /** The end of an anomaly that its detector can no longer tell. */
  private static Anomaly ended(Anomaly held, Reasons why) {
    return new Anomaly(
        held.key(),
        held.detector(),
        held.model(),
        Anomaly.Status.CLEARED,
        held.periodStart(),
        held.revision(),
        held.grade(),
        held.value(),
        held.band(),
        held.score(),
        why);
  }

  private static Anomaly again(Anomaly held, IndicatorPoint point) {
    return new Anomaly(
        held.key(),
        held.detector(),
        held.model(),
        held.status(),
        point.periodStart(),
        point.value() == null ? 0 : point.revision(),
        held.grade(),
        point.value(),
        held.band(),
        held.score(),
        held.reasons());
  }

  private List<Anomaly> next(Slot<?> slot, DetectorEvent event) {
    try {
      return slot.next(event);
    } catch (RuntimeException e) {
      failures++;
      LOG.atWarn()
          .setCause(e)
          .addKeyValue("series", slot.key)
          .addKeyValue("detector", slot.detector.id())
          .log("a detector failed and learns the series anew");
      return slot.startAnew();
    }
  }

  private List<Slot<?>> slots(SeriesKey key) {
    return series.computeIfAbsent(key, this::newSlots);
  }

  private List<Slot<?>> newSlots(SeriesKey key) {
    if (!source.isWatched(key)) {
      return List.of();
    }
    List<Detector<?>> all =
        detectors.computeIfAbsent(
            key.code(),
            code ->
                source.detectors(code, List.copyOf(models.getOrDefault(code, Map.of()).values())));
    List<Slot<?>> slots = new ArrayList<>(all.size());
    all.forEach(detector -> slots.add(Slot.of(key, detector)));
    return slots;
  }

  /** One detector of one series. */
  private static final class Slot<S> {
    private final SeriesKey key;
    private final Detector<S> detector;
    private S state;
    private @Nullable Anomaly standing;
    private boolean isTaken;
    private boolean isDirty;

    private Slot(SeriesKey key, Detector<S> detector) {
      this.key = key;
      this.detector = detector;
      this.state = detector.initial(key);
    }

    static <S> Slot<S> of(SeriesKey key, Detector<S> detector) {
      return new Slot<>(key, detector);
    }

    List<Anomaly> next(DetectorEvent event) {
      isTaken = false;
      Detector.Step<S> step = detector.next(state, event);
      isTaken = step.isTaken();
      isDirty |= isTaken;
      state = step.state();
      for (Anomaly anomaly : step.anomalies()) {
        standing = anomaly.status() == Anomaly.Status.CLEARED ? null : anomaly;
      }
      return step.anomalies();
    }

    /**
     * Gives up a state that a failed call may have left half changed, and ends what it held: nobody
     * else would. A replay comes to the same, for it fails at the same event.
     */
    List<Anomaly> startAnew() {
      state = detector.initial(key);
      isDirty = true;
      Anomaly held = standing;
      standing = null;
      return held == null ? List.of() : List.of(ended(held, RELEARNS));
    }

    @Nullable Band band() {
      return detector.band(state);
    }

    Snapshot snapshot() {
      return new Snapshot(key, detector.id(), detector.write(state), standing);
    }

    void restore(Snapshot snapshot) {
      try {
        state = detector.read(snapshot.state());
        standing = snapshot.standing();
      } catch (RuntimeException e) {
        LOG.atWarn()
            .addKeyValue("series", key)
            .addKeyValue("detector", detector.id())
            .log("a snapshot cannot be read, the series starts anew: {}", e.getMessage());
      }
    }
  }
}
