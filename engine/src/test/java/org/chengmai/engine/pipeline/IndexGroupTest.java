package org.chengmai.engine.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import org.assertj.core.groups.Tuple;
import org.chengmai.engine.pipeline.ComputationGroup.Computed;
import org.chengmai.indicators.Grain;
import org.chengmai.indicators.IndicatorPoint;
import org.chengmai.indicators.SeriesKey;
import org.chengmai.indicators.Trust;
import org.chengmai.indicators.composite.Explanation;
import org.chengmai.indicators.composite.IndexValue;
import org.chengmai.indicators.definition.IndicatorCatalogue;
import org.chengmai.indicators.definition.IndicatorIndex;
import org.junit.jupiter.api.Test;

class IndexGroupTest {
  private static final Instant HOUR = Instant.parse("2026-03-09T16:00:00Z");
  private static final String RISING =
      "normalise: {method: piecewise, points: [[0, 100], [100, 0]]}\nweight: {value: 0.6}";
  private static final String FALLING =
      "normalise: {method: piecewise, points: [[0, 0], [10, 100]]}\nweight: {value: 0.4}";
  private static final String ALARMED =
      RISING + "\nthresholds:\n  - {grade: red, when: \"value >= 90\"}\nthreshold_source: 测试";

  private final MemoryStore store = new MemoryStore();

  private static IndicatorCatalogue catalogue(String composite) {
    return Definitions.catalogue(
        Definitions.simple("CVS-ENV-0001", "PT1H", "lower_better", ALARMED),
        Definitions.simple("CVS-ENV-0002", "P1D", "higher_better", FALLING),
        Definitions.composite(
            "CVS-ENV-9000", composite, "\"indicator:CVS-ENV-0001\", \"indicator:CVS-ENV-0002\""));
  }

  private List<IndexGroup> groups(IndicatorCatalogue catalogue) {
    return IndexGroup.of(
        catalogue.indices(LocalDate.of(2026, 3, 9)),
        catalogue::calendar,
        catalogue.regions(),
        store);
  }

  private void remember(String code, String grain, Instant start, Double value) {
    remember(code, grain, start, value, 1, Trust.COMPLETE);
  }

  private void remember(
      String code, String grain, Instant start, Double value, int revision, Trust trust) {
    store.append(
        List.of(
            new IndicatorPoint(
                SeriesKey.of(code, "630102"),
                1,
                start,
                Grain.of(grain),
                value,
                null,
                null,
                1,
                null,
                Map.of(),
                trust,
                revision,
                start,
                "h")));
  }

  private Computed east(IndexGroup group, Instant from, Instant to) {
    return group.compute(from, to).stream()
        .filter(value -> value.key().region().equals("630102"))
        .reduce((first, second) -> second)
        .orElseThrow();
  }

  @Test
  void theNewestPointsUpToThePeriodsEndMakeTheIndex() {
    IndexGroup group = groups(catalogue("additivity: {region: none}")).get(0);
    remember("CVS-ENV-0001", "PT1H", HOUR, 20.0);
    remember("CVS-ENV-0001", "PT1H", HOUR.plusSeconds(3600), 99.0);
    // the day that ended at this hour's start
    remember("CVS-ENV-0002", "P1D", HOUR.minusSeconds(86_400), 5.0);
    Computed value = east(group, HOUR, HOUR.plusSeconds(3600));
    assertThat(value.value()).isEqualTo(0.6 * 80 + 0.4 * 50);
    assertThat(value.n()).isEqualTo(2);
    assertThat(value.trust()).isEqualTo(Trust.COMPLETE);
    assertThat(group.compute(HOUR, HOUR.plusSeconds(3600)))
        .extracting(v -> v.key().region())
        .containsExactly("630102");
  }

