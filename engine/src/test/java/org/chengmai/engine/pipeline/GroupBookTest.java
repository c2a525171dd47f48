package org.chengmai.engine.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Executor;
import org.chengmai.indicators.IndicatorPoint;
import org.chengmai.indicators.Principal;
import org.chengmai.indicators.Role;
import org.chengmai.indicators.Table;
import org.chengmai.indicators.definition.IndicatorCatalogue;
import org.chengmai.indicators.region.Regions;
import org.junit.jupiter.api.Test;

/** The scheduler over a catalogue whose versions change at the local midnight of 3 March. */
final class GroupBookTest {
  private static final Instant MIDNIGHT = Instant.parse("2026-03-02T16:00:00Z");
  private static final Duration HOUR = Duration.ofHours(1);
  private static final String CODE = "CVS-ENV-0001";

  private final ManualClock clock = new ManualClock(MIDNIGHT.minus(HOUR.multipliedBy(3)));
  private final MemoryStore store = new MemoryStore();
  private final MemoryRevisions revisions = new MemoryRevisions();
  private final MemoryProgress progress = new MemoryProgress();
  private final List<String> asked = new ArrayList<>();
  private final List<LocalDate> told = new ArrayList<>();

  private static String yaml(
      String code, String value, int version, String effective, String more) {
    return """
        apiVersion: chengmai/v1
        kind: Indicator
        metadata:
          code: %s
          version: %d
          effective: %s
          name: {zh: 测试, en: Test}
          domain: environment
          layer: micro
          lifecycle: reviewing
        definition:
          caliber: 测试
          type: simple
          from: %s
          value: %s
        unit: {code: "1", display: 件, decimals: 1}
        period: {grain: PT1H, watermark: PT5M, lateness: PT12H}
        region: {levels: [county], only: ["630102"]}
        direction: lower_better
        """
        .formatted(code, version, effective, more, value);
  }

  private static final String FIRST =
      yaml(CODE, "SUM(val)", 1, "{from: 2020-01-01, to: 2026-03-02}", "topic_env.air");
  private static final String SECOND =
      yaml(CODE, "MAX(val)", 2, "{from: 2026-03-03}", "topic_env.air");
  private static final String OTHER =
      yaml("CVS-ENV-0002", "SUM(val)", 1, "{from: 2020-01-01}", "topic_env.water");

  private IndicatorScheduler scheduler(Executor executor, String... definitions) {
    Map<String, String> files = new TreeMap<>();
    for (String definition : definitions) {
      files.put("f" + files.size() + ".yaml", definition);
    }
    CatalogueGroups groups =
        new CatalogueGroups(
            IndicatorCatalogue.load(files, Regions.xining(), null),
            this::answer,
            new Principal("internal", Role.ADMIN),
            store,
            (codes, from, to, found) -> {},
            () -> time -> false);
    IndicatorScheduler scheduler =
        new IndicatorScheduler(
            IndicatorScheduler.Config.defaults(),
            groups,
            watermark -> {},
            revisions,
            progress,
            store,
            store,
            executor,
            clock,
            new SimpleMeterRegistry());
    scheduler.onChange(told::add);
    return scheduler;
  }

