package org.chengmai.engine.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.chengmai.engine.RealServers;
import org.chengmai.engine.alerts.TestDatabase;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;
import org.chengmai.indicators.Grain;
import org.chengmai.indicators.IndicatorPoint;
import org.chengmai.indicators.SeriesKey;
import org.chengmai.indicators.Trust;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(RealServers.class)
final class ModelRefitterIT {
  private static final Instant START = Instant.parse("2026-03-01T00:00:00Z");

  /** Counts what it was given; its model is that number. */
  private static final class CountingTrainer implements ModelTrainer {
    @Override
    public String name() {
      return "count";
    }

    @Override
    public Trained train(String code, int version, List<IndicatorPoint> points) {
      if (points.isEmpty()) {
        throw new ChengmaiException(ErrorCode.RESOURCES, code + ": too few points");
      }
      return new Trained(new byte[] {(byte) points.size()}, "{\"points\":" + points.size() + "}");
    }
  }

  @Test
  void aModelIsTrainedWhenItsTimeComesAndSurvivesARestart() {
    try (TestDatabase database = new TestDatabase()) {
      MemoryStore store = new MemoryStore();
      List<IndicatorPoint> points = new ArrayList<>();
      for (int hour = 0; hour < 30; hour++) {
        for (String region : List.of("630102", "630103")) {
          points.add(
              new IndicatorPoint(
                  SeriesKey.of("CVS-A", region),
                  1,
                  START.plus(Duration.ofHours(hour)),
                  Grain.of("PT1H"),
                  hour == 3 ? null : 1.0,
                  null,
                  null,
                  1,
                  hour == 3 ? Trust.MISSING : Trust.COMPLETE,
                  1,
                  START,
                  "h"));
        }
      }
      store.append(points);
      ManualClock clock = new ManualClock(START.plus(Duration.ofHours(10)));
      ModelRegistry registry = new ModelRegistry(database.dataSource());
      ModelRefitter.Config config =
          new ModelRefitter.Config(
              Duration.ofHours(10),
              Duration.ofHours(20),
              Duration.ofHours(1),
              Duration.ofSeconds(1));
      try (ModelRefitter refitter =
          new ModelRefitter(
              config,
              List.of("CVS-NONE", "CVS-A"),
              new CountingTrainer(),
              registry,
              store,
              clock)) {
        assertThat(refitter.refitDue()).isEqualTo(1);
        assertThat(refitter.failures())
            .containsExactly(Map.entry("CVS-NONE", "CVS-NONE: too few points"));
        assertThat(refitter.refitDue()).isZero();
      }
      try (ModelRefitter restarted =
          new ModelRefitter(
              config, List.of("CVS-A"), new CountingTrainer(), registry, store, clock)) {
        assertThat(restarted.refitDue()).isZero();
        clock.move(Duration.ofHours(10));
        assertThat(restarted.refitDue()).isEqualTo(1);
      }
      assertThat(registry.list()).extracting(StoredModel::version).containsExactly(1, 2);
      StoredModel newest = registry.load("count", "CVS-A", 2).orElseThrow();
      assertThat(newest.bytes()).containsExactly(38);
      assertThat(newest.provenance()).isEqualTo("{\"points\":38}");
      assertThat(newest.trainedAt()).isEqualTo(clock.instant());
      assertThat(newest.activeFromOffset()).isNull();
    }
  }
}
