package org.chengmai.connectors.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

final class EqualPartsTest {
  @Test
  void aHistogramIsCutWhereItIs() {
    EqualParts parts = new EqualParts();
    parts.addHistogram(List.of(0.0, 10.0, 100.0), 1);
    double[] bounds = parts.bounds();
    assertThat(bounds).isSorted();
    assertThat(bounds[0]).isZero();
    assertThat(bounds[50]).isCloseTo(10, within(1.0));
    assertThat(bounds[100]).isEqualTo(100);
  }

  @Test
  void aCommonValueTakesAsManyPartsAsItHasRows() {
    EqualParts parts = new EqualParts();
    parts.add(7, 0.5);
    parts.addHistogram(List.of(0.0, 10.0), 0.5);
    double[] bounds = parts.bounds();
    assertThat(bounds).isSorted();
    assertThat(Arrays.stream(bounds).filter(bound -> bound == 7).count()).isBetween(48L, 52L);
  }

  @Test
  void nothingKnownIsNoBounds() {
    assertThat(new EqualParts().bounds()).isEmpty();
  }
}