  @Test
  void anInputThatRestsByItsCalendarIsNotMissing() {
    IndicatorCatalogue catalogue =
        Definitions.catalogue(
            Definitions.simple("CVS-ENV-0001", "PT1H", "lower_better", RISING)
                .replace("watermark: PT5M", "calendar: workday, watermark: PT5M"),
            Definitions.simple("CVS-ENV-0002", "P1D", "higher_better", FALLING),
            Definitions.composite(
                "CVS-ENV-9000",
                "additivity: {region: none}",
                "\"indicator:CVS-ENV-0001\", \"indicator:CVS-ENV-0002\""));
    IndexGroup group = groups(catalogue).get(0);
    Instant sunday = Instant.parse("2026-03-08T04:00:00Z");
    Instant monday = sunday.plusSeconds(86_400);
    remember("CVS-ENV-0002", "P1D", Instant.parse("2026-03-06T16:00:00Z"), 5.0);
    remember("CVS-ENV-0002", "P1D", Instant.parse("2026-03-07T16:00:00Z"), 5.0);
    Computed resting = east(group, sunday, sunday.plusSeconds(3600));
    assertThat(resting.value()).isEqualTo(50.0);
    assertThat(resting.trust()).isEqualTo(Trust.COMPLETE);
    assertThat(group.compute(monday, monday.plusSeconds(3600)))
        .as("on a working day it is missing, and too little is left")
        .isEmpty();
  }

  @Test
  void anIndexIsNoMoreTrustworthyThanItsInputs() {
    IndexGroup group = groups(catalogue("additivity: {region: none}")).get(0);
    remember("CVS-ENV-0001", "PT1H", HOUR, 20.0, 1, Trust.PARTIAL);
    remember("CVS-ENV-0002", "P1D", HOUR.minusSeconds(86_400), 5.0);
    Computed doubtful = east(group, HOUR, HOUR.plusSeconds(3600));
    assertThat(doubtful.trust()).isEqualTo(Trust.PARTIAL);
    assertThat(doubtful.parts())
        .contains("Inputs that are partial or doubtful: CVS-ENV-0001")
        .contains("输入不完整或质量存疑：CVS-ENV-0001");
    remember("CVS-ENV-0001", "PT1H", HOUR, 20.0, 2, Trust.LATE);
    Computed mended = east(group, HOUR, HOUR.plusSeconds(3600));
    assertThat(mended.value()).isEqualTo(doubtful.value());
    assertThat(mended.trust()).isEqualTo(Trust.COMPLETE);
    assertThat(mended.inputHash()).isNotEqualTo(doubtful.inputHash());
  }

  @Test
  void anIndexIsLeftOutOnDaysOnWhichAnInputIsNotInForce() {
    IndicatorCatalogue catalogue =
        Definitions.catalogue(
            Definitions.simple("CVS-ENV-0001", "PT1H", "lower_better", RISING),
            Definitions.simple("CVS-ENV-0002", "P1D", "higher_better", FALLING)
                .replace("version: 1", "version: 1\n  effective: {from: 2026-03-10}"),
            Definitions.composite(
                "CVS-ENV-9000",
                "additivity: {region: none}",
                "\"indicator:CVS-ENV-0001\", \"indicator:CVS-ENV-0002\""));
    assertThat(catalogue.indices(LocalDate.of(2026, 3, 9))).isEmpty();
    assertThat(catalogue.indices(LocalDate.of(2026, 3, 10))).hasSize(1);
  }

  @Test
  void aLifelinesRedHoldsTheIndexDown() {
    IndexGroup group = groups(catalogue("composite: {lifelines: [CVS-ENV-0001]}")).get(0);
    remember("CVS-ENV-0001", "PT1H", HOUR, 95.0);
    remember("CVS-ENV-0002", "P1D", HOUR.minusSeconds(86_400), 10.0);
    // the mean alone would be 43
    assertThat(east(group, HOUR, HOUR.plusSeconds(3600)).value()).isEqualTo(20.0);
  }

  @Test
  void belowItsCoverageThereIsNoIndexAndAnOldInputDoesNotCount() {
    IndexGroup group = groups(catalogue("additivity: {region: none}")).get(0);
    remember("CVS-ENV-0001", "PT1H", HOUR, 20.0);
    remember("CVS-ENV-0002", "P1D", HOUR.minusSeconds(4 * 86_400), 5.0);
    assertThat(group.compute(HOUR, HOUR.plusSeconds(3600))).isEmpty();
  }

