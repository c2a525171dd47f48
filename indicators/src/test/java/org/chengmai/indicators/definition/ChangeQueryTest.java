package org.chengmai.indicators.definition;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.chengmai.indicators.Table;
import org.chengmai.indicators.calendar.Calendars;
import org.chengmai.indicators.catalog.DataCatalogue;
import org.chengmai.indicators.region.Regions;
import org.junit.jupiter.api.Test;

class ChangeQueryTest {
  private static final Instant NOON = Instant.parse("2026-01-05T04:00:00Z");
  private static final String SOURCES =
      """
      apiVersion: chengmai/v1
      kind: Catalog
      library: topic_env
      name: {zh: 生态环境主题库, en: Environment library}
      owner: 市生态环境局
      synthetic: true
      tables:
        - table: air
          code: "2040010000101"
          name: {zh: 空气质量监测, en: Air quality readings}
          update_cycle: PT15M
          history: P28D
          updated_at: changed
          columns:
            - {name: ts, type: timestamp}
            - {name: changed, type: timestamp}
        - table: station
          code: "2040010000102"
          name: {zh: 站点, en: Stations}
          update_cycle: P1D
          history: P28D
          updated_at: edited
          columns:
            - {name: edited, type: timestamp}
      """;

  private static IndicatorGroup group(String definition, String sources) {
    return IndicatorCatalogue.load(
            Map.of("a.yaml", definition),
            Regions.xining(),
            DataCatalogue.load(Map.of("s.yaml", sources)),
            Calendars.defaults(),
            null)
        .groups(LocalDate.of(2026, 1, 5))
        .get(0);
  }

  @Test
  void theNewestChangeAndThePeriodsOfWhatChangedAreAskedInOneSqlEach() {
    ChangeQuery query = group(Samples.PM25, SOURCES).changes().orElseThrow();
    assertThat(query.newest())
        .isEqualTo(
            "SELECT MAX(changed) AS changed FROM (SELECT MAX(changed) AS changed FROM topic_env.air) AS tables");
    assertThat(query.periods(NOON, NOON.minusSeconds(86400), NOON))
        .contains(
            "SELECT TIME_FLOOR(ts, 'PT1H', 'Asia/Shanghai') AS period_start FROM topic_env.air"
                + " WHERE changed > TIMESTAMP '2026-01-05 03:59:00'"
                + " AND ts >= TIMESTAMP '2026-01-04 04:00:00' AND ts < TIMESTAMP '2026-01-05 04:00:00'"
                + " GROUP BY TIME_FLOOR(ts, 'PT1H', 'Asia/Shanghai')");
    Table answer =
        new Table(
            List.of(new Table.Column("period_start", "TIMESTAMP")),
            List.of(List.of(NOON), Arrays.asList((Object) null)));
    assertThat(query.read(answer))
        .containsExactly(new ChangeQuery.Stretch(NOON, NOON.plusSeconds(3600)));
  }

  @Test
  void overAJoinTheWholeLatenessIsDue() {
    String joined =
        Samples.PM25.replace(
            "from: topic_env.air",
            "from: (SELECT a.* FROM topic_env.air a JOIN topic_env.station s ON s.id = a.id)");
    ChangeQuery query = group(joined, SOURCES).changes().orElseThrow();
    assertThat(query.newest())
        .contains("MAX(changed) AS changed FROM topic_env.air")
        .contains(" UNION ALL ")
        .contains("MAX(edited) AS changed FROM topic_env.station");
    assertThat(query.periods(NOON, NOON.minusSeconds(60), NOON)).isEmpty();
  }

  @Test
  void aTableThatSaysNothingIsNotAsked() {
    assertThat(group(Samples.PM25, SOURCES.replace("    updated_at: changed\n", "")).changes())
        .isEmpty();
  }
}
