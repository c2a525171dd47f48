package org.chengmai.indicators.composite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.assertj.core.data.Offset;
import org.chengmai.indicators.composite.Direction.Sense;
import org.chengmai.indicators.json.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class NormalisationTest {
  private static final Instant FROM = Instant.parse("2024-12-31T16:00:00Z");
  private static final Instant TO = Instant.parse("2025-12-31T16:00:00Z");
  private static final Offset<Double> TIGHT = Offset.offset(1e-9);

  @ParameterizedTest
  @CsvSource({"-5, 100", "0, 100", "17.5, 95", "35, 90", "55, 75", "75, 60", "150, 20", "900, 0"})
  void piecewiseInterpolatesAndHoldsTheScoreOfItsEnds(double value, double score) {
    Piecewise pm25 = piecewise(Sense.LOWER_BETTER, 0, 100, 35, 90, 75, 60, 150, 20, 250, 0);
    assertThat(pm25.score(value)).isCloseTo(score, TIGHT);
  }

  @ParameterizedTest
  @CsvSource({"50, 40", "75, 100", "85, 100", "93, 60", "96, 30"})
  void piecewiseOfATargetRangeRisesAndFalls(double value, double score) {
    Piecewise beds = piecewise(Sense.TARGET_RANGE, 50, 40, 70, 100, 85, 100, 93, 60, 99, 0);
    assertThat(beds.score(value)).isCloseTo(score, TIGHT);
  }

  @Test
  void anAnchorHasItsOwnScoreToTheLastBit() {
    Random random = new Random(4);
    for (int i = 0; i < 1_000; i++) {
      double value = 1 + random.nextDouble();
      double score = 100 * random.nextDouble();
      Piecewise line = piecewise(Sense.TARGET_RANGE, random.nextDouble(), score, value, 100, 3, 0);
      assertThat(line.score(value)).isEqualTo(100);
      assertThat(line.score(Math.nextDown(value))).isLessThanOrEqualTo(100);
    }
  }

  @Test
  void refusesPointsThatOpposeTheDirection() {
    assertThatThrownBy(() -> piecewise(Sense.HIGHER_BETTER, 0, 100, 10, 0))
        .hasMessageContaining("score falls")
        .hasMessageContaining("HIGHER_BETTER");
    assertThatThrownBy(() -> piecewise(Sense.LOWER_BETTER, 0, 0, 10, 100))
        .hasMessageContaining("score rises");
    assertThatThrownBy(() -> piecewise(Sense.TARGET_RANGE, 0, 100, 10, 0, 20, 100))
        .hasMessageContaining("score rises");
  }

  @Test
  void refusesPointsThatMakeNoLine() {
    assertThatThrownBy(() -> piecewise(Sense.LOWER_BETTER, 1, 50)).hasMessageContaining("two");
    assertThatThrownBy(() -> piecewise(Sense.LOWER_BETTER, 1, 50, 1, 40))
        .hasMessageContaining("greater value");
    assertThatThrownBy(() -> piecewise(Sense.LOWER_BETTER, 1, 101, 2, 40))
        .hasMessageContaining("0 to 100");
    assertThatThrownBy(() -> piecewise(Sense.LOWER_BETTER, Double.NaN, 50, 2, 40))
        .hasMessageContaining("finite");
  }

  @ParameterizedTest
  @CsvSource({"0, 0", "10, 0", "15, 25", "20, 50", "30, 100", "31, 100"})
  void minMaxStretchesTheReferenceAndClampsBeyond(double value, double score) {
    double[] window = {30, 10, 12, 20};
    assertThat(scorer(ByReference.Method.MIN_MAX, Direction.higherBetter(), window).score(value))
        .isCloseTo(score, TIGHT);
    assertThat(scorer(ByReference.Method.MIN_MAX, Direction.lowerBetter(), window).score(value))
        .isCloseTo(100 - score, TIGHT);
  }

  @ParameterizedTest
  @CsvSource({"5, 50", "7, 66.666666666667", "3, 33.333333333333", "11, 100", "20, 100", "-9, 0"})
  void zScoreGivesFiftyToTheMeanAndClampsAtThreeDeviations(double value, double score) {
    // Mean 5, deviation 2.
    double[] window = {2, 4, 4, 4, 5, 5, 7, 9};
    assertThat(scorer(ByReference.Method.Z_SCORE, Direction.higherBetter(), window).score(value))
        .isCloseTo(score, TIGHT);
  }

  @ParameterizedTest
  @CsvSource({"-1, 0", "0, 0", "50, 25", "75.5, 37.75", "200, 100", "201, 100"})
  void ecdfIsTheShareOfTheReferenceBelow(double value, double score) {
    double[] window = IntStream.rangeClosed(0, 200).asDoubleStream().toArray();
    assertThat(scorer(ByReference.Method.ECDF, Direction.higherBetter(), window).score(value))
        .isCloseTo(score, TIGHT);
  }

  @Test
  void ecdfGivesTheMiddleOfTheirSharesToEqualValues() {
    double[] window = new double[101];
    Arrays.fill(window, 41, 101, 7);
    ByReference higher = scorer(ByReference.Method.ECDF, Direction.higherBetter(), window);
    assertThat(higher.score(0)).isCloseTo(20, TIGHT);
    assertThat(higher.score(7)).isCloseTo(70.5, TIGHT);
    ByReference lower = scorer(ByReference.Method.ECDF, Direction.lowerBetter(), window);
    assertThat(lower.score(7)).isCloseTo(29.5, TIGHT);
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {3, 630_102})
  void theQuantileTableIsAtMostOnePointOffTheSample(long seed) {
    Random random = new Random(seed);
    double[] window = random.doubles(5_000).map(u -> -Math.log(1 - u)).toArray();
    ByReference ecdf = scorer(ByReference.Method.ECDF, Direction.higherBetter(), window);
    for (int i = 0; i < 200; i++) {
      double value = 4 * random.nextDouble();
      double below = 100.0 * Arrays.stream(window).filter(v -> v < value).count() / window.length;
      assertThat(ecdf.score(value)).isCloseTo(below, Offset.offset(1.0));
    }
  }

  @Test
  void aTargetRangeIsJudgedByTheDistanceToItsBand() {
    ByReference beds =
        scorer(
            ByReference.Method.MIN_MAX, Direction.targetRange(70, 85), new double[] {60, 75, 105});
    assertThat(beds.reference().quantiles().get(100)).isEqualTo(20);
    assertThat(beds.score(70)).isEqualTo(100);
    assertThat(beds.score(85)).isEqualTo(100);
    assertThat(beds.score(60)).isCloseTo(50, TIGHT);
    assertThat(beds.score(95)).isCloseTo(50, TIGHT);
    assertThat(beds.score(300)).isEqualTo(0);
  }

  @ParameterizedTest
  @EnumSource
  void scoresStayWithinBoundsAndNeverOpposeTheDirection(ByReference.Method method) {
    Random random = new Random(5);
    double[] window = random.doubles(300, -50, 50).map(Math::rint).toArray();
    ByReference higher = scorer(method, Direction.higherBetter(), window);
    ByReference lower = scorer(method, Direction.lowerBetter(), window);
    double[] values = random.doubles(500, -80, 80).sorted().toArray();
    for (int i = 1; i < values.length; i++) {
      assertThat(higher.score(values[i])).isBetween(higher.score(values[i - 1]), 100.0);
      assertThat(lower.score(values[i])).isBetween(0.0, lower.score(values[i - 1]));
    }
  }

  @Test
  void aReferenceSurvivesStorageToTheLastBit() {
    double[] window = new Random(6).doubles(777, 0, 1e9).toArray();
    for (Direction direction :
        List.of(Direction.higherBetter(), Direction.targetRange(1.0 / 3, 2e8))) {
      Reference reference = Reference.freeze("CVS-HLT-0004", 3, direction, FROM, TO, window);
      assertThat(Json.read(Json.write(reference), Reference.class)).isEqualTo(reference);
      assertThat(reference.n()).isEqualTo(777);
    }
  }

  @Test
  void theOrderOfValuesDoesNotMatterToAReference() {
    double[] window = new Random(7).doubles(100, 0, 1).toArray();
    double[] turned = IntStream.range(0, 100).mapToDouble(i -> window[99 - i]).toArray();
    assertThat(Reference.freeze("C", 1, Direction.lowerBetter(), FROM, TO, turned))
        .isEqualTo(Reference.freeze("C", 1, Direction.lowerBetter(), FROM, TO, window));
  }

  @Test
  void refusesAReferenceThatTellsNothing() {
    for (double[] window : new double[][] {{}, {4}, {4, 4, 4}}) {
      assertThatThrownBy(() -> scorer(ByReference.Method.ECDF, Direction.lowerBetter(), window))
          .hasMessageContaining("CVS-ENV-0001")
          .hasMessageContaining("no two different values");
    }
    assertThatThrownBy(
            () ->
                scorer(
                    ByReference.Method.ECDF, Direction.targetRange(1, 9), new double[] {3, 4, 5}))
        .hasMessageContaining("piecewise");
    assertThatThrownBy(
            () -> Reference.freeze("C", 1, Direction.lowerBetter(), TO, FROM, new double[] {1, 2}))
        .hasMessageContaining("is empty");
  }

  @Test
  void refusesValuesAndBandsThatAreNoNumbers() {
    assertThatThrownBy(() -> piecewise(Sense.LOWER_BETTER, 0, 100, 1, 0).score(Double.NaN))
        .hasMessageContaining("NaN");
    assertThatThrownBy(
            () ->
                scorer(
                    ByReference.Method.ECDF,
                    Direction.lowerBetter(),
                    new double[] {1, Double.POSITIVE_INFINITY}))
        .hasMessageContaining("Infinity");
    assertThatThrownBy(() -> Direction.targetRange(9, 1)).hasMessageContaining("low <= high");
    assertThatThrownBy(() -> new Direction(Sense.LOWER_BETTER, 1.0, null))
        .hasMessageContaining("target_range only");
  }

  private static ByReference scorer(
      ByReference.Method method, Direction direction, double[] window) {
    return new ByReference(
        method, Reference.freeze("CVS-ENV-0001", 1, direction, FROM, TO, window));
  }

  private static Piecewise piecewise(Sense sense, double... numbers) {
    return new Piecewise(
        sense,
        IntStream.range(0, numbers.length / 2)
            .mapToObj(i -> new Piecewise.Point(numbers[2 * i], numbers[2 * i + 1]))
            .toList());
  }
}
