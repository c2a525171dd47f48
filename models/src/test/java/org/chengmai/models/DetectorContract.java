package org.chengmai.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.IntToDoubleFunction;
import org.chengmai.indicators.Anomaly;
import org.chengmai.indicators.Band;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.Detector;
import org.chengmai.indicators.DetectorEvent;
import org.chengmai.indicators.Grain;
import org.chengmai.indicators.IndicatorPoint;
import org.chengmai.indicators.SeriesKey;
import org.chengmai.indicators.Trust;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What every detector must do. */
abstract class DetectorContract<S> {
  static final ZoneId CHINA = ZoneId.of("Asia/Shanghai");
  static final SeriesKey KEY = SeriesKey.of("CVS-ENV-0001", "630102");
  static final Instant MONDAY = Instant.parse("2026-01-04T16:00:00Z");
  private static final int MOST_BYTES = 16 * 1024;

  abstract Detector<S> detector(Grain grain);

  /** The finest grain that the detector is tried with. */
  Grain grain() {
    return Grain.of("PT15M");
  }

  static DetectorEvent point(Grain grain, Instant start, double value, int revision) {
    return new DetectorEvent.Point(
        new IndicatorPoint(
            KEY,
            1,
            start,
            grain,
            value,
            null,
            null,
            1,
            Trust.COMPLETE,
            revision,
            start,
            "h" + revision));
  }

  static DetectorEvent missing(Grain grain, Instant start) {
    return new DetectorEvent.Missing(KEY, start, grain);
  }

  /** One point per period from a Monday's midnight on; NaN makes a missing period. */
  static List<DetectorEvent> series(Grain grain, int periods, IntToDoubleFunction value) {
    List<DetectorEvent> events = new ArrayList<>();
    Instant start = grain.floor(MONDAY, CHINA);
    for (int i = 0; i < periods; i++) {
      double x = value.applyAsDouble(i);
      events.add(Double.isNaN(x) ? missing(grain, start) : point(grain, start, x, 1));
      start = grain.end(start, CHINA);
    }
    return events;
  }

  /**
   * A day's curve with noise, bursts, gaps, zeros and revisions: enough to make every detector
   * speak.
   */
  static List<DetectorEvent> eventful(Grain grain, int periods, long seed) {
    Random random = new Random(seed);
    double perDay = Math.max(7, 86_400.0 / grain.typical().toSeconds());
    List<DetectorEvent> events = new ArrayList<>();
    Instant start = grain.floor(MONDAY, CHINA);
    for (int i = 0; i < periods; i++) {
      double value = 100 + 40 * Math.sin(2 * Math.PI * i / perDay) + 3 * random.nextGaussian();
      if (i % 701 > 680) {
        value += 150;
      }
      if (i % 967 > 960) {
        value = 0;
      }
      if (i % 809 > 800) {
        events.add(missing(grain, start));
      } else {
        events.add(point(grain, start, value, 1));
        if (i % 397 == 0) {
          events.add(point(grain, start, value + 200, 2));
        }
      }
      if (i % 13 == 0) {
        events.add(new DetectorEvent.Tick(grain.end(start, CHINA).plusSeconds(30)));
      }
      start = grain.end(start, CHINA);
    }
    return events;
  }

  /** A detector's answers to some events, and the state at the end. */
  record Run<S>(S state, List<List<Anomaly>> steps) {
    List<Anomaly> anomalies() {
      return steps.stream().flatMap(List::stream).toList();
    }
  }

  static <S> Run<S> run(Detector<S> detector, S state, List<DetectorEvent> events) {
    List<List<Anomaly>> steps = new ArrayList<>();
    for (DetectorEvent event : events) {
      Detector.Step<S> step = detector.next(state, event);
      state = step.state();
      steps.add(step.anomalies());
    }
    return new Run<>(state, steps);
  }

  static <S> Run<S> run(Detector<S> detector, List<DetectorEvent> events) {
    return run(detector, detector.initial(KEY), events);
  }

  /** The state after further events, begun from a snapshot: a state is good for one call only. */
  static <S> S after(Detector<S> detector, byte[] snapshot, DetectorEvent... events) {
    return run(detector, detector.read(snapshot), List.of(events)).state();
  }

  @Test
  void cuttingTheFutureNeverChangesAPastVerdict() {
    Detector<S> detector = detector(grain());
    List<DetectorEvent> events = eventful(grain(), 2500, 1);
    Run<S> whole = run(detector, events);
    assertThat(whole.anomalies()).as("the series makes the detector speak").isNotEmpty();
    for (int cut : new int[] {1, 333, 1500, 2401}) {
      assertThat(run(detector, events.subList(0, cut)).steps())
          .isEqualTo(whole.steps().subList(0, cut));
    }
  }

