package org.chengmai.indicators.composite;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.assertj.core.data.Offset;
import org.chengmai.indicators.Grade;
import org.chengmai.indicators.composite.Explanation.Contribution;
import org.chengmai.indicators.composite.Explanation.Kind;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CompositeLawTest {
  private static final int CASES = 400;

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 20_260_105, 630_100})
  void allWeightsSumToOne(long seed) {
    Random random = new Random(seed);
    for (int i = 0; i < CASES; i++) {
      Sample sample = sample(random);
      List<String> codes = List.copyOf(sample.columns().keySet());
      // Judgements that agree up to a third.
      List<Double> judgements = new ArrayList<>();
      double[] importance = random.doubles(codes.size(), 1, 5).toArray();
      for (int a = 0; a < codes.size(); a++) {
        for (int b = a + 1; b < codes.size(); b++) {
          judgements.add(importance[a] / importance[b] * random.nextDouble(0.75, 1.33));
        }
      }
      Weights ahp = Ahp.of(codes, judgements).weights();
      Weights entropy = sample.entropyOfMinMax();
      for (Weights weights :
          List.of(
              ahp,
              entropy,
              sample.entropyOfShares(),
              sample.critic(),
              ahp.combine(entropy),
              ahp.mix(entropy, random.nextDouble()),
              ahp.perturbed(random, 0.2))) {
        assertThat(weights.byCode().values()).allMatch(w -> w >= 0);
        assertThat(weights.byCode().values().stream().mapToDouble(w -> w).sum())
            .isCloseTo(1, Offset.offset(1e-12));
      }
      IndexValue value = index(random, ahp).value(readings(random, codes, 0.2));
      if (value.score() != null) {
        assertThat(value.parts().stream().mapToDouble(IndexValue.Part::effective).sum())
            .isCloseTo(1, Offset.offset(1e-12));
      }
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {2, 20_260_106, 630_102})
  void aBetterInputNeverWorsensTheIndex(long seed) {
    Random random = new Random(seed);
    for (int i = 0; i < CASES; i++) {
      CompositeIndex index = index(random, weights(random));
      List<String> codes = List.copyOf(index.weights().byCode().keySet());
      Map<String, Reading> readings = readings(random, codes, 0);
      double before = score(index.value(readings));
      String better = codes.get(random.nextInt(codes.size()));
      Reading old = Objects.requireNonNull(readings.get(better));
      double oldScore = Objects.requireNonNull(old.score());
      readings.put(
          better, new Reading(oldScore + (100 - oldScore) * random.nextDouble(), old.grade()));
      assertThat(score(index.value(readings))).isGreaterThanOrEqualTo(before);
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {3, 20_260_107, 630_103})
  void theOrderOfInputsDoesNotMatter(long seed) {
    Random random = new Random(seed);
    for (int i = 0; i < CASES; i++) {
      CompositeIndex index = index(random, weights(random));
      List<String> codes = new ArrayList<>(index.weights().byCode().keySet());
      Map<String, Reading> readings = readings(random, codes, 0.1);
      Collections.shuffle(codes, random);
      Map<String, Double> shuffledWeights = new LinkedHashMap<>();
      Map<String, Reading> shuffledReadings = new LinkedHashMap<>();
      for (String code : codes) {
        shuffledWeights.put(code, index.weights().weight(code));
        shuffledReadings.put(code, Objects.requireNonNull(readings.get(code)));
      }
      CompositeIndex shuffled = with(index, Weights.of(shuffledWeights));
      assertThat(shuffled.value(shuffledReadings)).isEqualTo(index.value(readings));
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {4, 20_260_108, 630_104})
  void otherNamesInAnotherOrderGiveTheSameScore(long seed) {
    Random random = new Random(seed);
    for (int i = 0; i < CASES; i++) {
      CompositeIndex index = index(random, weights(random));
      List<String> codes = List.copyOf(index.weights().byCode().keySet());
      Map<String, Reading> readings = readings(random, codes, 0);
      List<String> names = new ArrayList<>(codes);
      Collections.shuffle(names, random);
      Map<String, Double> renamedWeights = new HashMap<>();
      Map<String, Reading> renamed = new HashMap<>();
      for (int j = 0; j < codes.size(); j++) {
        renamedWeights.put(names.get(j), index.weights().weight(codes.get(j)));
        // No grades: the life-lines are other inputs now.
        renamed.put(names.get(j), ungraded(Objects.requireNonNull(readings.get(codes.get(j)))));
      }
      readings.replaceAll((code, reading) -> ungraded(reading));
      assertThat(score(with(index, Weights.of(renamedWeights)).value(renamed)))
          .isCloseTo(score(index.value(readings)), Offset.offset(1.01e-4));
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {5, 20_260_109, 630_105})
  void contributionsSumToTheChangeExactly(long seed) {
    Random random = new Random(seed);
    int explained = 0;
    for (int i = 0; i < 5 * CASES; i++) {
      CompositeIndex index = index(random, weights(random));
      List<String> codes = List.copyOf(index.weights().byCode().keySet());
      double missing = i % 2 == 0 ? 0 : 0.15;
      IndexValue before = index.value(readings(random, codes, missing));
      IndexValue after = index.value(readings(random, codes, missing));
      if (before.score() == null || after.score() == null) {
        continue;
      }
      explained++;
      Explanation explanation = Explanation.between(before, after).orElseThrow();
      assertThat(sum(explanation)).isEqualTo(explanation.change());
      assertThat(explanation.change())
          .isEqualByComparingTo(
              BigDecimal.valueOf(after.score()).subtract(BigDecimal.valueOf(before.score())));
      if (index.mean() == Mean.ARITHMETIC && missing == 0) {
        for (int j = 0; j < codes.size(); j++) {
          double real =
              before.parts().get(j).effective()
                  * (IndexValue.score(after.parts().get(j))
                      - IndexValue.score(before.parts().get(j)));
          Contribution contribution = explanation.contributions().get(j);
          assertThat(contribution.kind()).isEqualTo(Kind.INPUT);
          assertThat(contribution.points().doubleValue()).isCloseTo(real, Offset.offset(1.01e-4));
        }
      }
    }
    assertThat(explained).isGreaterThan(2 * CASES);
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {6, 20_260_110, 630_106})
  void aCapNeverRaisesTheScoreNorSoftensTheGrade(long seed) {
    Random random = new Random(seed);
    for (int i = 0; i < CASES; i++) {
      CompositeIndex index = index(random, weights(random));
      Map<String, Reading> readings =
          readings(random, List.copyOf(index.weights().byCode().keySet()), 0);
      IndexValue capped = index.value(readings);
      readings.replaceAll((code, reading) -> ungraded(reading));
      IndexValue free = index.value(readings);
      assertThat(score(capped)).isLessThanOrEqualTo(score(free));
      assertThat(severity(capped.grade())).isGreaterThanOrEqualTo(severity(free.grade()));
      assertThat(capped.uncapped()).isEqualTo(free.score());
      if (capped.cap() != null) {
        assertThat(capped.grade()).isEqualTo(capped.cap().grade());
      }
      if (index.capsScore()) {
        assertThat(index.bands().grade(score(capped)).orElse(null)).isEqualTo(capped.grade());
      }
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {7, 20_260_111, 630_121})
  void missingAnInputOfWeightZeroChangesNothing(long seed) {
    Random random = new Random(seed);
    for (int i = 0; i < CASES; i++) {
      Map<String, Double> weights = new TreeMap<>(weights(random).byCode());
      String weightless = "I" + random.nextInt(10) + "x";
      weights.put(weightless, 0.0);
      CompositeIndex index = index(random, Weights.of(weights));
      Map<String, Reading> readings = readings(random, List.copyOf(weights.keySet()), 0.1);
      readings.put(weightless, Reading.of(100 * random.nextDouble()));
      IndexValue with = index.value(readings);
      readings.remove(weightless);
      IndexValue without = index.value(readings);
      assertThat(without.score()).isEqualTo(with.score());
      assertThat(without.grade()).isEqualTo(with.grade());
      assertThat(without.coverage()).isEqualTo(with.coverage());
      assertThat(without.reasons()).isEqualTo(with.reasons());
      if (with.score() != null) {
        assertThat(Explanation.between(with, without).orElseThrow().contributions())
            .allMatch(c -> c.kind() == Kind.INPUT && c.points().signum() == 0);
      }
    }
  }

  /** Inputs I1 and following; the first two are life-lines. */
  private static Weights weights(Random random) {
    Map<String, Double> importances = new HashMap<>();
    IntStream.rangeClosed(1, 2 + random.nextInt(10))
        .forEach(i -> importances.put("I" + i, random.nextDouble(0.01, 1)));
    return Weights.normalised(importances);
  }

  private static CompositeIndex index(Random random, Weights weights) {
    return new CompositeIndex(
        "CVS-CTY-9000",
        weights,
        Set.of("I1", "I2"),
        random.nextBoolean() ? Mean.ARITHMETIC : Mean.GEOMETRIC,
        0.1,
        GradeBands.defaults(),
        random.nextBoolean());
  }

  private static CompositeIndex with(CompositeIndex index, Weights weights) {
    return new CompositeIndex(
        index.code(),
        weights,
        index.lifeLines(),
        index.mean(),
        index.minCoverage(),
        index.bands(),
        index.capsScore());
  }

  private static Map<String, Reading> readings(
      Random random, List<String> codes, double missingShare) {
    Map<String, Reading> readings = new HashMap<>();
    for (String code : codes) {
      // Also the ends of the scale, where clamping and the geometric floor are.
      double score = Scores.clamp(random.nextDouble(-10, 110));
      Grade[] grades = Grade.values();
      Grade grade = random.nextInt(3) > 0 ? null : grades[random.nextInt(grades.length)];
      readings.put(code, new Reading(random.nextDouble() < missingShare ? null : score, grade));
    }
    return readings;
  }

  private static Sample sample(Random random) {
    TreeMap<String, List<Double>> columns = new TreeMap<>();
    int rows = 2 + random.nextInt(20);
    IntStream.rangeClosed(1, 2 + random.nextInt(8))
        .forEach(i -> columns.put("I" + i, random.doubles(rows, 0, 100).boxed().toList()));
    columns.put("I0", Collections.nCopies(rows, random.nextDouble()));
    return new Sample(columns);
  }

  private static Reading ungraded(Reading reading) {
    return new Reading(reading.score(), null);
  }

  private static double score(IndexValue value) {
    return Objects.requireNonNull(value.score());
  }

  private static int severity(@Nullable Grade grade) {
    return grade == null ? -1 : grade.ordinal();
  }

  private static BigDecimal sum(Explanation explanation) {
    return explanation.contributions().stream()
        .map(Contribution::points)
        .reduce(BigDecimal.ZERO, BigDecimal::add);
  }
}
