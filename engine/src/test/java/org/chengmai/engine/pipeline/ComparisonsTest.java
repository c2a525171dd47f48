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
import org.chengmai.indicators.region.City;
import org.chengmai.indicators.region.Regions;
import org.junit.jupiter.api.Test;

class ComparisonsTest {
  private static final Instant DAY = Instant.parse("2026-03-09T16:00:00Z");
  private static final SeriesKey EAST = SeriesKey.of("CVS-ENV-0001", "630102");
  private static final SeriesKey WEST = SeriesKey.of("CVS-ENV-0001", "630104");

  private final MemoryStore store = new MemoryStore();
  private final Comparisons comparisons =
      new Comparisons(store, Calendars.defaults(), Regions.xining());

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
    return add(comparisons, definition, values);
  }

  private static List<Computed> add(
      Comparisons comparisons, IndicatorDefinition definition, List<Computed> values) {
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

  /** 湟中 was the county 630122 until 2019 and is the district 630106 from 2020 on. */
  @Test
  void aPlaceIsComparedWithWhatItWasUnderItsFormerCode() {
    Instant yearAgo = Instant.parse("2019-05-31T16:00:00Z");
    Instant now = Instant.parse("2020-05-31T16:00:00Z");
    remember(SeriesKey.of("CVS-ENV-0001", "630122"), "P1D", yearAgo, 80, 1);
    remember(EAST, "P1D", yearAgo, 50, 1);
    List<Computed> compared =
        add(
            definition("P1D", "yoy >= 0.1"),
            List.of(
                value(SeriesKey.of("CVS-ENV-0001", "630106"), now, 100),
                value(EAST, now, 100),
                value(SeriesKey.of("CVS-ENV-0001", "630105"), now, 100)));
    assertThat(compared.get(0).readings()).containsExactly(Map.entry("yoy", 0.25));
    assertThat(compared.get(1).readings()).containsExactly(Map.entry("yoy", 1.0));
    assertThat(compared.get(2).readings()).isEmpty();
  }

  private static final String CHANGED =
      """
      code: "630100"
      name: {zh: 西宁市}
      districts:
        - {code: "630102", name: {zh: 城东区}}
        - {code: "630103", name: {zh: 合并区}, from: 2025-09-01}
        - {code: "630104", name: {zh: 拆分区甲}, from: 2025-09-01}
        - {code: "630105", name: {zh: 拆分区乙}, from: 2025-09-01}
      former:
        - {code: "630110", name: {zh: 甲县}, to: 2025-08-31, successor: "630103"}
        - {code: "630111", name: {zh: 乙县}, to: 2025-08-31, successor: "630103"}
        - {code: "630112", name: {zh: 丙县}, to: 2025-08-31, successors: [{code: "630104", share: 0.25}, {code: "630105", share: 0.75}]}
      """;

  private static SeriesKey place(String code) {
    return SeriesKey.of("CVS-ENV-0001", code);
  }

  @Test
  void aMergedPlaceIsComparedWithTheSumAndAPartOfASplitOneWithItsShare() {
    Comparisons changed =
        new Comparisons(store, Calendars.defaults(), City.read("city.yaml", CHANGED).regions());
    Instant yearAgo = Instant.parse("2025-03-09T16:00:00Z");
    remember(place("630110"), "P1D", yearAgo, 30, 1);
    remember(place("630111"), "P1D", yearAgo, 50, 1);
    remember(place("630112"), "P1D", yearAgo, 200, 1);
    List<Computed> compared =
        add(
            changed,
            definition("P1D", "yoy.pp >= 1"),
            List.of(
                value(place("630103"), DAY, 100),
                value(place("630104"), DAY, 100),
                value(place("630105"), DAY, 100)));
    assertThat(compared)
        .extracting(one -> one.readings().get("yoy.pp"))
        .containsExactly(20.0, 50.0, -50.0);
  }

  @Test
  void ofAMergedPlacesRatioNumeratorsAndDenominatorsAreMergedAndOneMissingLeavesNone() {
    Comparisons changed =
        new Comparisons(store, Calendars.defaults(), City.read("city.yaml", CHANGED).regions());
    IndicatorDefinition ratio =
        Definitions.catalogue(
                Definitions.simple(
                        "CVS-ENV-0001",
                        "P1D",
                        "neutral",
                        "thresholds:\n  - {grade: yellow, when: \"yoy.pp >= 1\"}\nthreshold_source: 测试")
                    .replace("value: SUM(val)", "value: AVG(val)")
                    .replace("additivity: {region: sum}", "additivity: {region: recompute}"))
            .get("CVS-ENV-0001");
    Instant yearAgo = Instant.parse("2025-03-09T16:00:00Z");
    List<Computed> values = List.of(value(place("630103"), DAY, 100));
    remember(place("630110"), yearAgo, 30, 300, 10);
    assertThat(add(changed, ratio, values).get(0).readings()).isEmpty();
    remember(place("630111"), yearAgo, 60, 1800, 30);
    // 2100 / 40, not the mean of 30 and 60
    assertThat(add(changed, ratio, values).get(0).readings()).containsEntry("yoy.pp", 47.5);
  }

  private void remember(
      SeriesKey key, Instant start, double value, double numerator, double denominator) {
    store.append(
        List.of(
            new IndicatorPoint(
                key,
                1,
                start,
                Grain.of("P1D"),
                value,
                numerator,
                denominator,
                1,
                Trust.COMPLETE,
                1,
                start,
                "h")));
  }
}
