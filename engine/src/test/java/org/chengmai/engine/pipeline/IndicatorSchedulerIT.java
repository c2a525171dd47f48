package org.chengmai.engine.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.chengmai.engine.RealServers;
import org.chengmai.engine.alerts.TestDatabase;
import org.chengmai.indicators.IndicatorPoint;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The scheduler over its books in PostgreSQL, with restarts in between. */
@ExtendWith(RealServers.class)
final class IndicatorSchedulerIT {
  private static final Instant START = Instant.parse("2026-03-02T00:00:00Z");

  @Test
  void progressNumbersAndCorrectionsSurviveRestarts() {
    try (TestDatabase database = new TestDatabase()) {
      ManualClock clock = new ManualClock(START);
      MemoryStore store = new MemoryStore();
      MemoryGroup group =
          new MemoryGroup("CVS-A", "PT1M", Duration.ofSeconds(5), Duration.ofHours(3), Set.of());
      IndicatorScheduler first = scheduler(database, clock, store, group);
      group.put("630102", START.minusSeconds(60), 1);
      first.backfill(
          START.minusSeconds(3600),
          START,
          (done, groups, points) -> assertThat(points).isEqualTo(1));
      group.put("630102", START, 1);
      clock.move(Duration.ofSeconds(66));
      first.tick();
      first.corrected(START.minusSeconds(60), START.minusSeconds(59));
      group.put("630102", START.minusSeconds(60), 1);
      group.put("630102", START.plusSeconds(60), 5);
      clock.move(Duration.ofSeconds(60));

      IndicatorScheduler second = scheduler(database, clock, store, group);
      second.tick();
      assertThat(store.entries)
          .extracting(entry -> entry.point())
          .extracting(IndicatorPoint::value, IndicatorPoint::revision)
          .containsExactly(tuple(1.0, 1), tuple(1.0, 1), tuple(2.0, 2), tuple(5.0, 1));
      group.computed.clear();
      scheduler(database, clock, store, group).tick();
      assertThat(group.computed).as("nothing is left to do").isEmpty();
    }
  }

  @Test
  void whatSourcesSaidOfChangesSurvivesARestart() {
    try (TestDatabase database = new TestDatabase()) {
      ManualClock clock = new ManualClock(START);
      MemoryStore store = new MemoryStore();
      MemoryGroup group =
          new MemoryGroup("CVS-A", "PT1M", Duration.ofSeconds(5), Duration.ofHours(3), Set.of());
      group.put("630102", START, 1);
      group.change(START, START);
      IndicatorScheduler first = scheduler(database, clock, store, group);
      first.lookAtSources();
      clock.move(Duration.ofSeconds(66));
      first.tick();
      group.put("630102", START, 4);
      group.change(START.plusSeconds(65), START);
      scheduler(database, clock, store, group).lookAtSources();
      IndicatorScheduler third = scheduler(database, clock, store, group);
      third.tick();
      group.computed.clear();
      third.lookAtSources();
      third.tick();
      assertThat(store.entries)
          .extracting(entry -> entry.point())
          .extracting(IndicatorPoint::value, IndicatorPoint::revision)
          .containsExactly(tuple(1.0, 1), tuple(5.0, 2));
      assertThat(group.computed).as("seen once").isEmpty();
    }
  }

  private static IndicatorScheduler scheduler(
      TestDatabase database, ManualClock clock, MemoryStore store, MemoryGroup group) {
    return new IndicatorScheduler(
        IndicatorScheduler.Config.defaults(),
        GroupSchedule.of(List.of(group)),
        watermark -> {},
        database.dataSource(),
        store,
        store,
        Runnable::run,
        clock,
        new SimpleMeterRegistry());
  }
}
