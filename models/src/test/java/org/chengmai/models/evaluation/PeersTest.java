package org.chengmai.models.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.time.Instant;
import org.chengmai.indicators.Grain;
import org.chengmai.models.DayClass;
import org.chengmai.models.rcf.RandomCutForestAlarms;
import org.chengmai.models.rcf.RandomCutForestModel;
import org.junit.jupiter.api.Test;

class PeersTest {
  private static final Instant MONDAY = Instant.parse("2026-01-04T16:00:00Z");

  @Test
  void theTailOfTheNormalDistributionIsKnown() {
    // P(Z > 1.6449) = 0.05, P(Z > 3.0902) = 0.001, P(Z > 6) = 9.866e-10, P(Z > 10) = 7.62e-24.
    assertThat(NormalTail.minusLog10(0)).isCloseTo(0.30103, within(1e-5));
    assertThat(NormalTail.minusLog10(1.644854)).isCloseTo(1.30103, within(1e-4));
    assertThat(NormalTail.minusLog10(3.090232)).isCloseTo(3, within(1e-4));
    assertThat(NormalTail.minusLog10(6)).isCloseTo(9.005863, within(1e-4));
    assertThat(NormalTail.minusLog10(10)).isCloseTo(23.118053, within(1e-4));
  }

  @Test
  void theGaussianMeasuresInStandardDeviationsOfItsWindow() {
    WindowedGaussian model = new WindowedGaussian();
    for (int row = 0; row < 10_000; row++) {
      model.next(MONDAY, row % 2 == 0 ? 9 : 11);
    }
    assertThat(model.next(MONDAY, 14)).isCloseTo(4, within(1e-3));
  }

  @Test
  void theSeasonalMedianKnowsWorkdaysFromDaysOff() {
    SeasonalMedian model = new SeasonalMedian(Grain.of("PT1H"), DayClass::usual);
    double weekend = 0;
    for (int hour = 0; hour < 24 * 7 * 6; hour++) {
      boolean isOff = hour / 24 % 7 >= 5;
      double value = (isOff ? 20 : 100) + hour / 24 % 3 + hour % 24;
      double strangeness = model.next(MONDAY.plus(Duration.ofHours(hour)), value);
      weekend = hour > 24 * 7 * 5 ? Math.max(weekend, strangeness) : 0;
    }
    assertThat(weekend).isLessThan(3);
    assertThat(model.next(MONDAY.plus(Duration.ofDays(42)), 20)).isGreaterThan(20);
  }

  @Test
  void afterAnAlarmAPeerIsSilentForAHundredRows() {
    double[] scores = new double[300];
    scores[10] = 5;
    scores[50] = 9;
    scores[110] = 9;
    scores[111] = 6;
    double[] alarms = PeerAlarms.decide(scores, 5);
    assertThat(alarms[10]).isEqualTo(5);
    assertThat(alarms[111]).isEqualTo(6);
    assertThat(FaultReport.count(alarms)).isEqualTo(2);
    PeerAlarms live = new PeerAlarms((time, value) -> value, Peers.Decision.THRESHOLD, 5);
    for (int row = 0; row < scores.length; row++) {
      assertThat(live.next(MONDAY, scores[row])).isEqualTo(alarms[row]);
    }
  }

  @Test
  void theForestFindsASpikeStranger() {
    RandomCutForestModel model = new RandomCutForestModel();
    RowScorer own = RandomCutForestAlarms.kind().of(Grain.of("PT1H"), DayClass::usual).get();
    double usual = 0;
    for (int row = 0; row < 1_000; row++) {
      double value = Math.sin(row / 4.0);
      Instant time = MONDAY.plus(Duration.ofHours(row));
      usual = row > 900 ? Math.max(usual, model.next(time, value)) : 0 * model.next(time, value);
      own.next(time, value);
    }
    Instant time = MONDAY.plus(Duration.ofHours(1_000));
    assertThat(model.next(time, 30)).isGreaterThan(2 * usual);
    assertThat(own.next(time, 30)).isPositive();
  }
}