  @Test
  void aSnapshotContinuesAsIfNothingHadHappened() {
    Detector<S> detector = detector(grain());
    List<DetectorEvent> events = eventful(grain(), 2000, 2);
    Run<S> whole = run(detector, events);
    S state = detector.initial(KEY);
    for (int i = 0; i < events.size(); i++) {
      if (i % 41 == 0 || i > events.size() - 100) {
        byte[] snapshot = detector.write(state);
        state = detector.read(snapshot);
        assertThat(detector.write(state)).isEqualTo(snapshot);
      }
      Detector.Step<S> step = detector.next(state, events.get(i));
      state = step.state();
      assertThat(step.anomalies()).as("event %d", i).isEqualTo(whole.steps().get(i));
    }
    assertThat(detector.write(state)).isEqualTo(detector.write(whole.state()));
  }

  @ParameterizedTest
  @ValueSource(longs = {11, 12, 13, 14})
  void noAlarmOnAConstantWithNoise(long seed) {
    Random random = new Random(seed);
    List<DetectorEvent> events = series(grain(), 4000, i -> 50 + random.nextGaussian());
    assertThat(run(detector(grain()), events).anomalies()).isEmpty();
  }

  @Test
  void aPeriodSentAgainChangesNothing() {
    Detector<S> detector = detector(grain());
    List<DetectorEvent> events = eventful(grain(), 1500, 3);
    Run<S> once = run(detector, events);
    S state = detector.initial(KEY);
    for (int i = 0; i < events.size(); i++) {
      state = detector.next(state, events.get(i)).state();
      Detector.Step<S> again = detector.next(state, events.get(i));
      assertThat(again.anomalies()).as("event %d", i).isEmpty();
      assertThat(again.isTaken()).as("event %d", i).isFalse();
      state = again.state();
    }
    assertThat(detector.write(state)).isEqualTo(detector.write(once.state()));
  }

  @Test
  void aRevisionOfTheNewestPeriodIsJudgedAsIfItHadComeFirst() {
    Detector<S> detector = detector(grain());
    List<DetectorEvent> events =
        series(grain(), 1200, i -> 100 + 40 * Math.sin(i * 2 * Math.PI / 96) + i % 3);
    Instant next = MONDAY.plus(grain().typical().multipliedBy(1200));
    byte[] before = detector.write(run(detector, events).state());
    DetectorEvent right = point(grain(), next, 90, 2);
    byte[] direct = detector.write(after(detector, before, right));
    S corrected = after(detector, before, point(grain(), next, 900, 1), right);
    S wasMissing = after(detector, before, missing(grain(), next), right);
    assertThat(detector.write(corrected)).isEqualTo(direct);
    assertThat(detector.write(wasMissing)).isEqualTo(direct);
  }

