package org.chengmai.indicators.composite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.chengmai.indicators.composite.WeightStudy.Method;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class WeightStudyTest {
  private static final CompositeIndex INDEX =
      CompositeIndex.of("X", Weights.of(Map.of("A", 0.5, "B", 0.25, "C", 0.25)), Set.of());

  private static IndexValue value(double a, double b, @Nullable Double c) {
    Map<String, Reading> readings =
        new HashMap<>(Map.of("A", new Reading(a, null), "B", new Reading(b, null)));
    if (c != null) {
      readings.put("C", new Reading(c, null));
    }
    return INDEX.value(readings);
  }

  private static final WeightStudy STUDY =
      WeightStudy.of(
          "X",
          Map.of(
              "r1", List.of(value(20, 10, 30.0), value(40, 10, 50.0)),
              "r2", List.of(value(90, 10, 40.0), value(91, 10, null))));

  @Test
  void theScoresOfAHistoryGiveTheWeightsOfTheVector() {
    // the columns of the domain's vector, a hundredfold: entropy after min-max
    assertThat(STUDY.weights(Method.ENTROPY).byCode().get("A")).isCloseTo(0.551798, within(1e-6));
    assertThat(STUDY.weights(Method.ENTROPY).byCode().get("B")).as("constant").isZero();
    assertThat(STUDY.weights(Method.ENTROPY).byCode().get("C")).isCloseTo(0.448202, within(1e-6));
    assertThat(STUDY.weights(Method.COMBO))
        .isEqualTo(STUDY.weights(Method.ENTROPY).combine(STUDY.weights(Method.CRITIC)));
    assertThat(STUDY.rows()).isEqualTo(3);
    assertThat(STUDY.leftOut()).as("C had no score").isEqualTo(1);
    assertThat(STUDY.stated().byCode()).containsEntry("A", 0.5);
    assertThat(STUDY.meanScore("A")).isEqualTo(50);
  }

  @Test
  void theOrderOfRegionsIsOfTheirMeanScores() {
    RankStability stability = STUDY.stability(STUDY.weights(Method.ENTROPY), 100, 1);
    assertThat(stability.regions())
        .extracting(RankStability.RegionRank::region)
        .containsExactly("r2", "r1");
    assertThat(stability.meanTau()).isEqualTo(1);
  }

  @Test
  void roundedWeightsSumToOneAndMissByLessThanAUnit() {
    Random random = new Random(11);
    for (int i = 0; i < 500; i++) {
      Map<String, Double> importances = new TreeMap<>();
      for (int j = 0; j < 2 + random.nextInt(12); j++) {
        importances.put("C" + j, random.nextDouble() + 1e-3);
      }
      Weights weights = Weights.normalised(importances);
      Map<String, BigDecimal> rounded = WeightStudy.rounded(weights, 4);
      assertThat(rounded.values().stream().reduce(BigDecimal.ZERO, BigDecimal::add))
          .isEqualByComparingTo(BigDecimal.ONE);
      rounded.forEach(
          (code, weight) ->
              assertThat(weight.doubleValue())
                  .isCloseTo(weights.byCode().getOrDefault(code, 0.0), within(1.01e-4)));
    }
  }

  @Test
  void aWindowWithoutFullRowsIsRefused() {
    List<IndexValue> poor = new ArrayList<>(List.of(value(1, 2, null), value(2, 3, null)));
    assertThatThrownBy(() -> WeightStudy.of("X", Map.of("r", poor)))
        .hasMessageContaining("X: 2 values of the window lack an input's score");
  }
}
