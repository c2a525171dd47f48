package org.chengmai.engine.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
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
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(RealServers.class)
final class ModelRefitterIT {
  private static final Instant START = Instant.parse("2026-03-01T00:00:00Z");
  private static final ModelRefitter.Config CONFIG =
      new ModelRefitter.Config(
          Duration.ofHours(10),
          Duration.ofHours(40),
          10,
          Duration.ofHours(8),
          Duration.ofHours(4),
          0.02,
          Duration.ofHours(1),
          Duration.ofSeconds(1));

  private final TestDatabase database = new TestDatabase();
  private final ModelRegistry registry = new ModelRegistry(database.dataSource());
  private final MemoryStore store = new MemoryStore();
  private final ManualClock clock = new ManualClock(START.plus(Duration.ofHours(10)));
  private final CountingTrainer trainer = new CountingTrainer();

  /** Counts what it was given; its model is that number, and its errors are told beforehand. */
  private static final class CountingTrainer implements ModelTrainer {
    final Map<Integer, Double> errors = new HashMap<>();
    final List<Instant> judgedFrom = new ArrayList<>();
    List<String> beside = List.of();

    @Override
    public String name() {
      return "count";
    }

    @Override
    public List<String> beside(String code, @Nullable StoredModel champion) {
      return beside;
    }

    @Override
    public Trained train(String code, int version, List<IndicatorPoint> points) {
      if (points.isEmpty()) {
        throw new ChengmaiException(ErrorCode.RESOURCES, code + ": too few points");
      }
      Instant to =
          points.stream().map(IndicatorPoint::periodStart).max(Instant::compareTo).orElseThrow();
      return new Trained(
          new byte[] {(byte) points.size()},
          "{\"points\":%d,\"to\":\"%s\"}".formatted(points.size(), to));
    }

    @Override
    public double error(StoredModel model, List<IndicatorPoint> points, Instant from) {
      judgedFrom.add(from);
      return errors.getOrDefault(model.version(), 1.0);
    }
  }

  @BeforeEach
  void twoDaysOfTwoRegions() {
    List<IndicatorPoint> points = new ArrayList<>();
    for (int hour = 0; hour < 60; hour++) {
      for (SeriesKey key :
          List.of(
              SeriesKey.of("CVS-A", "630102"),
              SeriesKey.of("CVS-A", "630103"),
              SeriesKey.of("CVS-WIND", "630100"))) {
        points.add(
            new IndicatorPoint(
                key,
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
  }

  @AfterEach
  void drop() {
    database.close();
  }

  @Test
  void theWeatherBesideAnIndicatorIsReadOnceForAllItsRegions() {
    trainer.beside = List.of("CVS-WIND");
    try (ModelRefitter refitter = refitter("CVS-A")) {
      assertThat(refitter.refitDue()).isEqualTo(1);
    }
    // three series of ten hours but the missing one
    assertThat(registry.champion("count", "CVS-A").orElseThrow().bytes()).containsExactly(27);
  }

  private ModelRefitter refitter(String... codes) {
    return new ModelRefitter(CONFIG, List.of(codes), List.of(trainer), registry, store, clock);
  }

  private int champion() {
    return registry.champion("count", "CVS-A").orElseThrow().version();
  }

  private void refitLater(double challengerError) {
    trainer.errors.put(registry.nextVersion("count", "CVS-A"), challengerError);
    clock.move(Duration.ofHours(10));
    try (ModelRefitter refitter = refitter("CVS-A")) {
      assertThat(refitter.refitDue()).isEqualTo(1);
    }
  }

  @Test
  void aModelIsTrainedWhenItsTimeComesAndSurvivesARestart() {
    try (ModelRefitter refitter = refitter("CVS-NONE", "CVS-A")) {
      assertThat(refitter.refitDue()).isEqualTo(1);
      assertThat(refitter.failures())
          .containsExactly(Map.entry("count of CVS-NONE", "CVS-NONE: too few points"));
      assertThat(refitter.refitDue()).isZero();
    }
    try (ModelRefitter restarted = refitter("CVS-A")) {
      assertThat(restarted.refitDue()).isZero();
    }
    StoredModel first = registry.champion("count", "CVS-A").orElseThrow();
    assertThat(first.bytes()).containsExactly(18);
    assertThat(first.trainedAt()).isEqualTo(clock.instant());
    assertThat(first.activeFromOffset()).isNull();
    assertThat(registry.cards("CVS-A").get(0).state()).isEqualTo(ModelCard.State.CHAMPION);
  }

  @Test
  void aChallengerThatDoesNotBeatTheChampionByTheMarginIsKeptAsRejected() {
    try (ModelRefitter refitter = refitter("CVS-A")) {
      refitter.refitDue();
    }
    refitLater(0.99);
    assertThat(champion()).isEqualTo(1);
    // the champion has seen the periods up to 09:00; both are judged on what came later
    assertThat(trainer.judgedFrom).containsOnly(START.plus(Duration.ofHours(12)));
    ModelCard rejected = registry.cards("CVS-A").get(0);
    assertThat(rejected.state()).isEqualTo(ModelCard.State.REJECTED);
    assertThat(rejected.verdict()).contains("\"challengerError\":0.99", "\"championError\":1.0");
    // the challenger has not seen them either: 2 regions of 12 hours but the missing one
    assertThat(rejected.provenance()).contains("\"points\":22");

    refitLater(0.9);
    assertThat(champion()).isEqualTo(3);
    assertThat(registry.cards("CVS-A"))
        .extracting(ModelCard::state)
        .containsExactly(
            ModelCard.State.CHAMPION, ModelCard.State.REJECTED, ModelCard.State.RETIRED);
  }

  @Test
  void aRollBackSurvivesRestartsAndIsOnlyUndoneByAWin() {
    try (ModelRefitter refitter = refitter("CVS-A")) {
      refitter.refitDue();
    }
    refitLater(0.5);
    registry.activate(7);
    assertThat(champion()).isEqualTo(2);
    assertThat(registry.rollBack("count", "CVS-A", null, "wang", "odd forecasts", clock.instant()))
        .isEqualTo(1);
    assertThat(registry.activate(9)).extracting(StoredModel::version).containsExactly(1);
    assertThat(new ModelRegistry(database.dataSource()).activated())
        .extracting(StoredModel::version)
        .containsExactly(1, 2, 1);
    ModelCard back = registry.cards("CVS-A").get(1);
    assertThat(back.state()).isEqualTo(ModelCard.State.CHAMPION);
    assertThat(back.decidedBy()).isEqualTo("wang");
    refitLater(1.0);
    assertThat(champion()).isEqualTo(1);
    refitLater(0.1);
    assertThat(champion()).isEqualTo(4);
    assertThatThrownBy(() -> registry.rollBack("count", "CVS-A", 99, "wang", "no", clock.instant()))
        .isInstanceOf(ChengmaiException.class)
        .hasMessageContaining("no version 99");
    assertThatThrownBy(
            () -> registry.rollBack("none", "CVS-A", null, "wang", "no", clock.instant()))
        .isInstanceOf(ChengmaiException.class)
        .hasMessageContaining("no earlier version");
  }
}
