package org.chengmai.models.nab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.chengmai.models.nab.NabScorer.Profile;
import org.chengmai.models.nab.NabScorer.Scored;
import org.junit.jupiter.api.Test;

/** The scoring rules by cases computed by hand. */
class NabScorerTest {
  /** 100 rows, so 15 are not scored, with detections at some rows. */
  private static Scored series(List<int[]> windows, int... detections) {
    double[] scores = new double[100];
    for (int row : detections) {
      scores[row] = 1;
    }
    return new Scored(scores, windows);
  }

  private static final List<int[]> ONE = List.of(new int[] {40, 49});

  private static double raw(Scored series) {
    return NabScorer.raw(series, 0.5, Profile.STANDARD);
  }

  @Test
  void theLeftEdgeOfAWindowIsWorthOne() {
    assertThat(raw(series(ONE, 40))).isEqualTo(1);
  }

  @Test
  void theMiddleIsWorthAlmostAsMuchAndTheRightEdgeLittle() {
    // Row 45 of 40..49: -(49-45+1)/10 = -0.5; (2/(1+e^-2.5) - 1) / (2/(1+e^-5) - 1) =
    // 0.84828/0.98661.
    assertThat(raw(series(ONE, 45))).isCloseTo(0.85979, within(1e-5));
    // Row 49: -0.1; 0.24492/0.98661.
    assertThat(raw(series(ONE, 49))).isCloseTo(0.24824, within(1e-5));
  }

  @Test
  void onlyTheBestDetectionOfAWindowCounts() {
    assertThat(raw(series(ONE, 41, 45, 49))).isEqualTo(raw(series(ONE, 41)));
  }

  @Test
  void aMissedWindowCostsItsMiss() {
    assertThat(raw(series(ONE))).isEqualTo(-1);
    assertThat(NabScorer.raw(series(ONE), 0.5, Profile.REWARD_LOW_FN)).isEqualTo(-2);
  }

  @Test
  void falseAlarmsBeforeTheFirstWindowCostInFullEachRow() {
    assertThat(raw(series(ONE, 20, 21, 40))).isCloseTo(1 - 2 * 0.11, within(1e-9));
    assertThat(NabScorer.raw(series(ONE, 20, 40), 0.5, Profile.REWARD_LOW_FP))
        .isCloseTo(1 - 0.22, within(1e-9));
  }

  @Test
  void falseAlarmsAfterAWindowCostMoreTheFartherTheyAre() {
    // One row after: (50-49)/9 = 1/9; 2/(1+e^0.5556) - 1 = -0.27085.
    assertThat(raw(series(ONE, 40, 50))).isCloseTo(1 - 0.11 * 0.27085, within(1e-5));
    // 29 rows after: 29/9 > 3 widths.
    assertThat(raw(series(ONE, 40, 78))).isCloseTo(1 - 0.11, within(1e-9));
  }

  @Test
  void theFirstRowsAreNotScored() {
    assertThat(raw(series(ONE, 0, 14, 40))).isEqualTo(1);
    assertThat(raw(series(ONE, 15, 40))).isCloseTo(0.89, within(1e-9));
    assertThat(NabScorer.probation(10_320)).isEqualTo(750);
    assertThat(NabScorer.probation(4_032)).isEqualTo(604);
  }

  @Test
  void aWindowWhollyWithinThemAddsNothing() {
    assertThat(raw(series(List.of(new int[] {3, 9}), 5))).isZero();
    assertThat(raw(series(List.of(new int[] {3, 9})))).isZero();
  }

  @Test
  void silenceScoresZeroAndPerfectionAHundred() {
    for (Profile profile : Profile.values()) {
      assertThat(NabScorer.score(List.of(series(ONE), series(List.of())), 0.5, profile)).isZero();
      assertThat(NabScorer.score(List.of(series(ONE, 40), series(List.of())), 0.5, profile))
          .isEqualTo(100);
    }
  }

  @Test
  void theBestThresholdIsFoundAmongTheScoresAndSilence() {
    double[] scores = new double[100];
    scores[40] = 0.8;
    scores[20] = 0.3;
    NabScorer.Best best = NabScorer.best(List.of(new Scored(scores, ONE)), Profile.STANDARD);
    assertThat(best).isEqualTo(new NabScorer.Best(100, 0.8));
    double[] wrong = new double[100];
    wrong[20] = 0.9;
    assertThat(NabScorer.best(List.of(new Scored(wrong, ONE)), Profile.STANDARD))
        .isEqualTo(new NabScorer.Best(0, Double.POSITIVE_INFINITY));
  }
}
