package org.chengmai.indicators.composite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.chengmai.indicators.Grade;
import org.chengmai.indicators.composite.IndexValue.Cap;
import org.chengmai.indicators.composite.IndexValue.Part;
import org.chengmai.indicators.json.Json;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CompositeIndexTest {
  private static final Weights WEIGHTS = Weights.of(Map.of("A", 0.5, "B", 0.3, "C", 0.2));
  private static final CompositeIndex INDEX =
      CompositeIndex.of("CVS-UTL-9000", WEIGHTS, Set.of("GAS", "B"));
  private static final Reading GOOD_GAS = Reading.of(100);

  @Test
  void theArithmeticMeanCompensates() {
    IndexValue value = INDEX.value(scores(90, 60, 10));
    assertThat(value.score()).isEqualTo(65);
    assertThat(value.grade()).isEqualTo(Grade.BLUE);
    assertThat(value.coverage()).isEqualTo(1);
    assertThat(value.reasons().zh()).isEmpty();
    assertThat(value.parts())
        .containsExactly(
            new Part("A", 0.5, 0.5, 90.0),
            new Part("B", 0.3, 0.3, 60.0),
            new Part("C", 0.2, 0.2, 10.0));
  }

  @Test
  void theGeometricMeanCompensatesLess() {
    CompositeIndex half = geometric(Weights.of(Map.of("A", 0.5, "B", 0.5)));
    assertThat(half.value(scores(25, 100, 0)).score()).isEqualTo(50);
    assertThat(half.value(scores(81, 81, 0)).score()).isEqualTo(81);
  }

  @Test
  void aZeroCountsAsOneInTheGeometricMean() {
    CompositeIndex half = geometric(Weights.of(Map.of("A", 0.5, "B", 0.5)));
    assertThat(half.value(scores(0, 100, 0)).score()).isEqualTo(10);
    assertThat(half.value(scores(0, 0, 0)).score()).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource({
    "100,",
    "80,",
    "79.9999, BLUE",
    "60, BLUE",
    "59.9999, YELLOW",
    "40, YELLOW",
    "39.9999, ORANGE",
    "20, ORANGE",
    "19.9999, RED",
    "0, RED"
  })
  void sixtyIsTheWarningLine(double score, @Nullable Grade grade) {
    assertThat(GradeBands.defaults().grade(score).orElse(null)).isEqualTo(grade);
  }

  @Test
  void bandsMustFall() {
    assertThat(new GradeBands(90, 60, 30, 10).grade(85)).contains(Grade.BLUE);
    assertThatThrownBy(() -> new GradeBands(80, 80, 40, 20)).hasMessageContaining("must fall");
    assertThatThrownBy(() -> new GradeBands(80, 60, 40, 0)).hasMessageContaining("must fall");
    assertThatThrownBy(() -> new GradeBands(80, 60, 40, 39.99999))
        .hasMessageContaining("four decimals");
  }

  @Test
  void theWorstLifeLineCapsTheGradeAndNotTheScore() {
    IndexValue value =
        INDEX.value(
            Map.of(
                "A", Reading.of(100),
                "B", new Reading(90.0, Grade.YELLOW),
                "C", new Reading(90.0, Grade.RED),
                "GAS", new Reading(null, Grade.ORANGE)));
    assertThat(value.score()).isEqualTo(95);
    assertThat(value.grade()).isEqualTo(Grade.ORANGE);
    assertThat(value.cap()).isEqualTo(new Cap("GAS", Grade.ORANGE));
    assertThat(value.reasons().zh()).containsExactly("生命线指标 GAS 为橙色，指数等级不轻于橙色");
    assertThat(value.reasons().en())
        .containsExactly("Life-line GAS is orange, so the index' grade is no milder");
  }

  @Test
  void aCapThatIsMilderThanTheScoresGradeDoesNothing() {
    IndexValue value =
        capsScore().value(Map.of("A", Reading.of(10), "B", new Reading(10.0, Grade.YELLOW)));
    assertThat(value.score()).isEqualTo(10);
    assertThat(value.grade()).isEqualTo(Grade.RED);
    assertThat(value.cap()).isNull();
  }

  @Test
  void aLifeLineAsBadAsTheMeanIsNoCap() {
    IndexValue value =
        INDEX.value(Map.of("A", Reading.of(50), "B", new Reading(50.0, Grade.YELLOW)));
    assertThat(value.grade()).isEqualTo(Grade.YELLOW);
    assertThat(value.cap()).isNull();
  }

  @Test
  void theCapHoldsTheScoreBelowTheGradesBoundWhereAsked() {
    IndexValue value =
        capsScore()
            .value(
                Map.of(
                    "A", Reading.of(100),
                    "B", Reading.of(100),
                    "C", Reading.of(100),
                    "GAS", new Reading(0.0, Grade.RED)));
    assertThat(value.uncapped()).isEqualTo(100);
    assertThat(value.score()).isEqualTo(19.9999);
    assertThat(GradeBands.defaults().grade(Objects.requireNonNull(value.score())))
        .contains(Grade.RED);
  }

  @Test
  void missingInputsHandTheirWeightToTheOthers() {
    IndexValue value =
        INDEX.value(Map.of("A", Reading.of(80), "B", Reading.of(40), "GAS", GOOD_GAS));
    assertThat(value.score()).isEqualTo(65);
    assertThat(value.coverage()).isEqualTo(0.8);
    assertThat(value.parts().get(2)).isEqualTo(new Part("C", 0.2, 0, null));
    assertThat(value.reasons().zh()).containsExactly("权重覆盖率 80.0 %，其余权重重新归一；缺：C");
    assertThat(value.reasons().en())
        .containsExactly("Weight coverage 80.0 %, the other weights are scaled up; missing: C");
  }

  @Test
  void seventyPerCentAreEnoughAndLessGiveNoIndex() {
    assertThat(INDEX.value(Map.of("A", Reading.of(80), "C", Reading.of(10))).score()).isEqualTo(60);
    IndexValue value = INDEX.value(Map.of("A", Reading.of(80), "GAS", GOOD_GAS));
    assertThat(value.score()).isNull();
    assertThat(value.uncapped()).isNull();
    assertThat(value.grade()).isNull();
    assertThat(value.coverage()).isEqualTo(0.5);
    assertThat(value.reasons().zh().get(0)).isEqualTo("权重覆盖率 50.0 % 低于 70.0 %，不出指数；缺：B、C");
    assertThat(value.reasons().en().get(0))
        .isEqualTo("Weight coverage 50.0 % is below 70.0 %, so there is no index; missing: B, C");
  }

  @Test
  void theLeastCoverageIsConfigurableAndNeverRoundedUp() {
    CompositeIndex strict =
        new CompositeIndex(
            "X",
            Weights.of(Map.of("A", 0.6999, "B", 0.3001)),
            Set.of(),
            Mean.ARITHMETIC,
            0.7,
            GradeBands.defaults(),
            false);
    IndexValue value = strict.value(Map.of("A", Reading.of(80)));
    assertThat(value.score()).isNull();
    assertThat(value.reasons().en().get(0)).startsWith("Weight coverage 69.9 % is below 70.0 %");
    assertThatThrownBy(
            () ->
                new CompositeIndex(
                    "X", WEIGHTS, Set.of(), Mean.ARITHMETIC, 0, GradeBands.defaults(), false))
        .hasMessageContaining("minimum coverage 0.0");
  }

  @Test
  void eightTenthsAreEightyPerCentThoughTheirSumIsAHairLess() {
    Map<String, Double> tenths = new HashMap<>();
    Map<String, Reading> readings = new HashMap<>();
    for (int i = 0; i < 10; i++) {
      tenths.put("I" + i, 0.1);
      if (i < 8) {
        readings.put("I" + i, Reading.of(50));
      }
    }
    IndexValue value =
        new CompositeIndex(
                "X",
                Weights.of(tenths),
                Set.of(),
                Mean.ARITHMETIC,
                0.8,
                GradeBands.defaults(),
                false)
            .value(readings);
    assertThat(value.coverage()).isLessThan(0.8);
    assertThat(value.score()).isEqualTo(50);
    assertThat(value.reasons().en().get(0)).startsWith("Weight coverage 80.0 %");
  }

  @Test
  void aLifeLinesGradeShowsEvenWithoutAnIndex() {
    IndexValue value = INDEX.value(Map.of("GAS", new Reading(null, Grade.RED)));
    assertThat(value.score()).isNull();
    assertThat(value.coverage()).isZero();
    assertThat(value.grade()).isEqualTo(Grade.RED);
  }

  @Test
  void aLifeLineWithoutDataIsNamed() {
    IndexValue value = INDEX.value(Map.of("A", Reading.of(80), "B", Reading.of(80)));
    assertThat(value.reasons().zh()).contains("生命线指标无数据，未参与封顶：GAS");
    assertThat(value.reasons().en())
        .contains("No data of life-lines, which therefore cap nothing: GAS");
  }

  @Test
  void scoresOutsideOfTheScaleAreRefused() {
    assertThatThrownBy(() -> Reading.of(100.1)).hasMessageContaining("normalise");
    assertThatThrownBy(() -> Reading.of(Double.NaN)).hasMessageContaining("NaN");
  }

  @Test
  void valuesAndDefinitionsSurviveStorage() {
    IndexValue value =
        capsScore().value(Map.of("A", Reading.of(80), "B", new Reading(1.0, Grade.RED)));
    assertThat(Json.read(Json.write(value), IndexValue.class)).isEqualTo(value);
    assertThat(Json.read(Json.write(INDEX), CompositeIndex.class)).isEqualTo(INDEX);
  }

  private static CompositeIndex capsScore() {
    return new CompositeIndex(
        "X", WEIGHTS, Set.of("GAS", "B"), Mean.ARITHMETIC, 0.7, GradeBands.defaults(), true);
  }

  private static CompositeIndex geometric(Weights weights) {
    return new CompositeIndex(
        "X", weights, Set.of(), Mean.GEOMETRIC, 0.7, GradeBands.defaults(), false);
  }

  private static Map<String, Reading> scores(double a, double b, double c) {
    return Map.of("A", Reading.of(a), "B", Reading.of(b), "C", Reading.of(c), "GAS", GOOD_GAS);
  }
}
