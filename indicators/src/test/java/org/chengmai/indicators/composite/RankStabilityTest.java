package org.chengmai.indicators.composite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.assertj.core.data.Offset;
import org.chengmai.indicators.composite.RankStability.RegionRank;
import org.chengmai.indicators.json.Json;
import org.junit.jupiter.api.Test;

class RankStabilityTest {
  private static final CompositeIndex INDEX =
      CompositeIndex.of("X", Weights.of(Map.of("A", 0.5, "B", 0.5)), Set.of());

  @Test
  void anOrderThatNoWeightCanTurnIsKeptAlways() {
    RankStability stability =
        RankStability.of(
            INDEX,
            Map.of("r1", scores(90, 90), "r2", scores(70, 80), "r3", scores(10, 20)),
            200,
            1);
    assertThat(stability.meanTau()).isEqualTo(1);
    assertThat(stability.leastTau()).isEqualTo(1);
    assertThat(stability.regions())
        .containsExactly(
            new RegionRank("r1", 90, 1, 1),
            new RegionRank("r2", 75, 2, 1),
            new RegionRank("r3", 15, 3, 1));
  }

  @Test
  void anOrderThatHangsOnTheWeightsIsShownAsSuch() {
    // r1 leads by a hair: each second draw turns it.
    RankStability stability =
        RankStability.of(
            INDEX,
            Map.of("r1", scores(100, 0.001), "r2", scores(0, 100), "r3", scores(5, 5)),
            2000,
            2);
    assertThat(stability.regions())
        .extracting(RegionRank::region)
        .containsExactly("r1", "r2", "r3");
    assertThat(stability.regions().get(0).kept()).isCloseTo(0.5, Offset.offset(0.05));
    assertThat(stability.regions().get(2).kept()).isEqualTo(1);
    // One of three pairs turned round gives a third.
    assertThat(stability.leastTau()).isCloseTo(1.0 / 3, Offset.offset(1e-12));
    assertThat(stability.meanTau()).isCloseTo(2.0 / 3, Offset.offset(0.05));
  }

  @Test
  void theSameSeedDrawsTheSame() {
    Map<String, Map<String, Reading>> readings =
        Map.of("r1", scores(60, 50), "r2", scores(50, 60), "r3", scores(55, 54));
    RankStability stability = RankStability.of(INDEX, readings, 50, 7);
    assertThat(RankStability.of(INDEX, new TreeMap<>(readings), 50, 7)).isEqualTo(stability);
    assertThat(RankStability.of(INDEX, readings, 50, 8)).isNotEqualTo(stability);
    assertThat(Json.read(Json.write(stability), RankStability.class)).isEqualTo(stability);
  }

  @Test
  void weightsStayWithinTwentyPerCentBeforeScaling() {
    // Two halves: the scaled share of A lies between 0.8/2.0 and 1.2/2.0.
    Random random = new Random(3);
    for (int i = 0; i < 1000; i++) {
      assertThat(INDEX.weights().perturbed(random, 0.2).weight("A")).isBetween(0.4, 0.6);
    }
  }

  @Test
  void regionsWithoutAnIndexAreLeftOut() {
    Map<String, Map<String, Reading>> readings =
        Map.of("r1", scores(60, 50), "r2", scores(50, 60), "r3", Map.of("A", Reading.of(9)));
    assertThat(RankStability.of(INDEX, readings, 10, 7).regions())
        .extracting(RegionRank::region)
        .containsExactlyInAnyOrder("r1", "r2");
    assertThatThrownBy(() -> RankStability.of(INDEX, Map.of("r1", scores(1, 2)), 10, 7))
        .hasMessageContaining("[r1]");
    assertThatThrownBy(() -> RankStability.of(INDEX, readings, 0, 7)).hasMessageContaining("0");
  }

  @Test
  void equalScoresShareTheBetterRankAndTauAllowsForThem() {
    RankStability stability =
        RankStability.of(
            INDEX, Map.of("r1", scores(9, 9), "r2", scores(9, 9), "r3", scores(1, 1)), 5, 7);
    assertThat(stability.regions()).extracting(RegionRank::rank).containsExactly(1, 1, 3);
    assertThat(stability.meanTau()).isEqualTo(1);
    double[] flat = {1, 1, 1};
    assertThat(RankStability.tau(flat, flat)).isEqualTo(1);
    assertThat(RankStability.tau(flat, new double[] {1, 2, 3})).isEqualTo(0);
    // Two pairs agree of the three and the two that are ordered.
    assertThat(RankStability.tau(new double[] {1, 2, 3}, new double[] {1, 2, 2}))
        .isCloseTo(2 / Math.sqrt(6), Offset.offset(1e-12));
    assertThat(RankStability.tau(new double[] {1, 2, 3}, new double[] {3, 2, 1})).isEqualTo(-1);
  }

  private static Map<String, Reading> scores(double a, double b) {
    return Map.of("A", Reading.of(a), "B", Reading.of(b));
  }
}
