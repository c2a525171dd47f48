package org.chengmai.indicators.rootcause;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.assertj.core.data.Offset;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.rootcause.Attribution.Contribution;
import org.chengmai.indicators.rootcause.Attribution.Explained;
import org.chengmai.indicators.rootcause.Attribution.Kind;
import org.chengmai.indicators.rootcause.Attribution.Unexplained;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AttributionTest {
  private static final Form COUNT = new Form(false, 1, 0, RoundingMode.HALF_EVEN);
  private static final Form PERCENT = new Form(true, 100, 2, RoundingMode.HALF_EVEN);

  @Test
  void aPartOfASumGivesItsOwnChange() {
    Explained explained =
        explain(COUNT, sum("city", 100, 130), sum("a", 60, 95), sum("b", 30, 20), sum("c", 10, 15));
    assertThat(explained.change()).isEqualByComparingTo("30");
    assertThat(explained.contributions())
        .containsExactly(
            added("a", "35", 35.0 / 30), added("b", "-10", -10.0 / 30), added("c", "5", 5.0 / 30));
  }

  @Test
  void aRatioMovesByItsPartsRatesAndByTheirWeights() {
    // a: 90 of 100, then 160 of 200; b: 50 of 100 both times. The whole: 70 %, then 70 %.
    Explained explained =
        explain(
            PERCENT,
            ratio("city", 140, 200, 210, 300),
            ratio("a", 90, 100, 160, 200),
            ratio("b", 50, 100, 50, 100));
    // a's rate: (1/2 + 2/3) / 2 * (80 - 90); its mix: (85 - 70) * (2/3 - 1/2)
    assertThat(explained.change()).isEqualByComparingTo("0");
    Contribution a = only(explained, "a");
    assertThat(a.rate()).isEqualByComparingTo("-5.83");
    assertThat(a.mix()).isEqualByComparingTo("2.50");
    // b's rate stood; it lost weight below the average
    Contribution b = only(explained, "b");
    assertThat(b.rate()).isEqualByComparingTo("0");
    assertThat(b.mix()).isEqualByComparingTo("3.33");
    assertThat(a.share()).isNull();
  }

  @Test
  void aRatioMayFallThoughEveryPartRises() {
    // Simpson: the part with the lower rate grows
    Explained explained =
        explain(
            PERCENT,
            ratio("city", 95, 110, 68, 110),
            ratio("a", 90, 100, 10, 10),
            ratio("b", 5, 10, 58, 100));
    assertThat(explained.change()).isEqualByComparingTo("-24.54");
    for (Contribution one : explained.contributions()) {
      assertThat(one.rate()).isPositive();
      assertThat(one.mix()).isNegative();
    }
  }

  @Test
  void aPartThatComesOrGoesIsMix() {
    Explained explained =
        explain(
            PERCENT,
            ratio("city", 60, 100, 90, 200),
            new Part("old", new Amount(60, 100), new Amount(50, 100)),
            new Part("new", Amount.NONE, new Amount(40, 100)));
    assertThat(only(explained, "new").rate()).isEqualByComparingTo("0");
    // half of the weight, 40 % where the whole was 60 and is 45 %
    assertThat(only(explained, "new").mix()).isEqualByComparingTo("-6.25");
    assertThat(explained.change()).isEqualByComparingTo("-15");
    Explained back =
        explain(
            PERCENT,
            ratio("city", 90, 200, 60, 100),
            new Part("old", new Amount(50, 100), new Amount(60, 100)),
            new Part("new", new Amount(40, 100), Amount.NONE));
    assertThat(only(back, "new").mix()).isEqualByComparingTo("6.25");
  }

  @Test
  void aNumeratorWithoutADenominatorIsCounted() {
    // three firms were closed where none was opened
    Explained explained =
        explain(
            PERCENT, ratio("city", 5, 10, 8, 10), ratio("a", 5, 10, 5, 10), ratio("b", 0, 0, 3, 0));
    assertThat(only(explained, "b").points()).isEqualByComparingTo("30");
    assertThat(only(explained, "a").points()).isEqualByComparingTo("0");
  }

  @Test
  void whatNoKnownPartHoldsIsUnknown() {
    Explained explained = explain(COUNT, sum("city", 100, 150), sum("a", 90, 100));
    assertThat(explained.contributions())
        .containsExactly(
            new Contribution(Kind.UNKNOWN, null, new BigDecimal("40"), null, null, 0.8),
            added("a", "10", 0.2));
  }

  @Test
  void aPartWithAMissingAmountIsNoChangeOfItsOwn() {
    Explained explained =
        explain(
            COUNT,
            sum("city", 100, 112),
            sum("a", 60, 70),
            new Part("b", new Amount(40, 0), null),
            new Part("c", null, null));
    assertThat(explained.missing()).containsExactly("b", "c");
    assertThat(explained.contributions())
        .extracting(Contribution::kind)
        .containsExactly(Kind.PART, Kind.UNKNOWN);
    // not 40 less: b's 40 and the 42 that the city holds beside a
    assertThat(explained.contributions().get(1).points()).isEqualByComparingTo("2");
  }

  @Test
  void changesThatCancelAreShown() {
    Explained explained = explain(COUNT, sum("city", 10, 10), sum("a", 8, 2), sum("b", 2, 8));
    assertThat(explained.change()).isEqualByComparingTo("0");
    assertThat(explained.contributions())
        .containsExactly(added("a", "-6", null), added("b", "6", null));
  }

  @Test
  void beyondTheCutOffAreTheOthersTogether() {
    Explained explained =
        explain(
                COUNT,
                sum("city", 100, 160),
                sum("a", 10, 50),
                sum("b", 10, 20),
                sum("c", 10, 15),
                sum("d", 10, 8))
            .top(1);
    assertThat(explained.contributions())
        .containsExactly(
            added("a", "40", 40.0 / 60),
            new Contribution(Kind.UNKNOWN, null, new BigDecimal("7"), null, null, 7.0 / 60),
            new Contribution(Kind.OTHERS, null, new BigDecimal("13"), null, null, 13.0 / 60));
    assertThat(explained.top(9)).isEqualTo(explained);
  }

  @Test
  void thereIsNothingToExplainWithoutAWhole() {
    assertThat(reason(PERCENT, new Part("city", null, new Amount(1, 2)))).contains("before");
    assertThat(reason(PERCENT, new Part("city", new Amount(1, 2), null))).contains("after");
    assertThat(reason(PERCENT, ratio("city", 3, 0, 1, 2))).contains("before");
    assertThat(reason(PERCENT, ratio("city", 1, 2, 3, 0))).contains("after");
  }

  @Test
  void noPartIsThereTwice() {
    assertThatThrownBy(() -> explain(COUNT, sum("city", 2, 2), sum("a", 1, 1), sum("a", 1, 1)))
        .isInstanceOf(ChengmaiException.class)
        .hasMessage("part 'a' is there twice");
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 20_260_105, 630_100})
  void contributionsSumToTheChangeInAnyOrderOfTheParts(long seed) {
    Random random = new Random(seed);
    for (int i = 0; i < 2000; i++) {
      Form form = form(random);
      List<Part> parts = parts(random, form);
      Part whole = whole(parts, random.nextInt(3) == 0 ? amount(random, form) : Amount.NONE);
      Attribution attribution = Attribution.of(form, whole, parts);
      if (attribution instanceof Explained explained) {
        assertThat(sum(explained)).isEqualTo(explained.change());
        assertThat(explained.change())
            .isEqualTo(published(form, whole.to()).subtract(published(form, whole.from())));
        for (Contribution one : explained.contributions()) {
          if (form.isQuotient()) {
            assertThat(Objects.requireNonNull(one.rate()).add(one.mix())).isEqualTo(one.points());
          }
        }
        assertThat(sum(explained.top(2))).isEqualTo(explained.change());
        Collections.shuffle(parts, random);
        assertThat(Attribution.of(form, whole, parts)).isEqualTo(explained);
      } else {
        assertThat(form.isQuotient()).isTrue();
      }
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {2, 20_260_106, 630_101})
  void aPartSplitInTwoLeavesTheOthersUnchanged(long seed) {
    Random random = new Random(seed);
    for (int i = 0; i < 2000; i++) {
      // so many decimals that no rounding is in the way
      Form form = new Form(random.nextBoolean(), 100, 12, RoundingMode.HALF_EVEN);
      List<Part> parts = new ArrayList<>(parts(random, form));
      Part whole = whole(parts, Amount.NONE);
      if (!(Attribution.of(form, whole, parts) instanceof Explained coarse) || parts.isEmpty()) {
        continue;
      }
      Part split = parts.remove(random.nextInt(parts.size()));
      double share = random.nextInt(5) / 4.0;
      Part one = scaled(split, "x", share, random.nextInt(5) / 4.0);
      parts.add(one);
      parts.add(new Part("y", split.from().minus(one.from()), split.to().minus(one.to())));
      Explained fine = (Explained) Attribution.of(form, whole, parts);
      for (Contribution contribution : coarse.contributions()) {
        BigDecimal now =
            Objects.equals(contribution.name(), split.name())
                ? only(fine, "x").points().add(only(fine, "y").points())
                : only(fine, Objects.requireNonNull(contribution.name())).points();
        assertThat(now.doubleValue())
            .isCloseTo(contribution.points().doubleValue(), Offset.offset(1e-8));
      }
    }
  }

  private static Part scaled(Part part, String name, double numerator, double denominator) {
    return new Part(
        name,
        new Amount(part.from().numerator() * numerator, part.from().denominator() * denominator),
        new Amount(part.to().numerator() * numerator, part.to().denominator() * denominator));
  }

  private static Form form(Random random) {
    return new Form(
        random.nextBoolean(),
        random.nextBoolean() ? 100 : 1,
        random.nextInt(5),
        random.nextBoolean() ? RoundingMode.HALF_EVEN : RoundingMode.FLOOR);
  }

  private static List<Part> parts(Random random, Form form) {
    List<Part> parts = new ArrayList<>();
    for (int i = random.nextInt(9); i > 0; i--) {
      parts.add(new Part("p" + i, amount(random, form), amount(random, form)));
    }
    return parts;
  }

  private static Amount amount(Random random, Form form) {
    if (random.nextInt(5) == 0) {
      return Amount.NONE;
    }
    double numerator = random.nextInt(100_000) / 1000.0;
    return new Amount(numerator, form.isQuotient() ? random.nextInt(50) : 0);
  }

  private static Part whole(List<Part> parts, Amount unknown) {
    Amount before = Amount.NONE;
    Amount after = unknown;
    for (Part part : parts) {
      before = before.plus(part.from());
      after = after.plus(part.to());
    }
    return new Part("whole", before, after);
  }

  private static BigDecimal published(Form form, Amount amount) {
    return BigDecimal.valueOf(form.value(amount)).setScale(form.decimals(), form.rounding());
  }

  private static BigDecimal sum(Explained explained) {
    return explained.contributions().stream()
        .map(Contribution::points)
        .reduce(BigDecimal.ZERO.setScale(explained.change().scale()), BigDecimal::add);
  }

  private static Explained explain(Form form, Part whole, Part... parts) {
    return (Explained) Attribution.of(form, whole, List.of(parts));
  }

  private static String reason(Form form, Part whole) {
    return ((Unexplained) Attribution.of(form, whole, List.of())).reasons().en().get(0);
  }

  private static Contribution only(Explained explained, String name) {
    return explained.contributions().stream()
        .filter(c -> name.equals(c.name()))
        .findFirst()
        .orElseThrow();
  }

  private static Part sum(String name, double before, double after) {
    return new Part(name, Amount.of(before), Amount.of(after));
  }

  private static Part ratio(String name, double n0, double d0, double n1, double d1) {
    return new Part(name, new Amount(n0, d0), new Amount(n1, d1));
  }

  private static Contribution added(String name, String points, @Nullable Double share) {
    return new Contribution(Kind.PART, name, new BigDecimal(points), null, null, share);
  }
}