  /** One row of 7 in every hour that is asked for. */
  private Table answer(Principal principal, String sql) {
    String what =
        (sql.contains("MAX(val)") ? "max" : "sum") + (sql.contains("air") ? " air" : " water");
    Instant from = time(sql, ">= TIMESTAMP '");
    Instant to = time(sql, "< TIMESTAMP '");
    List<List<Object>> rows = new ArrayList<>();
    for (Instant hour = from; hour.isBefore(to); hour = hour.plus(HOUR)) {
      asked.add(what + " " + Duration.between(MIDNIGHT, hour).toHours());
      rows.add(List.of(hour, "630102", what.startsWith("max") ? 2.0 : 7.0, 1L));
    }
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

  private void run(IndicatorScheduler scheduler, Duration time) {
    Instant end = clock.instant().plus(time);
    while (clock.instant().isBefore(end)) {
      clock.move(Duration.ofMinutes(1));
      scheduler.tick();
    }
  }

  private List<IndicatorPoint> points(String code) {
    return store.between(List.of(code), Instant.EPOCH, Instant.MAX).stream()
        .sorted(Comparator.comparing(IndicatorPoint::periodStart))
        .toList();
  }

  @Test
  void atMidnightAChangedGroupGoesOnWhereTheOldOneStandsAndOldPeriodsStayTheOldVersions() {
    IndicatorScheduler scheduler = scheduler(Runnable::run, FIRST, SECOND, OTHER);
    run(scheduler, HOUR.multipliedBy(18));
    assertThat(told).containsExactly(LocalDate.of(2026, 3, 3));
    assertThat(points(CODE))
        .as("every hour once")
        .hasSize(17)
        .allMatch(point -> point.revision() == 1)
        .allMatch(
            point ->
                point.version() == (point.periodStart().isBefore(MIDNIGHT) ? 1 : 2)
                    && point.value() == (point.version() == 1 ? 7 : 2));
    assertThat(asked)
        .as("old periods are looked at again by the old formula only")
        .contains("sum air -1", "max air 0")
        .doesNotContain("max air -1", "sum air 0");
    assertThat(asked.stream().filter("sum air -1"::equals)).hasSize(4);
    assertThat(points("CVS-ENV-0002")).hasSize(17);
    assertThat(scheduler.status()).hasSize(2);
  }

  @Test
  void anEngineThatSleptOverMidnightComputesEachPeriodByItsVersion() {
    run(scheduler(Runnable::run, FIRST, SECOND, OTHER), HOUR.plusMinutes(10));
    clock.move(HOUR.multipliedBy(6));
    IndicatorScheduler restarted = scheduler(Runnable::run, FIRST, SECOND, OTHER);
    run(restarted, Duration.ofMinutes(1));
    assertThat(points(CODE))
        .extracting(IndicatorPoint::version)
        .containsExactly(1, 1, 1, 2, 2, 2, 2);
    clock.move(HOUR.multipliedBy(30));
    run(restarted, Duration.ofMinutes(1));
    assertThat(points(CODE)).hasSize(37).allMatch(point -> point.revision() == 1);
  }

  @Test
  void aGroupOfAnotherGrainBeginsWhereTheOldOneEndsWhichIsLookedAtUntilItsLatenessIsOver() {
    String lasting = yaml(CODE, "SUM(val)", 1, "{from: 2020-01-01}", "topic_env.air");
    String daily = SECOND.replace("grain: PT1H", "grain: P1D");
    IndicatorScheduler scheduler = scheduler(Runnable::run, lasting, daily);
    run(scheduler, HOUR.multipliedBy(5));
    assertThat(points(CODE).stream().filter(point -> point.version() == 1))
        .extracting(IndicatorPoint::periodStart)
        .as("the hours before midnight, the last of them closed after it")
        .containsExactly(
            MIDNIGHT.minus(HOUR.multipliedBy(3)),
            MIDNIGHT.minus(HOUR.multipliedBy(2)),
            MIDNIGHT.minus(HOUR));
    assertThat(scheduler.status())
        .extracting(IndicatorScheduler.Status::name)
        .containsExactlyInAnyOrder(CODE + "@PT1H", CODE + "@P1D");
    IndicatorScheduler restarted = scheduler(Runnable::run, lasting, daily);
    run(restarted, HOUR.multipliedBy(25));
    assertThat(asked.stream().filter("sum air -1"::equals)).as("all four looks").hasSize(4);
    assertThat(restarted.status())
        .extracting(IndicatorScheduler.Status::name)
        .containsExactly(CODE + "@P1D");
    assertThat(points(CODE).stream().filter(point -> point.version() == 2))
        .extracting(IndicatorPoint::periodStart)
        .containsExactly(MIDNIGHT);
  }

  @Test
  void aGroupThatRunsAtMidnightChangesWhenItHasEnded() {
    Queue<Runnable> queue = new ArrayDeque<>();
    IndicatorScheduler scheduler = scheduler(queue::add, FIRST, SECOND);
    clock.set(MIDNIGHT.minusSeconds(3000));
    scheduler.tick();
    clock.set(MIDNIGHT.plusSeconds(1));
    scheduler.tick();
    assertThat(told).isEmpty();
    queue.remove().run();
    scheduler.tick();
    assertThat(told).hasSize(1);
  }

  @Test
  void atTheWeekendAWorkdaysSeriesIsNotMissing() {
    clock.set(Instant.parse("2026-03-06T10:00:00Z"));
    IndicatorScheduler scheduler =
        scheduler(Runnable::run, OTHER.replace("grain: PT1H,", "grain: PT1H, calendar: workday,"));
    run(scheduler, HOUR.multipliedBy(64));
    assertThat(points("CVS-ENV-0002"))
        .extracting(point -> Duration.between(MIDNIGHT, point.periodStart()).toHours())
        .as("six hours of Friday and nine of Monday")
        .hasSize(15)
        .startsWith(90L, 91L, 92L, 93L, 94L, 95L, 144L);
  }

  @Test
  void anOrdinaryMidnightChangesNothing() {
    IndicatorScheduler scheduler = scheduler(Runnable::run, OTHER);
    run(scheduler, HOUR.multipliedBy(5));
    assertThat(told).isEmpty();
    assertThat(Set.copyOf(scheduler.status())).hasSize(1);
  }
}
