package org.chengmai.indicators.composite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.assertj.core.data.Offset;
import org.chengmai.indicators.Grade;
import org.chengmai.indicators.composite.Explanation.Contribution;
import org.chengmai.indicators.composite.Explanation.Kind;
import org.chengmai.indicators.json.Json;
import org.junit.jupiter.api.Test;

class ExplanationTest {
  private static final Weights WEIGHTS = Weights.of(Map.of("A", 0.5, "B", 0.3, "C", 0.2));
  private static final CompositeIndex PLAIN = index(WEIGHTS, Mean.ARITHMETIC, false);

  @Test
  void aContributionIsTheWeightTimesTheChangeOfTheScore() {
    Explanation explanation =
        explain(
            PLAIN,
            Map.of("A", of(80), "B", of(50), "C", of(20)),
            Map.of("A", of(70), "B", of(60), "C", of(20)));
    assertThat(explanation.change()).isEqualByComparingTo("-2");
    assertThat(explanation.contributions())
        .containsExactly(input("A", "-5.0000"), input("B", "3.0000"), input("C", "0.0000"));
  }

  @Test
  void thirdsSumToThePublishedChange() {
    Weights thirds = Weights.normalised(Map.of("A", 1.0, "B", 1.0, "C", 1.0));
    Explanation explanation =
        explain(
            index(thirds, Mean.ARITHMETIC, false),
            Map.of("A", of(0), "B", of(0), "C", of(0)),
            Map.of("A", of(0.0001), "B", of(0.0001), "C", of(0.0001)));
    // A third of the smallest step each: one input has to show all of it.
    assertThat(explanation.change()).isEqualByComparingTo("0.0001");
    assertThat(explanation.contributions())
        .containsExactly(input("A", "0.0000"), input("B", "0.0001"), input("C", "0.0000"));
  }

  @Test
  void contributionsSumWhereTheIndexLiesBetweenTwoPublishedScores() {
    // Scores in steps of 0.0005 by weights in tenths: half of the indices end in 0.00005.
    Random random = new Random(9);
    CompositeIndex index =
        index(Weights.of(Map.of("A", 0.1, "B", 0.2, "C", 0.7)), Mean.ARITHMETIC, false);
    for (int i = 0; i < 5_000; i++) {
      Explanation explanation = explain(index, steps(random), steps(random));
      assertThat(
              explanation.contributions().stream()
                  .map(Contribution::points)
                  .reduce(BigDecimal.ZERO, BigDecimal::add))
          .isEqualTo(explanation.change());
    }
  }

  @Test
  void anInputThatGoesIsCoverage() {
    Explanation explanation =
        explain(
            PLAIN, Map.of("A", of(80), "B", of(40), "C", of(20)), Map.of("A", of(88), "B", of(40)));
    // Over A and B, which weigh 5 : 3, the index went from 65 to 70; it was 56 with C.
    assertThat(explanation.change()).isEqualByComparingTo("14");
    assertThat(explanation.contributions())
        .containsExactly(
            input("A", "5.0000"),
            input("B", "0.0000"),
            new Contribution(Kind.COVERAGE, null, new BigDecimal("9.0000")));
  }

  @Test
  void anotherInputThanBeforeIsCoverageToo() {
    CompositeIndex lax =
        new CompositeIndex(
            "X", WEIGHTS, Set.of(), Mean.GEOMETRIC, 0.2, GradeBands.defaults(), false);
    Explanation explanation = explain(lax, Map.of("A", of(80)), Map.of("B", of(50)));
    assertThat(explanation.contributions())
        .containsExactly(new Contribution(Kind.COVERAGE, null, new BigDecimal("-30.0000")));
  }

  @Test
  void anInputWithoutWeightIsNoCoverage() {
    CompositeIndex index = index(Weights.of(Map.of("A", 1.0, "B", 0.0)), Mean.ARITHMETIC, false);
    assertThat(explain(index, Map.of("A", of(1), "B", of(2)), Map.of("A", of(3))).contributions())
        .containsExactly(input("A", "2.0000"));
  }

  @Test
  void theGeometricMeanSharesItsChangeByLogarithms() {
    CompositeIndex half = index(Weights.of(Map.of("A", 0.5, "B", 0.5)), Mean.GEOMETRIC, false);
    Explanation explanation =
        explain(half, Map.of("A", of(25), "B", of(100)), Map.of("A", of(50), "B", of(12.5)));
    // 50 to 25; logarithms 0.5 ln 2 and -1.5 ln 2 of a total of -ln 2.
    assertThat(explanation.contributions())
        .containsExactly(input("A", "12.5000"), input("B", "-37.5000"));
  }

  @Test
  void changesThatCancelInTheGeometricMeanStayVisible() {
    CompositeIndex half = index(Weights.of(Map.of("A", 0.5, "B", 0.5)), Mean.GEOMETRIC, false);
    Explanation explanation =
        explain(half, Map.of("A", of(25), "B", of(100)), Map.of("A", of(100), "B", of(25)));
    assertThat(explanation.change()).isEqualByComparingTo("0");
    BigDecimal a = explanation.contributions().get(0).points();
    assertThat(a.doubleValue()).isCloseTo(50 * Math.log(2), Offset.offset(1e-4));
    assertThat(explanation.contributions().get(1).points()).isEqualTo(a.negate());
  }

