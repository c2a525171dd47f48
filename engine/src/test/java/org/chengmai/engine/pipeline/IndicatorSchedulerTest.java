package org.chengmai.engine.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.chengmai.connectors.kafka.PointTopic;
import org.chengmai.indicators.IndicatorPoint;
import org.chengmai.indicators.SeriesKey;
import org.chengmai.indicators.Trust;
import org.junit.jupiter.api.Test;

final class IndicatorSchedulerTest {
  private static final Instant EIGHT = Instant.parse("2026-03-02T00:00:00Z");
  private static final Duration MINUTE = Duration.ofMinutes(1);

  private final ManualClock clock = new ManualClock(EIGHT);
  private final MemoryStore store = new MemoryStore();
  private final MemoryRevisions revisions = new MemoryRevisions();
  private final MemoryProgress progress = new MemoryProgress();
  private final List<Instant> markers = new ArrayList<>();
  private final MemoryGroup minutes =
      new MemoryGroup("CVS-A", "PT1M", Duration.ofSeconds(5), Duration.ofHours(24), Set.of());
  private final MemoryGroup quarters =
      new MemoryGroup(
          "CVS-B",
          "PT15M",
          Duration.ofSeconds(5),
          Duration.ofMinutes(30),
          Set.of(SeriesKey.of("CVS-B", "630102")));

  private IndicatorScheduler scheduler(
      CloseGate gate, Executor executor, ComputationGroup... groups) {
    return new IndicatorScheduler(
        IndicatorScheduler.Config.defaults(),
        GroupSchedule.of(List.of(groups)),
        gate,
        revisions,
        progress,
        store,
        store,
        executor,
        clock,
        new SimpleMeterRegistry());
  }

  private IndicatorScheduler scheduler(ComputationGroup... groups) {
    return scheduler(markers::add, Runnable::run, groups);
  }

  private List<String> taken(int from) {
    return store.entries.subList(from, store.entries.size()).stream()
        .map(IndicatorSchedulerTest::text)
        .toList();
  }

  private static String text(PointTopic.Entry entry) {
    IndicatorPoint point = entry.point();
    return "%s %s %s r%d %s%s"
        .formatted(
            point.key().region(),
            Duration.between(EIGHT, point.periodStart()).toMinutes(),
            point.value(),
            point.revision(),
            point.trust(),
            entry.isHistory() ? " history" : "");
  }

  @Test
  void aPeriodIsComputedOnceAtItsEndPlusWatermark() {
    IndicatorScheduler scheduler = scheduler(minutes);
    minutes.put("630102", EIGHT, 1);
    clock.move(Duration.ofSeconds(64));
    scheduler.tick();
    assertThat(store.entries).isEmpty();
    assertThat(markers).isEmpty();
    clock.move(Duration.ofSeconds(1));
    scheduler.tick();
    scheduler.tick();
    assertThat(taken(0)).containsExactly("630102 0 1.0 r1 COMPLETE");
    assertThat(minutes.computed).containsExactly(new ClosePlan.Span(EIGHT, EIGHT.plus(MINUTE)));
    assertThat(markers).containsExactly(clock.instant());
    IndicatorPoint point = store.entries.get(0).point();
    assertThat(point.version()).isEqualTo(3);
    assertThat(point.computedAt()).isEqualTo(clock.instant());
    assertThat(scheduler.status().get(0).closedTo()).isEqualTo(EIGHT.plus(MINUTE));
  }

