package org.chengmai.engine.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.chengmai.indicators.IndicatorPoint;
import org.chengmai.indicators.Principal;
import org.chengmai.indicators.Role;
import org.chengmai.indicators.SeriesKey;
import org.chengmai.indicators.Table;
import org.chengmai.indicators.calendar.PeriodCalendar;
import org.chengmai.indicators.definition.IndicatorDefinition;
import org.junit.jupiter.api.Test;

final class EstimatesTest {
  private static final Instant NOON = Instant.parse("2026-03-02T04:00:00Z");
  private static final Duration HOUR = Duration.ofHours(1);
  private static final String CODE = "CVS-ENV-0001";
  private static final SeriesKey KEY = SeriesKey.of(CODE, "630102");

  private final NavigableMap<Instant, Double> source = new TreeMap<>();
  private final MemoryStore store = new MemoryStore();
  private final ManualClock clock = new ManualClock(NOON);

  private static String definition(String missing) {
    return Definitions.simple(CODE, "PT1H", "lower_better", "")
            .replace(
                "additivity: {region: sum}",
                "additivity: {region: sum}\n  missing: {%s}".formatted(missing))
            .replace("lateness: PT1H", "lateness: PT12H")
        + "region: {levels: [county], only: [\"630102\"]}\n";
  }

  private IndicatorScheduler scheduler(String missing) {
    CatalogueGroups groups =
        new CatalogueGroups(
            Definitions.catalogue(definition(missing)),
            (principal, sql) -> answer(sql),
            new Principal("internal", Role.ADMIN),
            store,
            (codes, from, to, found) -> {},
            () -> time -> false);
    return new IndicatorScheduler(
        IndicatorScheduler.Config.defaults(),
        groups,
        watermark -> {},
        new MemoryRevisions(),
        new MemoryProgress(),
        store,
        store,
        Runnable::run,
        clock,
        new SimpleMeterRegistry());
  }

  private Table answer(String sql) {
    List<List<Object>> rows = new ArrayList<>();
    source
        .subMap(time(sql, ">= TIMESTAMP '"), time(sql, "< TIMESTAMP '"))
        .forEach((hour, value) -> rows.add(List.of(hour, "630102", value, 3L)));
    return new Table(
        List.of(
            new Table.Column("period_start", "TIMESTAMP"),
            new Table.Column("region_code", "VARCHAR"),
            new Table.Column("a_0", "DOUBLE"),
            new Table.Column("n_0", "BIGINT")),
        List.copyOf(rows));
  }

  private static Instant time(String sql, String before) {
    int at = sql.indexOf(before) + before.length();
    return Instant.parse(sql.substring(at, at + 19).replace(' ', 'T') + "Z");
  }

  private void run(IndicatorScheduler scheduler, int hours) {
    for (int i = 0; i < hours * 6; i++) {
      clock.move(Duration.ofMinutes(10));
      scheduler.tick();
    }
  }

  private List<String> values() {
    return store.history(KEY, NOON, NOON.plus(HOUR.multipliedBy(24))).stream()
        .map(
            point ->
                "%d: %s n=%d %s r%d"
                    .formatted(
                        Duration.between(NOON, point.periodStart()).toHours(),
                        point.value(),
                        point.n(),
                        point.trust(),
                        point.revision()))
        .toList();
  }

  @Test
  void theLastMeasuredValueGoesOnForSoLongAndNoLonger() {
    source.put(NOON, 4.0);
    IndicatorScheduler scheduler = scheduler("policy: carry, max_carry: PT2H");
    run(scheduler, 5);
    assertThat(values())
        .containsExactly(
            "0: 4.0 n=3 COMPLETE r1",
            "1: 4.0 n=0 STALE r1",
            "2: 4.0 n=0 STALE r1",
            "3: null n=0 MISSING r1");
    source.put(NOON.plus(HOUR), 6.0);
    run(scheduler, 5);
    assertThat(values().subList(0, 4))
        .as("what came late takes its place, and is carried on in its turn")
        .containsExactly(
            "0: 4.0 n=3 COMPLETE r1",
            "1: 6.0 n=3 LATE r2",
            "2: 6.0 n=0 STALE r2",
            "3: 6.0 n=0 STALE r2");
  }

  @Test
  void aValueBetweenItsNeighboursComesWhenTheNextOneIsKnown() {
    source.put(NOON, 4.0);
    source.put(NOON.plus(HOUR.multipliedBy(2)), 7.0);
    IndicatorScheduler scheduler = scheduler("policy: interpolate, max_carry: PT1H");
    clock.move(Duration.ofMinutes(50));
    run(scheduler, 1);
    clock.set(NOON.plus(HOUR.multipliedBy(2)).plusSeconds(360));
    scheduler.tick();
    assertThat(values().get(1)).as("the first look").isEqualTo("1: null n=0 MISSING r1");
    run(scheduler, 3);
    assertThat(values().get(1)).isEqualTo("1: 5.5 n=0 PARTIAL r2");
    assertThat(values().get(3)).as("nothing follows").isEqualTo("3: null n=0 MISSING r1");
  }

  @Test
  void nobodyTakesAnEstimateForMeasured() {
    source.put(NOON, 4.0);
    run(scheduler("policy: carry, max_carry: PT6H"), 3);
    IndicatorPoint carried =
        store.history(KEY, NOON.plus(HOUR), NOON.plus(HOUR.multipliedBy(2))).get(0);
    assertThat(carried.value()).isEqualTo(4);
    assertThat(carried.isMeasured()).isFalse();
    assertThat(Past.Value.of(carried).value()).as("no base of a comparison").isNull();
    IndicatorDefinition definition =
        Definitions.catalogue(definition("policy: carry, max_carry: PT6H")).get(CODE);
    assertThat(
            definition
                .feed(
                    store.history(KEY, NOON, NOON.plus(HOUR.multipliedBy(3))),
                    NOON.plus(HOUR.multipliedBy(6)),
                    PeriodCalendar.NATURAL)
                .state())
        .isEqualTo("stopped");
  }
}
