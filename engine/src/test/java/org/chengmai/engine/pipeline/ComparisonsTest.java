package org.chengmai.engine.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.assertj.core.data.Offset;
import org.chengmai.engine.pipeline.ComputationGroup.Computed;
import org.chengmai.indicators.Grain;
import org.chengmai.indicators.IndicatorPoint;
import org.chengmai.indicators.SeriesKey;
import org.chengmai.indicators.Trust;
import org.chengmai.indicators.calendar.Calendars;
import org.chengmai.indicators.definition.IndicatorDefinition;
import org.junit.jupiter.api.Test;

class ComparisonsTest {
  private static final Instant DAY = Instant.parse("2026-03-09T16:00:00Z");
  private static final SeriesKey EAST = SeriesKey.of("CVS-ENV-0001", "630102");
  private static final SeriesKey WEST = SeriesKey.of("CVS-ENV-0001", "630104");

  private final MemoryStore store = new MemoryStore();
  private final Comparisons comparisons = new Comparisons(store, Calendars.defaults());

  private static IndicatorDefinition definition(String grain, String when) {
    return definition("CVS-ENV-0001", grain, when);
  }

  private static IndicatorDefinition definition(String code, String grain, String when) {
    return Definitions.catalogue(
            Definitions.simple(
                code,
                grain,
                "neutral",
                "thresholds:\n  - {grade: yellow, when: \"%s\"}\nthreshold_source: 测试"
                    .formatted(when)))
        .get(code);
  }

  private void remember(SeriesKey key, String grain, Instant start, double value, int revision) {
    store.append(
        List.of(
            new IndicatorPoint(
                key,
                1,
                start,
                Grain.of(grain),
                value,
                null,
                null,
                1,
                Trust.COMPLETE,
                revision,
                start,
                "h")));
  }

  private static Computed value(SeriesKey key, Instant start, double value) {
    return new Computed(key, start, value, null, null, 1, null, Map.of(), Trust.COMPLETE, "hash");
  }

  private List<Computed> add(IndicatorDefinition definition, List<Computed> values) {
    return comparisons.add(Map.of(definition, values)).get(definition);
  }

  @Test
  void aYearAgoIsReadFromTheStoreInItsNewestRevision() {
    Instant yearAgo = Instant.parse("2025-03-09T16:00:00Z");
    remember(EAST, "P1D", yearAgo, 50, 1);
    remember(EAST, "P1D", yearAgo, 80, 2);
    List<Computed> compared =
        add(definition("P1D", "yoy >= 0.1"), List.of(value(EAST, DAY, 100), value(WEST, DAY, 100)));
    assertThat(compared.get(0).readings()).containsExactly(Map.entry("yoy", 0.25));
    assertThat(compared.get(0).inputHash()).isEqualTo("hash");
    assertThat(compared.get(1).readings()).isEmpty();
  }

  @Test
  void whatIsComputedTogetherIsEachOthersPast() {
    List<Computed> values = new ArrayList<>();
    for (int day = 0; day < 15; day++) {
      values.add(value(EAST, DAY.plusSeconds(86_400L * day), 10 + day));
    }
    List<Computed> compared = add(definition("P1D", "ratio_to(median, P14D) >= 1.2"), values);
    assertThat(compared.get(6).readings()).isEmpty();
    // the days before hold 10 to 23
    assertThat(compared.get(14).readings().get("ratio_to(median, P14D)"))
        .isCloseTo(24 / 16.5, Offset.offset(1e-12));
  }

  @Test
  void rollingSumsAndStepsReachIntoTheStore() {
    for (int i = 1; i <= 5; i++) {
      remember(EAST, "PT1H", DAY.minusSeconds(3600L * i), 10 - i, 1);
    }
    List<Computed> compared =
        add(definition("PT1H", "sum(PT3H) >= 5 and rise(3) >= 3"), List.of(value(EAST, DAY, 20)));
    assertThat(compared.get(0).readings())
        .containsEntry("sum(PT3H)", 37.0)
        .containsEntry("rise(3)", 3.0);
  }

  @Test
  void indicatorsThatLookBackAlikeAreReadTogetherAndStayApart() {
    IndicatorDefinition one = definition("P1D", "mom > 0");
    IndicatorDefinition other = definition("CVS-ENV-0002", "P1D", "mom > 0");
    remember(EAST, "P1D", DAY.minusSeconds(86_400), 50, 1);
    SeriesKey otherEast = SeriesKey.of("CVS-ENV-0002", EAST.region());
    remember(otherEast, "P1D", DAY.minusSeconds(86_400), 10, 1);
    Map<IndicatorDefinition, List<Computed>> compared =
        comparisons.add(
            Map.of(one, List.of(value(EAST, DAY, 100)), other, List.of(value(otherEast, DAY, 5))));
    assertThat(compared.get(one).get(0).readings()).containsExactly(Map.entry("mom", 1.0));
    assertThat(compared.get(other).get(0).readings()).containsExactly(Map.entry("mom", -0.5));
    assertThat(store.asked).isEqualTo(1);
  }

  @Test
  void withoutMeasuresOfThePastTheStoreIsNotAsked() {
    List<Computed> values = List.of(value(EAST, DAY, 1));
    assertThat(add(definition("P1D", "value > 3"), values)).isSameAs(values);
    assertThat(store.asked).isZero();
  }
}