  @Test
  void groupsThatCloseTogetherShareOneMarkerAndOneThatFailsStopsNobody() {
    IndicatorScheduler scheduler = scheduler(minutes, quarters);
    clock.move(Duration.ofMinutes(14));
    scheduler.tick();
    clock.move(Duration.ofSeconds(65));
    markers.clear();
    int before = store.entries.size();
    minutes.isBroken = true;
    quarters.put("630102", EIGHT, 7);
    scheduler.tick();
    assertThat(markers).hasSize(1);
    assertThat(taken(before)).containsExactly("630102 0 7.0 r1 COMPLETE");
    assertThat(scheduler.status().get(0).failure()).isEqualTo("the source is down");
    assertThat(scheduler.status().get(1).failure()).isNull();
    minutes.isBroken = false;
    minutes.put("630103", EIGHT.plus(MINUTE.multipliedBy(14)), 2);
    int ticks = 0;
    while (scheduler.status().get(0).failure() != null) {
      scheduler.tick();
      ticks++;
    }
    assertThat(ticks).as("a pause before it is tried again").isBetween(2, 10);
    assertThat(taken(before + 1)).containsExactly("630103 14 2.0 r1 COMPLETE");
  }

  @Test
  void lateInputsMakeALateRevisionAfterAnHourAndAtTheEndOfLateness() {
    IndicatorScheduler scheduler = scheduler(minutes);
    minutes.put("630102", EIGHT, 1);
    run(scheduler, Duration.ofMinutes(3));
    minutes.put("630102", EIGHT, 1);
    run(scheduler, Duration.ofMinutes(57));
    assertThat(store.history(minutes.key("630102"), EIGHT, EIGHT.plus(MINUTE)))
        .extracting(IndicatorPoint::revision)
        .containsExactly(1);
    run(scheduler, Duration.ofMinutes(2));
    assertThat(store.history(minutes.key("630102"), EIGHT, EIGHT.plus(MINUTE)))
        .satisfiesExactly(
            point -> {
              assertThat(point.revision()).isEqualTo(2);
              assertThat(point.trust()).isEqualTo(Trust.LATE);
              assertThat(point.value()).isEqualTo(2);
            });
    minutes.put("630102", EIGHT, 3);
    run(scheduler, Duration.ofHours(23));
    assertThat(store.history(minutes.key("630102"), EIGHT, EIGHT.plus(MINUTE)).get(0).value())
        .isEqualTo(5);
    assertThat(store.entries)
        .filteredOn(entry -> entry.point().periodStart().equals(EIGHT))
        .hasSize(3);
  }

  @Test
  void aPeriodIsLookedAtAfterAnHourAfterSixAndAtTheEndOfLateness() {
    MemoryGroup hours =
        new MemoryGroup("CVS-H", "PT1H", Duration.ofMinutes(5), Duration.ofHours(24), Set.of());
    IndicatorScheduler scheduler = scheduler(hours);
    run(scheduler, Duration.ofHours(26));
    List<Instant> looks = new ArrayList<>();
    clock.set(EIGHT);
    assertThat(hours.computed)
        .filteredOn(span -> !span.from().isAfter(EIGHT) && span.to().isAfter(EIGHT))
        .hasSize(4);
    for (ClosePlan.Progress at : List.of(progress.progress.get("CVS-H"))) {
      looks.addAll(List.of(at.closed(), at.hour(), at.sixHours(), at.lateness()));
    }
    Duration hour = Duration.ofHours(1);
    assertThat(looks)
        .containsExactly(
            EIGHT.plus(hour.multipliedBy(25)),
            EIGHT.plus(hour.multipliedBy(25)),
            EIGHT.plus(hour.multipliedBy(20)),
            EIGHT.plus(hour.multipliedBy(2)));
  }

