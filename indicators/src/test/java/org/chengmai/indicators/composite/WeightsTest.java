package org.chengmai.indicators.composite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.assertj.core.data.Offset;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;
import org.chengmai.indicators.json.Json;
import org.junit.jupiter.api.Test;

class WeightsTest {
  private static final List<String> ABC = List.of("A", "B", "C");

  @Test
  void statedWeightsStayAsTheyAre() {
    Map<String, Double> stated = Map.of("A", 0.1, "B", 0.2, "C", 0.7);
    assertThat(Weights.of(stated).byCode()).isEqualTo(stated);
  }

  @Test
  void statedWeightsMayMissOneByABillionthAndAreScaled() {
    Weights weights = Weights.of(Map.of("A", 0.5, "B", 0.5 + 9e-10));
    assertThat(sum(weights)).isCloseTo(1, Offset.offset(1e-12));
    assertThatThrownBy(() -> Weights.of(Map.of("A", 0.5, "B", 0.5 + 2e-9)))
        .hasMessageContaining("must sum to 1");
    assertThatThrownBy(() -> Weights.of(Map.of())).hasMessageContaining("must sum to 1");
  }

  @Test
  void refusesNegativeWeights() {
    assertThatThrownBy(() -> Weights.of(Map.of("A", 1.5, "B", -0.5)))
        .hasMessageContaining("B has -0.5");
    assertThatThrownBy(() -> Weights.of(Map.of("A", Double.NaN))).hasMessageContaining("NaN");
  }

  @Test
  void combinesByTheRootOfTheProduct() {
    Weights stated = Weights.of(Map.of("A", 0.5, "B", 0.32, "C", 0.18));
    Weights learned = Weights.of(Map.of("A", 0.02, "B", 0.98, "C", 0.0));
    // Roots 0.1, 0.56 and 0.
    double sum = 0.66;
    approximately(stated.combine(learned), 1e-12, 0.1 / sum, 0.56 / sum, 0);
    assertThatThrownBy(() -> stated.combine(Weights.of(Map.of("A", 1.0))))
        .hasMessageContaining("not of the same inputs");
    assertThatThrownBy(
            () ->
                Weights.of(Map.of("A", 1.0, "B", 0.0))
                    .combine(Weights.of(Map.of("A", 0.0, "B", 1.0))))
        .hasMessageContaining("state fixed weights");
  }

  @Test
  void mixesByTheShareOfTheOther() {
    Weights stated = Weights.of(Map.of("A", 0.5, "B", 0.5));
    Weights learned = Weights.of(Map.of("A", 1.0, "B", 0.0));
    approximately(stated.mix(learned, 0.4), 1e-12, 0.7, 0.3);
    assertThat(stated.mix(learned, 0)).isEqualTo(stated);
    assertThat(stated.mix(learned, 1)).isEqualTo(learned);
    assertThatThrownBy(() -> stated.mix(learned, 1.1)).hasMessageContaining("1.1");
  }

  @Test
  void judgementsGiveThePrincipalEigenvector() {
    Ahp ahp = Ahp.of(ABC, List.of(3.0, 5.0, 3.0));
    approximately(ahp.weights(), 1e-8, 0.63698557, 0.25828499, 0.10472943);
    assertThat(ahp.lambda()).isCloseTo(3.03851109, Offset.offset(1e-8));
    assertThat(ahp.consistencyIndex()).isCloseTo(0.01925555, Offset.offset(1e-8));
    assertThat(ahp.consistencyRatio()).isCloseTo(0.0332, Offset.offset(1e-4));
  }

  @Test
  void fourInputsAreJudgedRowByRow() {
    Ahp ahp = Ahp.of(List.of("A", "B", "C", "D"), List.of(2.0, 4.0, 7.0, 3.0, 5.0, 2.0));
    approximately(ahp.weights(), 1e-8, 0.50932011, 0.30804360, 0.11854758, 0.06408872);
    assertThat(ahp.lambda()).isCloseTo(4.02147606, Offset.offset(1e-8));
  }

  @Test
  void judgementsThatAgreeGiveTheirOwnProportions() {
    Ahp ahp = Ahp.of(ABC, List.of(2.0, 6.0, 3.0));
    approximately(ahp.weights(), 1e-12, 0.6, 0.3, 0.1);
    assertThat(ahp.consistencyRatio()).isCloseTo(0, Offset.offset(1e-12));
    approximately(Ahp.of(List.of("A", "B"), List.of(4.0)).weights(), 1e-12, 0.8, 0.2);
    approximately(Ahp.of(List.of("A"), List.of()).weights(), 0, 1);
  }

