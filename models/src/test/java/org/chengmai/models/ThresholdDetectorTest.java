package org.chengmai.models;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.assertj.core.groups.Tuple;
import org.chengmai.indicators.Anomaly;
import org.chengmai.indicators.Detector;
import org.chengmai.indicators.DetectorEvent;
import org.chengmai.indicators.Grade;
import org.chengmai.indicators.Grain;
import org.chengmai.indicators.IndicatorPoint;
import org.chengmai.indicators.SeriesKey;
import org.chengmai.indicators.definition.Condition;
import org.junit.jupiter.api.Test;

class ThresholdDetectorTest
    extends DetectorContract<RevisingDetector.State<ThresholdDetector.Memory>> {
  private static final Grain HOUR = Grain.of("PT1H");

  @Override
  ThresholdDetector detector(Grain grain) {
    return new ThresholdDetector(
        grain,
        List.of(
            rule(Grade.YELLOW, "value >= 116", 2, "value < 105", 1),
            rule(Grade.ORANGE, "value >= 151", 2, null, 0),
            rule(Grade.RED, "z > 20", 0, null, 0)),
        3,
        DayClass::usual);
  }

  private static ThresholdRule rule(
      Grade grade, String when, int hold, String clear, int clearHold) {
    return new ThresholdRule(
        grade,
        Condition.parse(when),
        Duration.ofHours(hold),
        clear == null ? null : Condition.parse(clear),
        Duration.ofHours(clearHold));
  }

  private static Detector<RevisingDetector.State<ThresholdDetector.Memory>> air() {
    return new ThresholdDetector(
        HOUR,
        List.of(
            rule(Grade.YELLOW, "value >= 116", 2, "value < 105", 2),
            rule(Grade.ORANGE, "value >= 151", 2, null, 0),
            rule(Grade.RED, "value >= 251", 1, null, 0)),
        1,
        DayClass::usual);
  }

  private static List<String> told(double... values) {
    return run(air(), series(HOUR, values.length, i -> values[i])).steps().stream()
        .map(ThresholdDetectorTest::word)
        .toList();
  }

  private static String word(List<Anomaly> anomalies) {
    return anomalies.isEmpty() ? "" : anomalies.get(0).status() + " " + anomalies.get(0).grade();
  }

  @Test
  void waitsForItsTimeThenFiresAndClearsBelowTheLowerBound() {
    assertThat(told(100, 120, 120, 110, 100, 100, 100))
        .containsExactly("", "PENDING YELLOW", "FIRING YELLOW", "", "", "CLEARED YELLOW", "");
  }

  @Test
  void theSeverestGradeThatHoldsWinsAndStepsBackDown() {
    assertThat(told(120, 160, 260, 160, 120, 100, 90))
        .containsExactly(
            "PENDING YELLOW",
            "FIRING YELLOW",
            "FIRING RED",
            "FIRING ORANGE",
            "FIRING YELLOW",
            "",
            "CLEARED YELLOW");
  }

  @Test
  void aValueThatDipsStartsTheWaitAnew() {
    assertThat(told(120, 100, 120, 120))
        .containsExactly("PENDING YELLOW", "CLEARED YELLOW", "PENDING YELLOW", "FIRING YELLOW");
  }

  @Test
  void aMissingPeriodNeitherFiresNorClearsAndItsTimeDoesNotCount() {
    double gap = Double.NaN;
    assertThat(told(120, gap, gap, 120)).containsExactly("PENDING YELLOW", "", "", "FIRING YELLOW");
    assertThat(told(120, 120, gap, gap, gap, gap))
        .containsExactly("PENDING YELLOW", "FIRING YELLOW", "", "", "", "");
    assertThat(told(120, 120, 100, gap, 110, 100, 100))
        .containsExactly("PENDING YELLOW", "FIRING YELLOW", "", "", "", "", "CLEARED YELLOW");
  }

  @Test
  void aTickLetsTheWaitRunOutUnlessTheFeedIsSilent() {
    DetectorEvent tick = new DetectorEvent.Tick(MONDAY.plus(Duration.ofHours(2)));
    assertThat(
            run(air(), List.of(point(HOUR, MONDAY, 120, 1), tick)).steps().stream()
                .map(ThresholdDetectorTest::word))
        .containsExactly("PENDING YELLOW", "FIRING YELLOW");
    DetectorEvent gap = missing(HOUR, MONDAY.plus(Duration.ofHours(1)));
    DetectorEvent late = new DetectorEvent.Tick(MONDAY.plus(Duration.ofHours(9)));
    assertThat(run(air(), List.of(point(HOUR, MONDAY, 120, 1), gap, late)).anomalies()).hasSize(1);
  }

  @Test
  void aLaterRevisionCorrectsTheVerdict() {
    Instant second = MONDAY.plus(Duration.ofHours(1));
    List<DetectorEvent> events =
        List.of(
            point(HOUR, MONDAY, 300, 1),
            point(HOUR, second, 300, 1),
            point(HOUR, second, 90, 2),
            point(HOUR, second, 300, 1));
    Run<?> run = run(air(), events);
    assertThat(run.steps().stream().map(ThresholdDetectorTest::word))
        .containsExactly("FIRING RED", "", "CLEARED RED", "");
    assertThat(run.anomalies().get(1).revision()).isEqualTo(2);
  }

  @Test
  void deviationIsKnownAfterThreeWeeks() {
    Detector<?> detector =
        new ThresholdDetector(
            HOUR, List.of(rule(Grade.BLUE, "z > 3", 0, null, 0)), 1, DayClass::usual);
    int week = 168;
    assertThat(
            run(
                    detector,
                    series(
                        HOUR,
                        4 * week,
                        i -> i == 2 * week + 7 || i == 3 * week + 5 ? 400 : 100 + i % 24))
                .anomalies())
        .extracting(Anomaly::periodStart, Anomaly::status)
        .containsExactly(
            Tuple.tuple(MONDAY.plus(Duration.ofHours(3 * week + 5)), Anomaly.Status.FIRING),
            Tuple.tuple(MONDAY.plus(Duration.ofHours(3 * week + 6)), Anomaly.Status.CLEARED));
  }

  @Test
  void saysWhyInBothLanguages() {
    Anomaly anomaly = run(air(), series(HOUR, 1, i -> 300)).anomalies().get(0);
    assertThat(anomaly.model()).isEqualTo("threshold@1");
    assertThat(anomaly.reasons().zh()).containsExactly("值 300 满足红色条件 value >= 251,已持续 1小时");
    assertThat(anomaly.reasons().en())
        .containsExactly("value 300 meets the red condition value >= 251, has held for 1 h");
  }

  @Test
  void asksForSoManyOfTheLastPeriods() {
    Detector<?> detector =
        new ThresholdDetector(
            HOUR, List.of(rule(Grade.BLUE, "value > 5 2 of 3", 0, null, 0)), 1, DayClass::usual);
    double gap = Double.NaN;
    double[] values = {9, 1, 9, 1, 1, 9, gap, 9, gap, 1};
    assertThat(
            run(detector, series(HOUR, values.length, i -> values[i])).steps().stream()
                .map(ThresholdDetectorTest::word))
        .containsExactly(
            "", "", "FIRING BLUE", "CLEARED BLUE", "", "", "", "FIRING BLUE", "", "CLEARED BLUE");
  }

  @Test
  void looksAtWhatThePointSaysBesidesItsValue() {
    Detector<?> detector =
        new ThresholdDetector(
            HOUR,
            List.of(
                rule(Grade.YELLOW, "yoy >= 0.1", 0, null, 0),
                rule(Grade.ORANGE, "count(deaths > 0) >= 1 and value > 1", 0, null, 0),
                rule(Grade.RED, "level(colour) = red", 0, null, 0)),
            1,
            DayClass::usual);
    List<DetectorEvent> events =
        List.of(
            reading(0, Map.of()),
            reading(1, Map.of("yoy", 0.2)),
            reading(2, Map.of("yoy", 0.2, "count(deaths > 0)", 2.0)),
            reading(3, Map.of("level(colour) = red", 1.0)),
            reading(4, Map.of("level(colour) = red", 0.0, "yoy", 0.05)));
    assertThat(run(detector, events).steps().stream().map(ThresholdDetectorTest::word))
        .containsExactly("", "FIRING YELLOW", "FIRING ORANGE", "FIRING RED", "CLEARED RED");
  }

  @Test
  void aSnapshotKeepsWindowsAndReadings() {
    ThresholdDetector detector =
        new ThresholdDetector(
            HOUR,
            List.of(
                rule(Grade.BLUE, "z > 1 2 of 3", 0, null, 0),
                rule(Grade.YELLOW, "yoy > 0 3 of 4", 0, null, 0)),
            1,
            DayClass::usual);
    RevisingDetector.State<ThresholdDetector.Memory> state =
        detector.initial(new SeriesKey("CVS-ENV-0001", "630102", new TreeMap<>()));
    for (int hour = 0; hour < 3; hour++) {
      state = detector.next(state, reading(hour, Map.of("yoy", 1.0))).state();
    }
    byte[] snapshot = detector.write(state);
    assertThat(detector.write(detector.read(snapshot))).isEqualTo(snapshot);
    assertThat(detector.read(snapshot).after().held()).containsExactly(0L, 7L);
    assertThat(detector.standing(state.after()))
        .isEqualTo(new Standing(Anomaly.Status.FIRING, Grade.YELLOW, 1));
  }

  private static DetectorEvent reading(int hour, Map<String, Double> readings) {
    IndicatorPoint point =
        ((DetectorEvent.Point) point(HOUR, MONDAY.plus(Duration.ofHours(hour)), 2, 1)).point();
    return new DetectorEvent.Point(
        new IndicatorPoint(
            point.key(),
            point.version(),
            point.periodStart(),
            point.grain(),
            point.value(),
            null,
            null,
            1,
            null,
            readings,
            point.trust(),
            point.revision(),
            point.computedAt(),
            point.inputHash()));
  }
}