  @Test
  void rowsThatTheirSourceSaysWereChangedAreComputedAgainWithinLatenessEvenAfterARestart() {
    IndicatorScheduler scheduler = scheduler(quarters);
    quarters.put("630102", EIGHT, 1);
    quarters.put("630102", EIGHT.plus(Duration.ofMinutes(15)), 1);
    quarters.change(EIGHT, EIGHT);
    run(scheduler, Duration.ofMinutes(31));
    scheduler.lookAtSources();
    int before = store.entries.size();
    quarters.computed.clear();
    scheduler.tick();
    assertThat(quarters.computed).as("the first look only notes the time").isEmpty();

    quarters.put("630102", EIGHT.plus(Duration.ofMinutes(15)), 5);
    quarters.change(EIGHT.plus(Duration.ofMinutes(29)), EIGHT.plus(Duration.ofMinutes(16)));
    quarters.change(EIGHT.plus(Duration.ofMinutes(29)), EIGHT.minus(Duration.ofDays(1)));
    quarters.change(EIGHT.plus(Duration.ofMinutes(29)), EIGHT.plus(Duration.ofMinutes(31)));
    IndicatorScheduler restarted = scheduler(quarters);
    restarted.lookAtSources();
    restarted.lookAtSources();
    IndicatorScheduler again = scheduler(quarters);
    again.tick();
    Instant second = EIGHT.plus(Duration.ofMinutes(15));
    assertThat(quarters.computed)
        .as("neither beyond lateness nor what has not closed")
        .containsExactly(new ClosePlan.Span(second, second.plus(Duration.ofMinutes(15))));
    assertThat(taken(before)).containsExactly("630102 15 6.0 r2 LATE");
    assertThat(progress.waiting).isEmpty();
    again.lookAtSources();
    again.tick();
    assertThat(quarters.computed).hasSize(1);
  }

  @Test
  void aCorrectionComputesItsPeriodsAgainEvenAfterARestart() {
    IndicatorScheduler scheduler = scheduler(minutes, quarters);
    minutes.put("630102", EIGHT, 1);
    minutes.put("630102", EIGHT.plus(MINUTE), 1);
    run(scheduler, Duration.ofMinutes(20));
    int before = store.entries.size();
    minutes.put("630102", EIGHT, 10);
    scheduler.corrected(EIGHT.plusSeconds(20), EIGHT.plusSeconds(21));
    IndicatorScheduler restarted = scheduler(minutes, quarters);
    minutes.computed.clear();
    restarted.tick();
    assertThat(minutes.computed).containsExactly(new ClosePlan.Span(EIGHT, EIGHT.plus(MINUTE)));
    assertThat(taken(before)).containsExactly("630102 0 11.0 r2 LATE");
    assertThat(progress.waiting).isEmpty();
  }

  @Test
  void aReplayClosesAllGroupsPeriodsInTheOrderOfEventTimeAndIsNotHistory() {
    Instant past = EIGHT.minus(Duration.ofDays(400));
    minutes.put("630102", past.plusSeconds(30), 1);
    minutes.put("630102", past.plusSeconds(180), 2);
    minutes.put("630102", past.plus(Duration.ofMinutes(15)), 3);
    quarters.put("630102", past, 7);
    IndicatorScheduler scheduler = scheduler(minutes, quarters);
    long points =
        scheduler.replay(
            Map.of(
                "CVS-A", new IndicatorScheduler.Window(past.plusSeconds(30), past.plusSeconds(181)),
                "CVS-B", new IndicatorScheduler.Window(past, past.plus(Duration.ofMinutes(15)))),
            Duration.ofMinutes(2),
            (done, all, sum) -> {});
    assertThat(points).isEqualTo(5);
    assertThat(store.entries).noneMatch(PointTopic.Entry::isHistory);
    assertThat(store.entries)
        .extracting(
            entry ->
                "%s %s at %d s"
                    .formatted(
                        entry.point().key().code(),
                        entry.point().value(),
                        Duration.between(past, entry.point().computedAt()).toSeconds()))
        .containsExactly(
            "CVS-A 1.0 at 65 s",
            "CVS-A null at 125 s",
            "CVS-A null at 185 s",
            "CVS-A 2.0 at 245 s",
            "CVS-B 7.0 at 905 s");
    assertThat(scheduler.status()).allMatch(status -> status.closedTo().equals(EIGHT));
  }

