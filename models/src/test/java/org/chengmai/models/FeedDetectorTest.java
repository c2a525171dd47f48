package org.chengmai.models;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.chengmai.indicators.Anomaly;
import org.chengmai.indicators.DetectorEvent;
import org.chengmai.indicators.Grade;
import org.chengmai.indicators.Grain;
import org.junit.jupiter.api.Test;

class FeedDetectorTest extends DetectorContract<RevisingDetector.State<FeedDetector.Memory>> {
  private static final Grain HOUR = Grain.of("PT1H");

  @Override
  FeedDetector detector(Grain grain) {
    return new FeedDetector(
        grain, 3, Duration.ofMinutes(5), grain.typical().multipliedBy(6), false);
  }

  private static List<String> told(boolean zeroMayRest, double... values) {
    return run(
            new FeedDetector(HOUR, 2, Duration.ofMinutes(20), Duration.ofHours(3), zeroMayRest),
            series(HOUR, values.length, i -> values[i]))
        .steps()
        .stream()
        .map(
            step ->
                step.isEmpty()
                    ? ""
                    : step.get(0).status() + " " + step.get(0).reasons().zh().get(0))
        .toList();
  }

  @Test
  void missingPeriodsAreToldAndEndWithTheNextValue() {
    double gap = Double.NaN;
    assertThat(told(false, 1, gap, gap, gap, 2))
        .containsExactly("", "", "FIRING 数据缺失:连续 2 个周期无数值", "", "CLEARED 数值恢复");
  }

  @Test
  void aZeroIsNotMissing() {
    assertThat(told(false, 1, 0, 2, 0, 1)).containsOnly("");
  }

  @Test
  void aValueThatNoLongerMovesIsAFlatLine() {
    assertThat(told(false, 1, 5, 5, 5, 5, 6))
        .containsExactly("", "", "", "FIRING 数值恒定:5 已保持 3小时 不变", "", "CLEARED 数值不再恒定");
  }

  @Test
  void aGapBreaksAFlatLine() {
    assertThat(told(false, 5, 5, Double.NaN, 5, 5, 6)).containsOnly("");
  }

  @Test
  void zeroMayRestWhereTheDefinitionSaysSo() {
    assertThat(told(true, 0, 0, 0, 0, 0)).containsOnly("");
    assertThat(told(false, 0, 0, 0)).contains("FIRING 数值恒定:0 已保持 3小时 不变");
  }

  @Test
  void aDayWithoutValuesIsGraver() {
    Run<?> run =
        run(new FeedDetector(HOUR, 2, null, false), series(HOUR, 30, i -> i == 0 ? 1 : Double.NaN));
    assertThat(run.anomalies())
        .extracting(Anomaly::grade)
        .containsExactly(Grade.YELLOW, Grade.ORANGE);
  }

  private static DetectorEvent tick(int hour, int minute) {
    return new DetectorEvent.Tick(MONDAY.plus(Duration.ofMinutes(60L * hour + minute)));
  }

  private static List<String> words(List<List<Anomaly>> steps) {
    return steps.stream()
        .flatMap(List::stream)
        .map(
            anomaly ->
                anomaly.status() + " " + anomaly.grade() + " " + anomaly.reasons().en().get(0))
        .toList();
  }

  @Test
  void aStoppedFeedIsToldWhileItIsStopped() {
    FeedDetector detector = new FeedDetector(HOUR, 2, Duration.ofMinutes(20), null, false);
    List<DetectorEvent> events = new ArrayList<>(series(HOUR, 3, i -> i));
    events.add(tick(5, 19));
    assertThat(run(detector, events).anomalies()).as("two periods may be late").isEmpty();
    events.addAll(List.of(tick(5, 20), tick(5, 50), tick(26, 59), tick(27, 0), tick(40, 0)));
    events.add(point(HOUR, MONDAY.plus(Duration.ofHours(40)), 5, 1));
    assertThat(words(run(detector, events).steps()))
        .containsExactly(
            "FIRING YELLOW feed stopped: nothing has come for 140 min",
            "FIRING ORANGE feed stopped: nothing has come for 1 d",
            "CLEARED ORANGE the feed is back");
  }

  @Test
  void nothingNeedComeWhereTheDefinitionLeavesPeriodsOut() {
    FeedDetector detector = new FeedDetector(HOUR, 2, null, false);
    List<DetectorEvent> events = new ArrayList<>(series(HOUR, 3, i -> i));
    events.add(tick(99, 0));
    assertThat(run(detector, events).anomalies()).isEmpty();
    assertThat(detector.nextTick(run(detector, events).state())).isNull();
  }

  @Test
  void aMissingPeriodShowsThatTheFeedHasNotStopped() {
    FeedDetector detector = new FeedDetector(HOUR, 3, Duration.ofMinutes(20), null, false);
    List<DetectorEvent> events = new ArrayList<>(series(HOUR, 4, i -> i < 3 ? 1 : Double.NaN));
    events.add(tick(7, 0));
    assertThat(run(detector, events).anomalies()).isEmpty();
    events.add(tick(7, 20));
    assertThat(words(run(detector, events).steps()))
        .containsExactly("FIRING YELLOW feed stopped: nothing has come for 200 min");
  }

  @Test
  void zerosAreToldWhereTheSeriesIsNeverZero() {
    FeedDetector detector = new FeedDetector(HOUR, 3, null, true);
    assertThat(words(run(detector, series(HOUR, 120, i -> i > 99 && i < 110 ? 0 : 5 + i)).steps()))
        .containsExactly(
            "FIRING YELLOW zero: 3 periods in a row, of a series that is never zero",
            "CLEARED YELLOW the value is no longer zero");
    assertThat(run(detector, series(HOUR, 120, i -> i == 50 || i > 99 ? 0 : 5)).anomalies())
        .as("a series that was zero once in the last 96 values")
        .isEmpty();
  }
}