  @Test
  void contributionsSumToTheChangeExactly() {
    IndexGroup group = groups(catalogue("additivity: {region: none}")).get(0);
    remember("CVS-ENV-0001", "PT1H", HOUR, 20.0);
    remember("CVS-ENV-0001", "PT1H", HOUR.plusSeconds(3600), 33.3);
    remember("CVS-ENV-0002", "P1D", HOUR.minusSeconds(86_400), 5.0);
    IndexValue before = parts(east(group, HOUR, HOUR.plusSeconds(3600)));
    IndexValue after = parts(east(group, HOUR, HOUR.plusSeconds(7200)));
    Explanation explained = Explanation.between(before, after).orElseThrow();
    assertThat(
            explained.contributions().stream()
                .map(Explanation.Contribution::points)
                .reduce(BigDecimal.ZERO, BigDecimal::add))
        .isEqualByComparingTo(explained.change())
        .isEqualByComparingTo("-7.98");
  }

  private static IndexValue parts(Computed value) {
    IndicatorPoint point =
        new IndicatorPoint(
            value.key(),
            1,
            value.periodStart(),
            Grain.of("PT1H"),
            value.value(),
            null,
            null,
            value.n(),
            value.parts(),
            Map.of(),
            value.trust(),
            1,
            value.periodStart(),
            "h");
    return IndicatorIndex.value(point).orElseThrow();
  }

  @Test
  void anIndexOfIndicesComesAfterThem() {
    String other =
        Definitions.composite(
            "CVS-ENV-9001",
            "additivity: {region: none}",
            "\"indicator:CVS-ENV-0001\", \"indicator:CVS-ENV-9000\"");
    IndicatorCatalogue catalogue =
        Definitions.catalogue(
            other,
            Definitions.simple("CVS-ENV-0001", "PT1H", "lower_better", RISING),
            Definitions.simple("CVS-ENV-0002", "P1D", "higher_better", FALLING)
                .replace("lateness: PT1H", "lateness: PT48H"),
            Definitions.composite(
                    "CVS-ENV-9000",
                    "additivity: {region: none}",
                    "\"indicator:CVS-ENV-0001\", \"indicator:CVS-ENV-0002\"")
                + "weight: {value: 0.4}\n");
    assertThat(groups(catalogue))
        .as("a revision of the latest input reaches them")
        .extracting(IndexGroup::lateness)
        .containsOnly(Duration.ofHours(48));
    assertThat(groups(catalogue))
        .extracting(IndexGroup::name, IndexGroup::stage)
        .containsExactly(Tuple.tuple("CVS-ENV-9000@PT1H", 1), Tuple.tuple("CVS-ENV-9001@PT1H", 2));
  }

  @Test
  void whatCannotBeScoredOrWeighedIsRefused() {
    assertThatThrownBy(
            () ->
                Definitions.catalogue(
                    Definitions.simple(
                        "CVS-ENV-0001", "PT1H", "lower_better", "weight: {value: 0.6}"),
                    Definitions.simple("CVS-ENV-0002", "P1D", "higher_better", FALLING),
                    Definitions.composite(
                        "CVS-ENV-9000",
                        "additivity: {region: none}",
                        "\"indicator:CVS-ENV-0001\", \"indicator:CVS-ENV-0002\"")))
        .hasMessageContaining("CVS-ENV-0001 cannot be scored: write normalise in it");
    assertThatThrownBy(
            () ->
                Definitions.catalogue(
                    Definitions.simple(
                        "CVS-ENV-0001", "PT1H", "lower_better", RISING.replace("0.6", "0.7")),
                    Definitions.simple("CVS-ENV-0002", "P1D", "higher_better", FALLING),
                    Definitions.composite(
                        "CVS-ENV-9000",
                        "additivity: {region: none}",
                        "\"indicator:CVS-ENV-0001\", \"indicator:CVS-ENV-0002\"")))
        .hasMessageContaining("sum");
  }
}