  @Test
  void contradictionsAreRefusedByTheNameOfTheWorstJudgement() {
    // Weights 8 : 4 : 2 : 1 agree; B over D is turned round.
    List<Double> judgements = List.of(2.0, 4.0, 8.0, 2.0, 0.25, 2.0);
    assertThatThrownBy(() -> Ahp.of(List.of("A", "B", "C", "D"), judgements))
        .isInstanceOfSatisfying(
            ChengmaiException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_DEFINITION))
        .hasMessageContaining("CR 0.")
        .hasMessageContaining("B over D: judged 0.25");
    // Round in a circle: no weights settle it, and the search still ends.
    assertThatThrownBy(() -> Ahp.of(ABC, List.of(1e6, 1e-6, 1e6))).hasMessageContaining("CR ");
  }

  @Test
  void judgementsMustBeAsManyAsThePairs() {
    assertThatThrownBy(() -> Ahp.of(ABC, List.of(3.0, 5.0))).hasMessageContaining("3 pairs");
    assertThatThrownBy(() -> Ahp.of(ABC, List.of(3.0, 5.0, 0.0)))
        .hasMessageContaining("B over C is judged 0.0");
    assertThatThrownBy(() -> Ahp.of(List.of("A", "A"), List.of(1.0)))
        .hasMessageContaining("different inputs");
  }

  @Test
  void entropyWeightsDependOnTheVariant() {
    Sample sample =
        sample(List.of(0.2, 0.4, 0.9), List.of(10.0, 10.0, 10.0), List.of(3.0, 5.0, 4.0));
    approximately(sample.entropyOfMinMax(), 5e-7, 0.551798, 0, 0.448202);
    approximately(sample.entropyOfShares(), 5e-7, 0.890363, 0, 0.109637);
  }

  @Test
  void aColumnOfZerosHasNoWeightAndASingleHitHasTheMost() {
    Sample sample = sample(List.of(0.0, 0.0, 0.0), List.of(0.0, -0.0, 7.0), List.of(1.0, 2.0, 3.0));
    Weights weights = sample.entropyOfShares();
    assertThat(weights.weight("A")).isZero();
    assertThat(weights.weight("B")).isGreaterThan(weights.weight("C"));
    assertThat(
            sample(List.of(0.0, -0.0), List.of(1.0, 2.0), List.of(1.0, 3.0)).critic().weight("A"))
        .isZero();
  }

  @Test
  void criticWeighsDeviationByConflict() {
    Sample sample =
        sample(
            List.of(0.2, 0.4, 0.9, 0.5),
            List.of(30.0, 10.0, 20.0, 25.0),
            List.of(3.0, 5.0, 4.0, 9.0));
    approximately(sample.critic(), 1e-9, 0.334644709460, 0.356051395220, 0.309303895320);
  }

  @Test
  void criticCountsDeviationAloneWhereNothingConflicts() {
    // B and C say the same; the constant A is no conflict.
    Sample sample =
        sample(List.of(5.0, 5.0, 5.0), List.of(1.0, 2.0, 3.0), List.of(10.0, 20.0, 30.0));
    approximately(sample.critic(), 1e-9, 0, 0.5, 0.5);
  }

  @Test
  void refusesSamplesThatTellNothing() {
    Sample constant = sample(List.of(1.0, 1.0), List.of(2.0, 2.0), List.of(0.0, 0.0));
    assertThatThrownBy(constant::entropyOfShares).hasMessageContaining("state fixed weights");
    assertThatThrownBy(constant::entropyOfMinMax).hasMessageContaining("state fixed weights");
    assertThatThrownBy(constant::critic).hasMessageContaining("state fixed weights");
    assertThatThrownBy(() -> sample(List.of(1.0), List.of(1.0), List.of(1.0)))
        .hasMessageContaining("two rows");
    assertThatThrownBy(() -> sample(List.of(1.0, 2.0), List.of(1.0), List.of(1.0, 2.0)))
        .hasMessageContaining("B needs 2");
    assertThatThrownBy(
            sample(List.of(1.0, 2.0), List.of(-1.0, 1.0), List.of(1.0, 2.0))::entropyOfShares)
        .hasMessageContaining("negative");
  }

  @Test
  void weightsSurviveStorage() {
    Ahp ahp = Ahp.of(ABC, List.of(3.0, 5.0, 3.0));
    assertThat(Json.read(Json.write(ahp), Ahp.class)).isEqualTo(ahp);
  }

  private static Sample sample(List<Double> a, List<Double> b, List<Double> c) {
    return new Sample(new TreeMap<>(Map.of("A", a, "B", b, "C", c)));
  }

  private static void approximately(Weights weights, double tolerance, double... expected) {
    double[] actual = weights.byCode().values().stream().mapToDouble(w -> w).toArray();
    assertThat(actual)
        .as(Arrays.toString(actual))
        .containsExactly(expected, Offset.offset(tolerance));
  }

  private static double sum(Weights weights) {
    return weights.byCode().values().stream().mapToDouble(w -> w).sum();
  }
}