  @Test
  void zerosAreExplainedInTheGeometricMean() {
    CompositeIndex half = index(Weights.of(Map.of("A", 0.5, "B", 0.5)), Mean.GEOMETRIC, false);
    Explanation explanation =
        explain(half, Map.of("A", of(0), "B", of(100)), Map.of("A", of(100), "B", of(100)));
    assertThat(explanation.contributions())
        .containsExactly(input("A", "90.0000"), input("B", "0.0000"));
  }

  @Test
  void theCapIsAContributionOfItsOwn() {
    CompositeIndex capping = index(WEIGHTS, Mean.ARITHMETIC, true);
    Map<String, Reading> calm = Map.of("A", of(90), "B", of(90), "C", of(90));
    Map<String, Reading> gas =
        Map.of("A", of(90), "B", of(80), "C", of(90), "GAS", new Reading(null, Grade.RED));
    assertThat(explain(capping, calm, gas).contributions())
        .containsExactly(
            input("A", "0.0000"),
            input("B", "-3.0000"),
            input("C", "0.0000"),
            new Contribution(Kind.CAP, null, new BigDecimal("-67.0001")));
    assertThat(explain(capping, calm, gas).change()).isEqualByComparingTo("-70.0001");
    assertThat(explain(capping, gas, calm).change()).isEqualByComparingTo("70.0001");
  }

  @Test
  void underTheCapBothTimesTheCapTakesBackWhatTheInputsMoved() {
    CompositeIndex capping = index(WEIGHTS, Mean.ARITHMETIC, true);
    Reading leak = new Reading(null, Grade.RED);
    Explanation explanation =
        explain(
            capping,
            Map.of("A", of(90), "B", of(90), "C", of(90), "GAS", leak),
            Map.of("A", of(80), "B", of(90), "C", of(90), "GAS", leak));
    assertThat(explanation.change()).isEqualByComparingTo("0");
    assertThat(explanation.contributions())
        .contains(
            input("A", "-5.0000"), new Contribution(Kind.CAP, null, new BigDecimal("5.0000")));
  }

  @Test
  void thereIsNothingToExplainWithoutAnIndex() {
    IndexValue index = PLAIN.value(Map.of("A", of(1), "B", of(1)));
    IndexValue none = PLAIN.value(Map.of("A", of(1)));
    assertThat(Explanation.between(index, none)).isEmpty();
    assertThat(Explanation.between(none, index)).isEmpty();
  }

  @Test
  void aChangeOfTheDefinitionIsNoChangeOfTheCity() {
    Map<String, Reading> readings = Map.of("A", of(1), "B", of(1), "C", of(1));
    IndexValue before = PLAIN.value(readings);
    CompositeIndex otherWeights =
        index(Weights.of(Map.of("A", 0.4, "B", 0.4, "C", 0.2)), Mean.ARITHMETIC, false);
    for (IndexValue after :
        List.of(
            otherWeights.value(readings),
            index(WEIGHTS, Mean.GEOMETRIC, false).value(readings),
            CompositeIndex.of("Y", WEIGHTS, Set.of()).value(readings))) {
      assertThatThrownBy(() -> Explanation.between(before, after))
          .hasMessageContaining("one version");
    }
  }

  @Test
  void storedValuesAreExplainedAlike() {
    IndexValue before = PLAIN.value(Map.of("A", of(1.0 / 3), "B", of(77), "C", of(5)));
    IndexValue after = PLAIN.value(Map.of("A", of(2.0 / 3), "B", of(78)));
    Explanation explanation = Explanation.between(before, after).orElseThrow();
    assertThat(Explanation.between(stored(before), stored(after))).contains(explanation);
    assertThat(Json.read(Json.write(explanation), Explanation.class)).isEqualTo(explanation);
  }

  private static IndexValue stored(IndexValue value) {
    return Json.read(Json.write(value), IndexValue.class);
  }

  private static CompositeIndex index(Weights weights, Mean mean, boolean capsScore) {
    return new CompositeIndex(
        "X", weights, Set.of("GAS"), mean, 0.7, GradeBands.defaults(), capsScore);
  }

  private static Explanation explain(
      CompositeIndex index, Map<String, Reading> before, Map<String, Reading> after) {
    return Explanation.between(index.value(before), index.value(after)).orElseThrow();
  }

  private static Map<String, Reading> steps(Random random) {
    return Map.of(
        "A", of(random.nextInt(200_001) / 2000.0),
        "B", of(random.nextInt(200_001) / 2000.0),
        "C", of(random.nextInt(200_001) / 2000.0));
  }

  private static Reading of(double score) {
    return Reading.of(score);
  }

  private static Contribution input(String code, String points) {
    return new Contribution(Kind.INPUT, code, new BigDecimal(points));
  }
}