  @Test
  void aSeriesWithoutAValueGivesAMissingPointNeverAZero() {
    IndicatorScheduler scheduler = scheduler(minutes, quarters);
    minutes.put("630102", EIGHT, 1);
    run(scheduler, Duration.ofMinutes(3));
    assertThat(taken(0)).containsExactly("630102 0 1.0 r1 COMPLETE", "630102 1 null r1 MISSING");
    minutes.put("630102", EIGHT.plus(MINUTE), 4);
    run(scheduler, Duration.ofMinutes(62));
    assertThat(taken(0)).contains("630102 1 4.0 r2 LATE");
    assertThat(store.newest(List.of("CVS-B"), EIGHT))
        .extracting(IndicatorPoint::trust)
        .containsOnly(Trust.MISSING);
  }

  @Test
  void afterDaysOffTheGapIsOneComputationItsOldPartIsHistoryAndAnEmptyStretchIsMarkedOnce() {
    IndicatorScheduler scheduler = scheduler(minutes);
    minutes.put("630102", EIGHT, 1);
    run(scheduler, Duration.ofMinutes(2));
    clock.move(Duration.ofDays(3));
    int before = store.entries.size();
    minutes.computed.clear();
    Instant old = EIGHT.plus(Duration.ofDays(1));
    minutes.put("630102", old, 5);
    minutes.put("630102", clock.instant().minus(MINUTE.multipliedBy(2)), 6);
    IndicatorScheduler restarted = scheduler(minutes);
    restarted.tick();
    assertThat(minutes.computed).hasSize(1);
    assertThat(restarted.status().get(0).gap())
        .isEqualTo(
            new IndicatorScheduler.Gap(
                EIGHT.plus(MINUTE), EIGHT.plus(Duration.ofDays(3)).plus(MINUTE)));
    List<String> points = taken(before);
    assertThat(points)
        .startsWith(
            "630102 1 null r1 MISSING history",
            "630102 1440 5.0 r1 COMPLETE history",
            "630102 1441 null r1 MISSING history");
    assertThat(points.subList(3, points.size()))
        .as("the last two hours, minute by minute")
        .hasSizeBetween(119, 122)
        .noneMatch(point -> point.endsWith("history"));
    assertThat(points.get(points.size() - 1)).isEqualTo("630102 4320 6.0 r1 COMPLETE");
  }

  @Test
  void aBackfillIsHistoryFromEachSeriesFirstValueAndTheClockGoesOnFromItsEnd() {
    for (int i = 0; i < 200; i++) {
      if (i != 100 && i != 101) {
        minutes.put("630102", EIGHT.minus(MINUTE.multipliedBy(200 - i)), i);
      }
    }
    minutes.put("630103", EIGHT.minus(MINUTE), 1);
    IndicatorScheduler scheduler = scheduler(minutes, quarters);
    List<Long> told = Collections.synchronizedList(new ArrayList<>());
    scheduler.backfill(
        EIGHT.minus(Duration.ofHours(4)), EIGHT, (done, of, points) -> told.add(points));
    assertThat(told).as("one word for each group, in whatever order").hasSize(2).contains(200L);
    assertThat(store.entries).hasSize(200).allMatch(PointTopic.Entry::isHistory);
    assertThat(minutes.computed).hasSize(1);
    minutes.put("630102", EIGHT, 1);
    run(scheduler, Duration.ofSeconds(66));
    assertThat(taken(200)).containsExactly("630102 0 1.0 r1 COMPLETE", "630103 0 null r1 MISSING");
  }

  @Test
  void whatKafkaMayOrMayNotHaveGotIsRepeatedUnderTheSameNumberAndOtherInputsGetTheNext() {
    IndicatorScheduler scheduler = scheduler(minutes);
    minutes.put("630102", EIGHT, 1);
    minutes.put("630103", EIGHT, 1);
    store.failuresAhead = 1;
    clock.move(Duration.ofSeconds(70));
    scheduler.tick();
    minutes.put("630103", EIGHT, 1);
    scheduler(minutes);
    run(scheduler, Duration.ofSeconds(10));
    assertThat(taken(0))
        .containsExactly(
            "630102 0 1.0 r1 COMPLETE",
            "630103 0 1.0 r1 COMPLETE",
            "630102 0 1.0 r1 COMPLETE",
            "630103 0 2.0 r2 LATE");
  }

