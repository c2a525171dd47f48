package org.chengmai.connectors;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

final class StatisticsCacheTest {
  private final AtomicLong nanos = new AtomicLong();
  private final AtomicInteger readings = new AtomicInteger();
  private final List<Runnable> waiting = new ArrayList<>();
  private boolean isDown;

  private final StatisticsCache cache =
      new StatisticsCache(
          "lib",
          () -> {
            if (isDown) {
              throw new IllegalStateException("down");
            }
            return Map.of("t", new TableStatistics(readings.incrementAndGet(), Map.of()));
          },
          waiting::add,
          nanos::get);

  private double rows() {
    return cache.of("t").orElseThrow().rows();
  }

  @Test
  void theFirstReadingIsWaitedForAndKept() {
    assertThat(rows()).isEqualTo(1);
    nanos.addAndGet(Duration.ofMinutes(4).toNanos());
    assertThat(rows()).isEqualTo(1);
    assertThat(cache.of("other")).isEmpty();
  }

  @Test
  void laterReadingsHappenBesideTheQueries() {
    assertThat(rows()).isEqualTo(1);
    nanos.addAndGet(Duration.ofMinutes(6).toNanos());
    assertThat(rows()).isEqualTo(1);
    assertThat(rows()).isEqualTo(1);
    assertThat(waiting).hasSize(1);
    waiting.remove(0).run();
    assertThat(rows()).isEqualTo(2);
  }

  @Test
  void aFailureLeavesWhatIsKnown() {
    isDown = true;
    assertThat(cache.of("t")).isEmpty();
    isDown = false;
    nanos.addAndGet(Duration.ofMinutes(1).toNanos());
    assertThat(cache.of("t")).isEmpty();
    waiting.remove(0).run();
    assertThat(rows()).isEqualTo(1);
    isDown = true;
    nanos.addAndGet(Duration.ofMinutes(6).toNanos());
    assertThat(rows()).isEqualTo(1);
    waiting.remove(0).run();
    assertThat(rows()).isEqualTo(1);
  }
}