  @Test
  void aMissingPeriodIsNotAZero() {
    Detector<S> detector = detector(grain());
    byte[] before = detector.write(run(detector, series(grain(), 1200, i -> 100 + i % 3)).state());
    Instant next = MONDAY.plus(grain().typical().multipliedBy(1200));
    DetectorEvent missing = missing(grain(), next);
    DetectorEvent zero = point(grain(), next, 0, 1);
    DetectorEvent on = point(grain(), grain().end(next, CHINA), 100, 1);
    assertThat(detector.write(after(detector, before, missing)))
        .isNotEqualTo(detector.write(after(detector, before, zero)));
    assertThat(detector.next(detector.read(before), missing).anomalies()).isEmpty();
    assertThat(detector.write(after(detector, before, missing, on)))
        .isNotEqualTo(detector.write(after(detector, before, zero, on)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"PT1M", "PT15M", "PT1H", "P1D", "P1M"})
  void theStateStaysSmallHoweverLongTheHistory(String text) {
    Grain grain = Grain.of(text);
    Detector<S> detector = detector(grain);
    S state = run(detector, eventful(grain, 1000, 4)).state();
    int young = detector.write(state).length;
    S old = run(detector, eventful(grain, 12_000, 4)).state();
    assertThat(detector.write(old)).hasSizeLessThanOrEqualTo(MOST_BYTES).hasSize(young);
  }

  /**
   * Extremes of the vocabulary's doubles must neither throw nor spoil what is learnt afterwards.
   */
  @Test
  void extremeValuesAreNoReasonToFail() {
    Random random = new Random(5);
    double[] extremes = {
      0,
      -0.0,
      1e-300,
      -1e-300,
      1e15,
      -1e15,
      1e150,
      -1e150,
      1e300,
      -1e300,
      Double.MIN_VALUE,
      Double.MAX_VALUE
    };
    Detector<S> detector = detector(grain());
    S state = detector.initial(KEY);
    Instant start = MONDAY;
    for (int i = 0; i < 3000; i++) {
      double value =
          i % 7 == 0 ? extremes[random.nextInt(extremes.length)] : 50 + random.nextGaussian();
      Detector.Step<S> step = detector.next(state, point(grain(), start, value, 1));
      for (Anomaly anomaly : step.anomalies()) {
        assertThat(anomaly.score()).isFinite();
        if (anomaly.band() != null) {
          assertThat(
                  List.of(anomaly.band().low(), anomaly.band().expected(), anomaly.band().high()))
              .as("the band of %s", anomaly.periodStart())
              .allMatch(Double::isFinite);
        }
      }
      state = detector.read(detector.write(step.state()));
      start = grain().end(start, CHINA);
    }
  }

  @Test
  void aSnapshotOfAnotherLayoutIsRefused() {
    Detector<S> detector = detector(grain());
    byte[] snapshot = detector.write(run(detector, eventful(grain(), 100, 6)).state());
    byte[] other = snapshot.clone();
    other[0] = 99;
    assertThatThrownBy(() -> detector.read(other))
        .isInstanceOf(ChengmaiException.class)
        .hasMessageContaining("99");
    assertThatThrownBy(() -> detector.read(Arrays.copyOf(snapshot, snapshot.length / 2)))
        .isInstanceOf(ChengmaiException.class);
    assertThatThrownBy(() -> detector.read(new byte[0])).isInstanceOf(ChengmaiException.class);
  }

  /**
   * Bands go into a picture: whatever came, each has finite edges in order, and only a period with
   * a value has one.
   */
  @Test
  void aBandSpeaksOfTheNewestValueAndSurvivesASnapshot() {
    Detector<S> detector = detector(grain());
    S state = detector.initial(KEY);
    assertThat(detector.band(state)).isNull();
    for (DetectorEvent event : eventful(grain(), 1500, 8)) {
      state = detector.next(state, event).state();
      Band band = detector.band(state);
      if (event instanceof DetectorEvent.Missing) {
        assertThat(band).isNull();
      }
      if (band != null) {
        assertThat(List.of(band.low(), band.expected(), band.high()))
            .allMatch(Double::isFinite)
            .isSorted();
        assertThat(detector.band(detector.read(detector.write(state)))).isEqualTo(band);
      }
    }
  }

  /** States may be changed in place, but each belongs to its series alone. */
  @Test
  void seriesShareNothing() {
    Detector<S> detector = detector(grain());
    List<DetectorEvent> first = eventful(grain(), 900, 7);
    List<DetectorEvent> second = eventful(grain(), 900, 9);
    S one = detector.initial(KEY);
    S other = detector.initial(KEY);
    for (int i = 0; i < Math.min(first.size(), second.size()); i++) {
      one = detector.next(one, first.get(i)).state();
      other = detector.next(other, second.get(i)).state();
    }
    int least = Math.min(first.size(), second.size());
    assertThat(detector.write(one))
        .isEqualTo(detector.write(run(detector, first.subList(0, least)).state()));
    assertThat(detector.write(other))
        .isEqualTo(detector.write(run(detector, second.subList(0, least)).state()));
  }

  /** Snapshots are written for events that were taken in only, and looks neither change a state. */
  @Test
  void whatIsNotTakenInLeavesTheStateAsItWas() {
    Detector<S> detector = detector(grain());
    Instant settled = MONDAY.plus(grain().typical().multipliedBy(3));
    S state = detector.initial(KEY);
    int ignored = 0;
    for (DetectorEvent event : eventful(grain(), 1500, 10)) {
      byte[] before = detector.write(state);
      assertThat(detector.write(state)).as("writing is a look").isEqualTo(before);
      detector.band(state);
      Instant nextTick = detector.nextTick(state);
      Detector.Step<S> step = detector.next(state, event);
      if (event instanceof DetectorEvent.Tick tick) {
        boolean isDue = nextTick != null && !tick.now().isBefore(nextTick);
        assertThat(step.isTaken() && !isDue).as("a tick that was not asked for").isFalse();
      } else {
        assertThat(step.isTaken()).as("a new period or revision").isTrue();
      }
      if (!step.isTaken()) {
        ignored++;
        assertThat(step.anomalies()).isEmpty();
        assertThat(detector.write(step.state())).isEqualTo(before);
      }
      state = step.state();
    }
    byte[] before = detector.write(state);
    Detector.Step<S> late = detector.next(state, point(grain(), settled, 1e6, 9));
    assertThat(late.isTaken()).isFalse();
    assertThat(detector.write(late.state())).isEqualTo(before);
    assertThat(ignored).as("ticks without an effect").isPositive();
  }
}
