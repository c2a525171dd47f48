package org.chengmai.indicators.quality;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.NavigableMap;
import java.util.Random;
import java.util.TreeMap;
import org.assertj.core.data.Offset;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QualityRuleTest {
  private static Finding judged(String key, String text, Evidence evidence) {
    return QualityRule.parse(key, text).judge(evidence).orElseThrow();
  }

  private static boolean isSilent(String key, String text, Evidence evidence) {
    return QualityRule.parse(key, text).judge(evidence).isEmpty();
  }

  @Test
  void everyFormOfTextIsRead() {
    assertThat(QualityRule.parse("completeness", ">=0.9")).isEqualTo(new Completeness(0.9));
    assertThat(QualityRule.parse("freshness", "<= PT90M"))
        .isEqualTo(new Freshness(Duration.ofMinutes(90)));
    assertThat(QualityRule.parse("jump", "<=500")).isEqualTo(new Jump(500));
    assertThat(QualityRule.parse("flatline", "PT6H")).isEqualTo(new FlatLine(Duration.ofHours(6)));
    assertThat(QualityRule.parse("cross", "abs(v - neighbour_median) <= 5*mad"))
        .isEqualTo(new CrossCheck(5));
    assertThat(QualityRule.parse("cross", "abs( v-neighbour_median )<=5.5 * mad"))
        .isEqualTo(new CrossCheck(5.5));
    assertThat(QualityRule.parse("duplicates", "<=1.1")).isEqualTo(new Duplicates(1.1));
    assertThat(QualityRule.parse("duplicates", "P1D")).isEqualTo(new Copies(Duration.ofDays(1)));
    assertThat(QualityRule.parse("constancy", ">=0.05 over P1D"))
        .isEqualTo(new Constancy(0.05, Duration.ofDays(1)));
    assertThat(QualityRule.parse("digits", "p >= 1e-4 over P28D"))
        .isEqualTo(new Digits(1e-4, Duration.ofDays(28)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          completeness | 0.9                | '0.9' is not of the form >=0.9
          completeness | >=90               | '>=90': the share is above 0, at most 1
          freshness    | 90 min             | '90 min' is not of the form <=PT90M
          freshness    | <=PT0S             | '<=PT0S' is not of the form <=PT90M
          freshness    | <=P1M              | '<=P1M' is not of the form <=PT90M
          jump         | <500               | '<500' is not of the form <=500
          jump         | <=0                | '<=0': a bound of zero would forbid any change
          flatline     | six hours          | 'six hours' is not of the form PT6H
          cross        | v <= 5*mad         | 'v <= 5*mad' is not of the form abs(v - neighbour_median) <= 5*mad
          duplicates   | <=0.5              | '<=0.5': fewer than one for each expected input would always fail
          duplicates   | none               | 'none' is not of the form <=1.1
          constancy    | >=2 over P1D       | '>=2 over P1D': the share is between 0 and 1
          constancy    | >=0.1              | '>=0.1' is not of the form >=0.05 over P1D
          digits       | p >= 0.5 over P28D | 'p >= 0.5 over P28D': the probability is above 0, at most 0.05
          colour       | red                | 'colour' is not a quality rule
          """)
  void wrongTextsAreRefusedWithTheirForm(String key, String text, String problem) {
    assertThatThrownBy(() -> QualityRule.parse(key, text))
        .isInstanceOfSatisfying(
            ChengmaiException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_DEFINITION))
        .hasMessage(problem);
  }

  @Test
  void inputsAreHeldAgainstThoseExpected() {
    Finding few = judged("completeness", ">=0.9", Cases.inputs(7, 8.0));
    assertThat(few.passed()).isFalse();
    assertThat(few.measured()).isEqualTo(0.875);
    assertThat(few.bound()).isEqualTo(0.9);
    assertThat(few.failing()).containsExactly(new Finding.Row(Cases.KEY, Cases.START));
    assertThat(few.reasons().zh()).containsExactly("输入不全：实有 7，占应有的 0.875");
    assertThat(few.reasons().en())
        .containsExactly("too few inputs: 7, which is 0.875 of those expected");
    assertThat(judged("completeness", ">=0.875", Cases.inputs(7, 8.0)).passed()).isTrue();
    assertThat(judged("duplicates", "<=1", Cases.inputs(9, 8.0)).passed()).isFalse();
    assertThat(judged("duplicates", "<=1", Cases.inputs(8, 8.0)).passed()).isTrue();
    assertThat(isSilent("completeness", ">=0.9", Cases.inputs(7, null))).isTrue();
  }

  @Test
  void whatPassedNamesNoRowsAndNoReasons() {
    Finding passed = QualityRule.range(0, 10).judge(Cases.newest(10.0)).orElseThrow();
    assertThat(passed.passed()).isTrue();
    assertThat(passed.failing()).isEmpty();
    assertThat(passed.reasons().zh()).isEmpty();
    assertThat(QualityRule.range(0, 10).judge(Cases.newest(-1.0)).orElseThrow().bound()).isZero();
  }

  @Test
  void aJumpIsMeasuredInDecimalsAndOnlyFromTheAdjacentPeriod() {
    assertThat(judged("jump", "<=0.1", Cases.newest(0.7, 0.8)).passed()).isTrue();
    Finding jump = judged("jump", "<=500", Cases.newest(10.0, 511.0));
    assertThat(jump.measured()).isEqualTo(501);
    assertThat(jump.failing())
        .extracting(Finding.Row::period)
        .containsExactly(Cases.hour(0), Cases.hour(1));
    assertThat(isSilent("jump", "<=500", Cases.newest(10.0, null, 900.0))).isTrue();
  }

  @Test
  void aFlatLineFailsWhenItIsLongEnoughAndNamesItsRows() {
    assertThat(judged("flatline", "PT3H", Cases.newest(1.0, 7.0, 7.0)).passed()).isTrue();
    Finding flat = judged("flatline", "PT3H", Cases.newest(7.0, 7.0, 7.0, 7.0));
    assertThat(flat.passed()).isFalse();
    assertThat(flat.measured()).isEqualTo(3 * 3600);
    assertThat(flat.failing())
        .extracting(Finding.Row::period)
        .containsExactly(Cases.hour(1), Cases.hour(2), Cases.hour(3));
    assertThat(judged("flatline", "PT3H", Cases.newest(7.0, null, 7.0, 7.0)).passed()).isTrue();
  }

  @Test
  void zerosMayRest() {
    assertThat(judged("flatline", "PT3H", Cases.newest(0.0, 0.0, 0.0, 0.0)).passed()).isTrue();
  }

  private static Evidence beside(double own, double... others) {
    List<NavigableMap<Instant, Double>> neighbours = new ArrayList<>();
    for (double other : others) {
      neighbours.add(Cases.hours(other));
    }
    return Cases.beside(Cases.hours(own), neighbours);
  }

  @Test
  void theCrossCheckMeasuresInMedianDistancesToTheNeighboursMedian() {
    String text = "abs(v - neighbour_median) <= 5*mad";
    // median 12; distances to the others' medians 2.5 1.5 0 1.5 2.5, their median 1.5
    Finding near = judged("cross", text, beside(19.5, 10, 11, 12, 13, 14));
    assertThat(near.passed()).isTrue();
    assertThat(near.measured()).isEqualTo(5);
    Finding far = judged("cross", text, beside(20.25, 10, 11, 12, 13, 14));
    assertThat(far.passed()).isFalse();
    assertThat(far.measured()).isEqualTo(5.5);
  }

  private static NavigableMap<Instant, Double> noise(Random random) {
    return Cases.hours(noise(random, 24, 10));
  }

  /** Six neighbours alike: the rule errs in about one value of 1,000, not in 80. */
  @Test
  void honestNeighboursSeldomFailTheCrossCheck() {
    Random random = new Random(4);
    int failed = 0;
    for (int i = 0; i < 5000; i++) {
      List<NavigableMap<Instant, Double>> others = new ArrayList<>();
      for (int j = 0; j < 6; j++) {
        others.add(noise(random));
      }
      Evidence evidence = Cases.beside(noise(random), others);
      failed += judged("cross", "abs(v - neighbour_median) <= 5*mad", evidence).passed() ? 0 : 1;
    }
    assertThat(failed).as("seed 4").isLessThan(15);
  }

  @Test
  void fewOrEqualNeighboursMeasureNothing() {
    String text = "abs(v - neighbour_median) <= 5*mad";
    assertThat(isSilent("cross", text, beside(900, 10, 11, 12, 13))).isTrue();
    assertThat(isSilent("cross", text, beside(900, 10, 10, 10, 10, 14))).isTrue();
  }

  @Test
  void aSeriesWithTheValuesOfItsNeighbourIsADuplicateAndBothAreNamed() {
    NavigableMap<Instant, Double> own =
        Cases.hours(3.0, 1.0, 4.0, 1.0, 5.0, 9.0, 2.0, 6.0, 5.0, 3.0);
    NavigableMap<Instant, Double> other = new TreeMap<>(own);
    other.put(Cases.hour(0), 99.0);
    NavigableMap<Instant, Double> almost = new TreeMap<>(own);
    almost.put(Cases.hour(9), 4.0);
    assertThat(judged("duplicates", "PT8H", Cases.beside(own, List.of(almost))).passed()).isTrue();
    Finding copied = judged("duplicates", "PT8H", Cases.beside(own, List.of(almost, other)));
    assertThat(copied.passed()).isFalse();
    assertThat(copied.measured()).isEqualTo(1);
    assertThat(copied.failing())
        .hasSize(16)
        .first()
        .extracting(Finding.Row::period)
        .isEqualTo(Cases.hour(2));
    assertThat(copied.failing()).last().extracting(row -> row.key().region()).isEqualTo("630104");
    assertThat(judged("duplicates", "PT10H", Cases.beside(own, List.of(other))).passed()).isTrue();
  }

  @Test
  void countsThatAgreeByChanceAreNoDuplicates() {
    NavigableMap<Instant, Double> counts = Cases.hours(0.0, 1.0, 0.0, 0.0, 2.0, 0.0, 1.0, 0.0);
    assertThat(isSilent("duplicates", "PT8H", Cases.beside(counts, List.of(counts)))).isTrue();
  }

  private static List<Double> noise(Random random, int hours, double deviation) {
    List<Double> values = new ArrayList<>();
    for (int i = 0; i < hours; i++) {
      values.add(Math.round(10 * (100 + deviation * random.nextGaussian())) / 10.0);
    }
    return values;
  }

  @Test
  void aDayFarCalmerThanTheWeekBeforeIsImplausible() {
    Random random = new Random(5);
    List<Double> values = noise(random, 7 * 24, 20);
    List<Double> calm = new ArrayList<>(values);
    calm.addAll(noise(random, 24, 0.5));
    Finding finding = judged("constancy", ">=0.1 over P1D", Cases.newest(Cases.hours(calm), 1));
    assertThat(finding.passed()).isFalse();
    assertThat(finding.measured()).isBetween(0.01, 0.05);
    assertThat(finding.failing()).hasSize(24);
    values.addAll(noise(random, 24, 10));
    assertThat(judged("constancy", ">=0.1 over P1D", Cases.newest(Cases.hours(values), 1)).passed())
        .isTrue();
  }

  @Test
  void aDayCopiedForwardIsFoundHoweverMuchItMoves() {
    List<Double> values = noise(new Random(6), 7 * 24, 20);
    values.addAll(List.copyOf(values.subList(4 * 24, 5 * 24)));
    Finding copy = judged("constancy", ">=0.1 over P1D", Cases.newest(Cases.hours(values), 1));
    assertThat(copy.passed()).isFalse();
    assertThat(copy.measured()).isZero();
    assertThat(copy.failing())
        .hasSize(48)
        .first()
        .extracting(Finding.Row::period)
        .isEqualTo(Cases.hour(4 * 24));
    assertThat(copy.reasons().en()).containsExactly("24 values are exactly those of PT72H before");
    values.set(values.size() - 1, 101.3);
    assertThat(judged("constancy", ">=0.1 over P1D", Cases.newest(Cases.hours(values), 1)).passed())
        .isTrue();
  }

  @Test
  void constancySaysNothingOfDryDaysShortHistoryAndSeriesThatNeverMoved() {
    List<Double> values = noise(new Random(7), 7 * 24, 20);
    List<Double> dry = new ArrayList<>(values);
    dry.addAll(Collections.nCopies(24, 0.0));
    assertThat(isSilent("constancy", ">=0.1 over P1D", Cases.newest(Cases.hours(dry), 1))).isTrue();
    assertThat(
            isSilent(
                "constancy",
                ">=0.1 over P1D",
                Cases.newest(Cases.hours(values.subList(0, 4 * 24)), 1)))
        .isTrue();
    assertThat(
            isSilent(
                "constancy",
                ">=0.1 over P1D",
                Cases.newest(Cases.hours(Collections.nCopies(200, 5.0)), 1)))
        .isTrue();
  }

  @Test
  void valuesThatPeopleRoundAreTold() {
    Random random = new Random(8);
    List<Double> values = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      double value = Math.rint(300 + 80 * random.nextGaussian());
      values.add(random.nextInt(3) == 0 ? 5 * Math.rint(value / 5) : value);
    }
    Finding rounded =
        judged("digits", "p >= 0.001 over P14D", Cases.newest(Cases.hours(values), 0));
    assertThat(rounded.passed()).isFalse();
    assertThat(rounded.measured()).isLessThan(1e-6);
    assertThat(rounded.failing())
        .isNotEmpty()
        .allSatisfy(
            row ->
                assertThat(
                        values.get((int) Duration.between(Cases.START, row.period()).toHours()) % 5)
                    .isZero());
  }

  /** The probability that is stated is the one that is met: at most one in a hundred at 0.01. */
  @Test
  void honestSeriesFailTheDigitsNoMoreOftenThanStated() {
    int failed = 0;
    int judged = 0;
    for (int seed = 0; seed < 1000; seed++) {
      Random random = new Random(seed);
      List<Double> values = new ArrayList<>();
      double value = 500;
      for (int i = 0; i < 200; i++) {
        value += 0.1 * (500 - value) + 9 * random.nextGaussian();
        values.add(Math.rint(value));
      }
      var finding =
          QualityRule.parse("digits", "p >= 0.01 over P14D")
              .judge(Cases.newest(Cases.hours(values), 0));
      judged += finding.isPresent() ? 1 : 0;
      failed += finding.filter(one -> !one.passed()).isPresent() ? 1 : 0;
    }
    assertThat(judged).isGreaterThan(900);
    assertThat(failed).as("seeds 0 to 999").isBetween(1, 18);
  }

  @Test
  void smallCountsAndSlowSeriesHaveNoTellingDigits() {
    List<Double> slow = new ArrayList<>();
    List<Double> counts = new ArrayList<>();
    Random random = new Random(9);
    for (int i = 0; i < 300; i++) {
      slow.add(200 + Math.rint(i / 20.0));
      counts.add((double) random.nextInt(8));
    }
    assertThat(isSilent("digits", "p >= 0.001 over P14D", Cases.newest(Cases.hours(slow), 0)))
        .isTrue();
    assertThat(isSilent("digits", "p >= 0.001 over P14D", Cases.newest(Cases.hours(counts), 0)))
        .isTrue();
  }

  /** Vectors: tables of chi-square with 9 degrees of freedom; 20 of 20 tries at one half. */
  @Test
  void chanceIsWhatTheTablesSay() {
    assertThat(Chance.ofChiSquare(0, 9)).isEqualTo(1);
    assertThat(Chance.ofChiSquare(16.919, 9)).isCloseTo(0.05, Offset.offset(1e-5));
    assertThat(Chance.ofChiSquare(21.666, 9)).isCloseTo(0.01, Offset.offset(1e-5));
    assertThat(Chance.ofChiSquare(27.877, 9)).isCloseTo(0.001, Offset.offset(1e-6));
    assertThat(Chance.ofChiSquare(5.991, 2)).isCloseTo(0.05, Offset.offset(1e-4));
    assertThat(Chance.ofChiSquare(5000, 9)).isZero();
    assertThat(Chance.ofAtLeast(20, 20, 0.5)).isCloseTo(Math.pow(2, -20), Offset.offset(1e-15));
    assertThat(Chance.ofAtLeast(0, 20, 0.2)).isCloseTo(1, Offset.offset(1e-12));
    assertThat(Chance.ofAtLeast(2, 3, 0.2)).isCloseTo(0.104, Offset.offset(1e-12));
  }

  /** Whatever the values, a rule says nothing or a finite number, and passing means no rows. */
  @Test
  void findingsAreFiniteWhateverTheValues() {
    List<QualityRule> rules =
        List.of(
            QualityRule.parse("jump", "<=5"),
            QualityRule.parse("flatline", "PT3H"),
            QualityRule.parse("cross", "abs(v - neighbour_median) <= 5*mad"),
            QualityRule.parse("duplicates", "PT8H"),
            QualityRule.parse("constancy", ">=0.1 over PT8H"),
            QualityRule.parse("digits", "p >= 0.001 over P7D"));
    for (int seed = 0; seed < 200; seed++) {
      Random random = new Random(seed);
      double size = Math.pow(10, random.nextInt(30) - 10);
      List<NavigableMap<Instant, Double>> series = new ArrayList<>();
      for (int i = 0; i < 7; i++) {
        NavigableMap<Instant, Double> values = new TreeMap<>();
        for (int hour = 0; hour < 150; hour++) {
          if (hour == 149 || random.nextInt(10) > 0) {
            values.put(Cases.hour(hour), random.nextBoolean() ? 0.0 : size * random.nextGaussian());
          }
        }
        series.add(values);
      }
      Evidence evidence = Cases.beside(series.get(0), series.subList(1, 7));
      for (QualityRule rule : rules) {
        rule.judge(evidence)
            .ifPresent(
                finding -> {
                  assertThat(finding.measured()).as("%s", finding).isFinite();
                  assertThat(finding.failing().isEmpty()).isEqualTo(finding.passed());
                  assertThat(finding.reasons().zh().isEmpty()).isEqualTo(finding.passed());
                });
      }
    }
  }
}
