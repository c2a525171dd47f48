package org.chengmai.engine.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

final class RowHashTest {
  private static String hash(boolean isOrdered, List<?>... rows) {
    RowHash hash = new RowHash(isOrdered);
    Arrays.stream(rows).forEach(hash::add);
    return hash.toString();
  }

  @Test
  void equalNumbersOfAnyTypeAreEqual() {
    assertThat(hash(false, List.of(1L, new BigDecimal("2.50"))))
        .isEqualTo(hash(false, List.of(1, 2.5)))
        .isNotEqualTo(hash(false, List.of(1, 2.51)));
    assertThat(hash(false, List.of(0.1 + 0.2))).isEqualTo(hash(false, List.of(0.3)));
  }

  @Test
  void datesAndPaddedTextsAreEqualByTheirText() {
    assertThat(hash(false, List.of("a  ", LocalDate.parse("1995-01-01"))))
        .isEqualTo(hash(false, List.of("a", "1995-01-01")));
  }

  @Test
  void orderCountsOnlyWhereItIsPartOfTheAnswer() {
    assertThat(hash(false, List.of(1), List.of(2))).isEqualTo(hash(false, List.of(2), List.of(1)));
    assertThat(hash(true, List.of(1), List.of(2))).isNotEqualTo(hash(true, List.of(2), List.of(1)));
  }
}
