package org.chengmai.models;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.IntToDoubleFunction;
import org.chengmai.indicators.Anomaly;
import org.chengmai.indicators.DetectorEvent;
import org.chengmai.indicators.Grain;
import org.chengmai.indicators.IndicatorPoint;
import org.chengmai.models.tribuo.TribuoPatterns;
import org.junit.jupiter.api.Test;

class PatternDetectorTest extends DetectorContract<RevisingDetector.State<PatternMemory>> {
  private static final Grain QUARTER = Grain.of("PT15M");

  /** The contract's curve of a day is what the model knows; its bursts are what it does not. */
  private static PatternModel model(Grain grain) {
    Random random = new Random(1);
    double perDay = 86_400.0 / grain.typical().toSeconds();
    List<IndicatorPoint> history = new ArrayList<>();
    for (DetectorEvent event :
        series(
            grain,
            (int) perDay * 40,
            i -> 100 + 40 * Math.sin(2 * Math.PI * i / perDay) + 3 * random.nextGaussian())) {
      history.add(((DetectorEvent.Point) event).point());
    }
    return new TribuoPatterns().train("CVS-ENV-0001", 2, history, grain).model();
  }

  @Override
  PatternDetector detector(Grain grain) {
    return new PatternDetector(grain, model(DayShape.has(grain) ? grain : QUARTER));
  }

  private List<Anomaly> told(int days, IntToDoubleFunction value) {
    return run(detector(QUARTER), series(QUARTER, 96 * days, value)).anomalies();
  }

  private static double usual(int i, Random random) {
    return 100 + 40 * Math.sin(2 * Math.PI * i / 96) + 3 * random.nextGaussian();
  }

  @Test
  void aDayWhoseCourseWasNeverSeenIsToldWithTheNextDayAndEndsWithAUsualOne() {
    Random random = new Random(2);
    List<Anomaly> told = told(10, i -> i / 96 == 4 ? usual(i + 48, random) : usual(i, random));
    assertThat(told)
        .extracting(Anomaly::status)
        .containsExactly(Anomaly.Status.FIRING, Anomaly.Status.CLEARED);
    Anomaly alarm = told.get(0);
    assertThat(alarm.periodStart()).isEqualTo(MONDAY.plusSeconds(5 * 86_400L));
    assertThat(told.get(1).periodStart()).isEqualTo(MONDAY.plusSeconds(6 * 86_400L));
    assertThat(alarm.model()).isEqualTo("tribuo-kmeans@2");
    assertThat(alarm.reasons().zh().get(0)).contains("2026-01-09 全天的变化形态从未出现过");
    assertThat(alarm.reasons().en().get(0)).contains("the course of 2026-01-09 was never seen");
  }

  @Test
  void theLevelAndTheSizeOfADayAreNoneOfItsBusiness() {
    Random random = new Random(3);
    assertThat(told(20, i -> (1 + i / 96) * usual(i, random) + 500)).isEmpty();
  }

  @Test
  void aDayOfWhichMostIsMissingIsNotJudged() {
    Random random = new Random(4);
    assertThat(told(10, i -> i / 96 == 4 && i % 96 > 24 ? Double.NaN : usual(i, random))).isEmpty();
  }

  @Test
  void strangeDaysThatGoOnBecomeTheNewNormalAfterAWeek() {
    Random random = new Random(5);
    List<Anomaly> told = told(20, i -> i / 96 >= 4 ? usual(i + 48, random) : usual(i, random));
    assertThat(told.get(told.size() - 1).status()).isEqualTo(Anomaly.Status.CLEARED);
    assertThat(told.get(told.size() - 1).periodStart()).isEqualTo(MONDAY.plusSeconds(12 * 86_400L));
  }
}
