package org.chengmai.engine.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.chengmai.engine.pipeline.ComputationGroup.Computed;
import org.chengmai.indicators.Grain;
import org.chengmai.indicators.IndicatorPoint;
import org.chengmai.indicators.Principal;
import org.chengmai.indicators.Role;
import org.chengmai.indicators.SeriesKey;
import org.chengmai.indicators.Table;
import org.chengmai.indicators.Trust;
import org.chengmai.indicators.calendar.Calendars;
import org.chengmai.indicators.definition.IndicatorGroup;
import org.chengmai.indicators.quality.Finding;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class QualitiesTest {
  private static final String CODE = "CVS-ENV-0001";
  private static final Instant NOON = Instant.parse("2026-03-09T04:00:00Z");
  private static final SeriesKey EAST = SeriesKey.of(CODE, "630102");

  /** What was kept, and of which time. */
  private record Kept(Instant from, Instant to, List<Finding> failed) {}

  private final MemoryStore store = new MemoryStore();
  private final List<Kept> kept = new ArrayList<>();

  private static IndicatorGroup group(String quality) {
    return Definitions.catalogue(
            Definitions.simple(CODE, "PT1H", "neutral", "quality: {%s}".formatted(quality))
                .replace("value: SUM(val)", "value: SUM(val)\n  expected: 4")
                .replace("decimals: 1", "decimals: 1, range: [0, 1000]"))
        .groups(LocalDate.of(2026, 3, 9))
        .get(0);
  }

  private List<Computed> judge(String quality, Computed... values) {
    IndicatorGroup group = group(quality);
    return new Qualities(
            group, store, (codes, from, to, failed) -> kept.add(new Kept(from, to, failed)))
        .judge(Map.of(group.definitions().get(0), List.of(values)), NOON, NOON.plusSeconds(3600))
        .get(group.definitions().get(0));
  }

  private static Computed value(SeriesKey key, @Nullable Integer hour, double value, long n) {
    return new Computed(
        key,
        NOON.plusSeconds(3600L * (hour == null ? 0 : hour)),
        value,
        null,
        null,
        n,
        null,
        Map.of(),
        Trust.COMPLETE,
        "hash");
  }

  private static Computed value(String region, double value) {
    return value(SeriesKey.of(CODE, region), null, value, 4);
  }

  private void remember(SeriesKey key, int hour, double value) {
    Instant start = NOON.plusSeconds(3600L * hour);
    store.append(
        List.of(
            new IndicatorPoint(
                key,
                1,
                start,
                Grain.of("PT1H"),
                value,
                null,
                null,
                4,
                Trust.COMPLETE,
                1,
                start,
                "h")));
  }

  @Test
  void aValueThatBreaksARuleIsPartialAndSaysSoByItsHash() {
    remember(EAST, -1, 10);
    List<Computed> judged = judge("jump: \"<=5\"", value("630102", 16), value("630103", 16));
    assertThat(judged.get(0).trust()).isEqualTo(Trust.PARTIAL);
    assertThat(judged.get(0).inputHash()).isEqualTo("hash!jump");
    // its neighbour has no past to jump from
    assertThat(judged.get(1)).isEqualTo(value("630103", 16));
    assertThat(kept).hasSize(1);
    assertThat(kept.get(0).from()).isEqualTo(NOON);
    Finding finding = kept.get(0).failed().get(0);
    assertThat(finding.measured()).isEqualTo(6);
    assertThat(finding.failing())
        .containsExactly(
            new Finding.Row(EAST, NOON.minusSeconds(3600)), new Finding.Row(EAST, NOON));
  }

  @Test
  void aFlatLineReachesIntoTheStoreAndNotFurtherThanItsLength() {
    for (int hour = -5; hour < 0; hour++) {
      remember(EAST, hour, 7);
    }
    assertThat(judge("flatline: PT6H", value("630102", 7)).get(0).trust()).isEqualTo(Trust.PARTIAL);
    assertThat(kept.get(0).failed().get(0).failing()).hasSize(6);
    assertThat(judge("flatline: PT7H", value("630102", 7)).get(0).trust())
        .isEqualTo(Trust.COMPLETE);
  }

  @Test
  void whatIsComputedTogetherIsEachOthersPast() {
    List<Computed> judged =
        judge(
            "flatline: PT3H",
            value(EAST, 0, 7, 4),
            value(EAST, 1, 7, 4),
            value(EAST, 2, 7, 4),
            value(EAST, 3, 8, 4));
    assertThat(judged)
        .extracting(Computed::trust)
        .containsExactly(Trust.COMPLETE, Trust.COMPLETE, Trust.PARTIAL, Trust.COMPLETE);
  }

  @Test
  void districtsAreEachOthersNeighboursAndTheCityIsNone() {
    List<Computed> values = new ArrayList<>();
    String[] districts = {"630102", "630103", "630104", "630105", "630106", "630121", "630123"};
    for (int i = 0; i < districts.length; i++) {
      values.add(value(districts[i], i == 3 ? 900 : 100 + i));
    }
    values.add(value("630100", 506));
    List<Computed> judged =
        judge("cross: \"abs(v - neighbour_median) <= 5*mad\"", values.toArray(new Computed[0]));
    assertThat(judged)
        .filteredOn(value -> value.trust() == Trust.PARTIAL)
        .extracting(value -> value.key().region())
        .containsExactly("630105");
    assertThat(kept.get(0).failed()).extracting(Finding::rule).containsExactly("cross");
  }

  @Test
  void inputsAreExpectedOfEachDistrictOfTheCity() {
    List<Computed> judged =
        judge(
            "completeness: \">=0.9\"",
            value(EAST, null, 5, 3),
            value(SeriesKey.of(CODE, "630100"), null, 5, 27));
    assertThat(judged).extracting(Computed::trust).containsExactly(Trust.PARTIAL, Trust.COMPLETE);
    assertThat(kept.get(0).failed().get(0).measured()).isEqualTo(0.75);
  }

  @Test
  void aPeriodWithoutValuesForgetsWhatWasFoundInIt() {
    assertThat(judge("jump: \"<=5\"")).isEmpty();
    assertThat(kept).containsExactly(new Kept(NOON, NOON.plusSeconds(3600), List.of()));
  }

  @Test
  void aComputedGroupPublishesTheVerdict() {
    remember(EAST, -1, 10);
    Table rows =
        new Table(
            List.of("period_start", "region_code", "a_0", "n_0").stream()
                .map(name -> new Table.Column(name, "ANY"))
                .toList(),
            List.of(List.of(NOON, "630102", 30.0, 4L)));
    CatalogueGroup group =
        new CatalogueGroup(
            group("jump: \"<=5\""),
            (principal, sql) -> rows,
            new Principal("engine", Role.ADMIN),
            store,
            Calendars.defaults(),
            (codes, from, to, failed) -> kept.add(new Kept(from, to, failed)),
            () -> time -> false);
    Computed district =
        group.compute(NOON, NOON.plusSeconds(3600)).stream()
            .filter(value -> value.key().equals(EAST))
            .findFirst()
            .orElseThrow();
    assertThat(district.trust()).isEqualTo(Trust.PARTIAL);
    assertThat(district.inputHash()).endsWith("!jump");
    assertThat(kept.get(0).failed()).hasSize(1);
  }
}