  @Test
  void numbersThatTheBookForgotComeFromTheStore() {
    IndicatorScheduler scheduler = scheduler(quarters);
    quarters.put("630102", EIGHT, 1);
    run(scheduler, Duration.ofMinutes(50));
    quarters.put("630102", EIGHT, 1);
    scheduler.corrected(EIGHT, EIGHT.plusSeconds(1));
    run(scheduler, Duration.ofDays(5));
    assertThat(revisions.prunedTo()).isPresent();
    int before = store.entries.size();
    scheduler.corrected(EIGHT, EIGHT.plusSeconds(1));
    scheduler.tick();
    assertThat(taken(before)).as("unchanged").isEmpty();
    quarters.put("630102", EIGHT, 1);
    scheduler.corrected(EIGHT, EIGHT.plusSeconds(1));
    scheduler.tick();
    assertThat(taken(before)).containsExactly("630102 0 3.0 r3 LATE history");
  }

  @Test
  void aGroupThatStillRunsIsLeftOutAndAFullExecutorOrAGateThatFailsLosesNothing() {
    Queue<Runnable> queue = new ArrayDeque<>();
    IndicatorScheduler scheduler = scheduler(markers::add, queue::add, minutes);
    minutes.put("630102", EIGHT, 1);
    clock.move(Duration.ofMinutes(2));
    scheduler.tick();
    clock.move(MINUTE);
    scheduler.tick();
    assertThat(queue).hasSize(1);
    queue.remove().run();
    scheduler.tick();
    queue.remove().run();
    assertThat(minutes.computed).hasSize(2);

    boolean[] isDown = {true};
    IndicatorScheduler hampered =
        scheduler(
            time -> {
              if (isDown[0]) {
                throw new IllegalStateException("Druid is down");
              }
            },
            work -> {
              throw new RejectedExecutionException("full");
            },
            minutes);
    clock.move(MINUTE);
    hampered.tick();
    assertThat(hampered.status().get(0).failure()).isEqualTo("Druid is down");
    isDown[0] = false;
    hampered.tick();
    hampered.tick();
    hampered.tick();
    assertThat(hampered.status().get(0).failure()).isEqualTo("full");
    assertThat(minutes.computed).hasSize(2);
  }

  @Test
  void dailyPeriodsCloseAtLocalMidnight() {
    MemoryGroup days =
        new MemoryGroup("CVS-D", "P1D", Duration.ofMinutes(10), Duration.ZERO, Set.of());
    IndicatorScheduler scheduler = scheduler(days);
    days.put("630102", EIGHT, 1);
    run(scheduler, Duration.ofHours(16).plusMinutes(9));
    assertThat(store.entries).isEmpty();
    run(scheduler, Duration.ofMinutes(1));
    assertThat(store.entries)
        .singleElement()
        .satisfies(
            entry ->
                assertThat(entry.point().periodStart())
                    .isEqualTo(EIGHT.minus(Duration.ofHours(8))));
  }

  /**
   * Moves the clock in steps of ten seconds or, over long times, of a minute, with a tick after
   * each.
   */
  private void run(IndicatorScheduler scheduler, Duration time) {
    Duration step =
        time.compareTo(Duration.ofHours(2)) > 0 ? Duration.ofMinutes(1) : Duration.ofSeconds(2);
    Instant end = clock.instant().plus(time);
    while (clock.instant().isBefore(end)) {
      clock.set(clock.instant().plus(step).isAfter(end) ? end : clock.instant().plus(step));
      scheduler.tick();
    }
  }
}
