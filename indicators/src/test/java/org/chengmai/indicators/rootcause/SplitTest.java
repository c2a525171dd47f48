package org.chengmai.indicators.rootcause;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.RoundingMode;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class SplitTest {
  private static final Form COUNT = new Form(false, 1, 0, RoundingMode.HALF_EVEN);

  /** Half of everything is gone: by place all fell alike, by kind only some did. */
  private static final Map<String, List<Part>> HALVED =
      Map.of(
          "place", List.of(part("X", 94, 47), part("Y", 6, 3)),
          "kind", List.of(part("A", 50, 24), part("B", 20, 21), part("C", 20, 4), part("D", 10, 1)),
          "device", List.of(part("desk", 50, 49), part("phone", 25, 1), part("pad", 25, 0)));

  @Test
  void theDimensionWhoseSharesMovedComesFirst() {
    List<Split> splits = Split.rank(COUNT, part("all", 100, 50), HALVED);
    assertThat(splits).extracting(Split::dimension).containsExactly("device", "kind", "place");
    assertThat(splits.get(0).suspects()).containsExactly("pad", "phone");
    assertThat(splits.get(0).explained()).isCloseTo(0.98, Offset.offset(1e-12));
    // B moved most and against the change: it is no suspect
    assertThat(splits.get(1).suspects()).containsExactly("D", "C", "A");
    assertThat(splits.get(2).surprise()).isEqualTo(0);
    assertThat(splits.get(2).suspects()).containsExactly("X");
  }

  @Test
  void surpriseIsInBits() {
    List<Split> splits =
        Split.rank(
            COUNT,
            part("all", 10, 40),
            Map.of("kind", List.of(part("old", 10, 0), part("new", 0, 40))));
    // new's half of a divergence of 1 bit; old went against the change
    assertThat(splits.get(0).surprise()).isEqualTo(0.5);
    assertThat(splits.get(0).suspects()).containsExactly("new");
  }

  @Test
  void manySmallPartsExplainLessThanOneLarge() {
    List<Part> small = IntStream.range(0, 20).mapToObj(i -> part("s" + i, 5, 6)).toList();
    List<Split> splits =
        Split.rank(
            COUNT,
            part("all", 100, 120),
            Map.of("a", small, "b", List.of(part("x", 50, 68), part("y", 50, 52))));
    assertThat(splits).extracting(Split::dimension).containsExactly("b", "a");
    assertThat(splits.get(1).suspects()).isEmpty();
    assertThat(splits.get(1).attribution().contributions()).hasSize(20);
  }

  @Test
  void aRatiosDimensionIsFoundByNumeratorsAndDenominators() {
    Form percent = new Form(true, 100, 2, RoundingMode.HALF_EVEN);
    Part all = new Part("all", new Amount(160, 200), new Amount(130, 200));
    List<Split> splits =
        Split.rank(
            percent,
            all,
            Map.of(
                "region",
                List.of(
                    new Part("a", new Amount(80, 100), new Amount(65, 100)),
                    new Part("b", new Amount(80, 100), new Amount(65, 100))),
                "kind",
                List.of(
                    new Part("u", new Amount(80, 100), new Amount(50, 100)),
                    new Part("v", new Amount(80, 100), new Amount(80, 100)))));
    assertThat(splits.get(0).dimension()).isEqualTo("kind");
    assertThat(splits.get(0).suspects()).containsExactly("u");
    assertThat(splits.get(0).explained()).isEqualTo(1.0);
    assertThat(splits.get(1).surprise()).isEqualTo(0.0);
  }

  @Test
  void negativeAmountsHaveNoSharesAndAreRankedByWhatTheyExplain() {
    List<Split> splits =
        Split.rank(
            COUNT,
            part("all", 10, 30),
            Map.of("kind", List.of(part("a", -5, 1), part("b", 15, 29))));
    assertThat(splits.get(0).surprise()).isNull();
    assertThat(splits.get(0).suspects()).containsExactly("b");
  }

  @Test
  void withoutAChangeThereIsNoSuspect() {
    assertThat(
            Split.rank(
                COUNT,
                part("all", 10, 10),
                Map.of("kind", List.of(part("a", 1, 9), part("b", 9, 1)))))
        .isEmpty();
  }

  private static Part part(String name, double before, double after) {
    return new Part(name, Amount.of(before), Amount.of(after));
  }
}
