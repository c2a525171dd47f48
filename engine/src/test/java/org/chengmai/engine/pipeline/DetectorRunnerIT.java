package org.chengmai.engine.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.chengmai.connectors.kafka.PointTopic;
import org.chengmai.engine.RealServers;
import org.chengmai.engine.alerts.AlertBook;
import org.chengmai.engine.alerts.TestDatabase;
import org.chengmai.indicators.AlertEvent;
import org.chengmai.indicators.AlertState;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;
import org.chengmai.indicators.Grain;
import org.chengmai.indicators.IndicatorPoint;
import org.chengmai.indicators.SeriesKey;
import org.chengmai.indicators.Trust;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@ExtendWith(RealServers.class)
final class DetectorRunnerIT {
  private static final Instant START = Instant.parse("2026-03-01T00:00:00Z");
  private static final InstantSource CLOCK = InstantSource.fixed(START.plus(Duration.ofHours(6)));
  private static final DetectorSource DETECTORS =
      (code, version, models) ->
          List.of(
              models.isEmpty()
                  ? new CountingDetector("counting@0", 7)
                  : new CountingDetector("counting@" + models.get(0).version(), 5));

  private final List<TestDatabase> databases = new ArrayList<>();

  @AfterEach
  void close() {
    databases.forEach(TestDatabase::close);
  }

  /** An engine's worth of parts over one database; the wall time moves by a second at each look. */
  private final class Engine {
    final TestDatabase database = new TestDatabase();
    final AlertBook book;
    final ModelRegistry models;
    long nanos;
    long nanosAtOnce = 1_000_000_000L;

    Engine() {
      databases.add(database);
      book = AlertBook.open(database.dataSource(), CLOCK, new Random(1));
      models = new ModelRegistry(database.dataSource());
    }

    DetectorRunner runner(String topicId, List<PointTopic.Entry> entries, int atOnce) {
      return new DetectorRunner(
          new DetectorRunner.Config(
              Duration.ofMinutes(2), Duration.ofSeconds(15), Duration.ofDays(7)),
          () -> new MemoryStream(topicId, entries, atOnce),
          DETECTORS,
          models,
          book,
          database.dataSource(),
          CLOCK,
          () -> nanos += nanosAtOnce,
          Runnable::run,
          new SimpleMeterRegistry());
    }

    /** The log without what differs between runs: ids by their first appearance. */
    List<String> log() {
      Map<String, Integer> ids = new HashMap<>();
      return book.after(0, 100_000).stream()
          .map(
              event ->
                  "%d %s alert %d %s %s %s %s seen %s count %d %s %s"
                      .formatted(
                          event.seq(),
                          event.type(),
                          ids.computeIfAbsent(event.alert().id(), id -> ids.size()),
                          event.alert().latest().key(),
                          event.alert().latest().periodStart(),
                          event.alert().latest().model(),
                          event.alert().grade(),
                          event.alert().lastSeenAt(),
                          event.alert().count(),
                          event.alert().latest().score(),
                          event.alert().latest().reasons().en()))
          .toList();
    }

    List<String> alerts() {
      return book.newest(1000).stream()
          .map(
              a ->
                  "%s %s %s %d %s"
                      .formatted(
                          a.latest().key(), a.state(), a.startsAt(), a.count(), a.lastSeenAt()))
          .toList();
    }
  }

  private static IndicatorPoint point(
      String region, int minute, @Nullable Double value, int revision, Instant computedAt) {
    return new IndicatorPoint(
        SeriesKey.of("CVS-A", region),
        1,
        START.plusSeconds(60L * minute),
        Grain.of("PT1M"),
        value,
        null,
        null,
        1,
        value == null ? Trust.MISSING : Trust.COMPLETE,
        revision,
        computedAt,
        "h" + value);
  }

  /** Three hours of five series, with history first, gaps and late revisions. */
  private static List<PointTopic.Entry> entries(Random random) {
    List<PointTopic.Entry> entries = new ArrayList<>();
    for (int minute = 0; minute < 180; minute++) {
      boolean isHistory = minute < 40;
      Instant computedAt = START.plusSeconds(60L * (isHistory ? 40 : minute + 1) + 5);
      for (int region = 2; region < 7; region++) {
        Double value =
            random.nextInt(12) == 0
                ? null
                : (Double) (random.nextGaussian() * 2 + (minute / 15 % 2 == 0 ? 4 : 8));
        entries.add(
            new PointTopic.Entry(
                entries.size(), point("63010" + region, minute, value, 1, computedAt), isHistory));
        if (random.nextInt(10) == 0) {
          entries.add(
              new PointTopic.Entry(
                  entries.size(),
                  point("63010" + region, minute, random.nextDouble() * 12, 2, computedAt),
                  isHistory));
        }
      }
    }
    return entries;
  }

  private static void drain(DetectorRunner runner) {
    runner.open();
    while (runner.step(Duration.ZERO)) {
      // until the topic is empty
    }
  }

  static Stream<Integer> aRunThatCrashedAnywhereHasTheLogOfOneThatDidNot() {
    return IntStream.range(0, 6).boxed();
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource
  void aRunThatCrashedAnywhereHasTheLogOfOneThatDidNot(int seed) {
    List<PointTopic.Entry> entries = entries(new Random(seed));
    Engine whole = new Engine();
    drain(whole.runner("topic", entries, 10_000));
    assertThat(whole.log()).hasSizeGreaterThan(50);

    Engine crashing = new Engine();
    Random random = new Random(seed + 1000);
    int crashes = 0;
    while (true) {
      DetectorRunner runner = crashing.runner("topic", entries, 1 + random.nextInt(60));
      runner.open();
      int steps = 1 + random.nextInt(20);
      boolean isMore = true;
      for (int step = 0; step < steps && isMore; step++) {
        isMore = runner.step(Duration.ZERO);
        if (random.nextInt(6) == 0) {
          runner.save();
        }
      }
      if (!isMore && runner.next() == entries.size()) {
        break;
      }
      runner.abandon();
      crashes++;
    }
    assertThat(crashes).isPositive();
    assertThat(crashing.log()).isEqualTo(whole.log());
    assertThat(crashing.alerts()).isEqualTo(whole.alerts());
  }

  @Test
  void aModelSwapTakesEffectAtItsRecordedOffsetAlsoInAReplay() {
    List<PointTopic.Entry> entries = entries(new Random(9));
    Engine engine = new Engine();
    // time that stands still: no snapshot is ever saved, each run replays from the beginning
    engine.nanosAtOnce = 0;
    drain(engine.runner("topic", entries.subList(0, 500), 100));
    engine.models.save("linear", "CVS-A", 1, new ModelTrainer.Trained(new byte[] {1}, "{}"), START);
    drain(engine.runner("topic", entries, 50));
    long active = engine.models.champion("linear", "CVS-A").orElseThrow().activeFromOffset();
    assertThat(active).isGreaterThanOrEqualTo(400);
    List<String> log = engine.log();
    drain(engine.runner("topic", entries, 33));
    assertThat(engine.log()).isEqualTo(log);

    Engine other = new Engine();
    drain(other.runner("topic", entries.subList(0, (int) active), 10_000));
    other.models.save("linear", "CVS-A", 1, new ModelTrainer.Trained(new byte[] {1}, "{}"), START);
    drain(other.runner("topic", entries, (int) active));
    assertThat(other.models.champion("linear", "CVS-A").orElseThrow().activeFromOffset())
        .isEqualTo(active);
    assertThat(other.log()).isEqualTo(log);
    assertThat(log)
        .anyMatch(event -> event.contains("counting@1"))
        .anyMatch(event -> event.contains("counting@0"));
  }

  @Test
  void historyTeachesButRaisesNoAlertAndWhatStillHoldsComesUpWithTheFirstLivePoint() {
    Engine engine = new Engine();
    List<PointTopic.Entry> entries = new ArrayList<>();
    for (int minute = 0; minute < 30; minute++) {
      entries.add(
          new PointTopic.Entry(
              minute, point("630102", minute, 20.0, 1, START.plusSeconds(9000)), true));
    }
    drain(engine.runner("topic", entries, 100));
    assertThat(engine.book.head()).isZero();
    entries.add(
        new PointTopic.Entry(30, point("630102", 30, 20.0, 1, START.plusSeconds(9060)), false));
    entries.add(
        new PointTopic.Entry(31, point("630102", 31, 21.0, 1, START.plusSeconds(9120)), false));
    drain(engine.runner("topic", entries, 100));
    assertThat(engine.book.after(0, 10))
        .extracting(AlertEvent::type)
        .containsExactly(AlertEvent.Type.FIRED);
    assertThat(engine.book.open().get(0).count()).isEqualTo(2);
    assertThat(engine.book.open().get(0).lastSeenAt()).isEqualTo(START.plusSeconds(9120));
    assertThat(engine.book.open().get(0).latest().value()).isEqualTo(21.0);
    entries.add(
        new PointTopic.Entry(32, point("630102", 32, 0.0, 1, START.plusSeconds(99_000)), true));
    drain(engine.runner("topic", entries, 100));
    assertThat(engine.book.newest(1))
        .as("an end is told even by history")
        .extracting(a -> a.state())
        .containsExactly(AlertState.RESOLVED);
  }

  @Test
  void aTopicMadeAnewIsReadFromItsBeginningWithTheStatesKept() {
    Engine engine = new Engine();
    List<PointTopic.Entry> entries = entries(new Random(4));
    DetectorRunner first = engine.runner("one", entries, 100);
    drain(first);
    first.save();
    long head = engine.book.head();
    List<PointTopic.Entry> fresh = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      fresh.add(
          new PointTopic.Entry(
              i,
              point(
                  "630102",
                  200 + i,
                  i % 2 == 0 ? 30.0 : -30.0,
                  1,
                  START.plusSeconds(20_000 + 60L * i)),
              false));
    }
    DetectorRunner second = engine.runner("two", fresh, 100);
    second.open();
    assertThat(second.next()).isZero();
    second.step(Duration.ZERO);
    assertThat(engine.book.head()).isGreaterThan(head);
    assertThat(
            engine
                .book
                .after(engine.book.head() - 1, 1)
                .get(0)
                .alert()
                .latest()
                .reasons()
                .en()
                .get(0))
        .as("the state remembers the first topic")
        .satisfies(reason -> assertThat(Integer.parseInt(reason.substring(5))).isGreaterThan(100));
  }

  @Test
  void ofTwoRunnersTheOneThatLagsStops() {
    Engine engine = new Engine();
    List<PointTopic.Entry> entries = entries(new Random(5));
    DetectorRunner one = engine.runner("topic", entries, 400);
    DetectorRunner two = engine.runner("topic", entries, 400);
    one.open();
    two.open();
    one.step(Duration.ZERO);
    assertThatThrownBy(
            () -> {
              two.step(Duration.ZERO);
              two.save();
            })
        .isInstanceOfSatisfying(
            ChengmaiException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CONFLICT));
  }

  @Test
  void expectedBandsAreThereAfterARestart() {
    Engine engine = new Engine();
    DetectorRunner runner = engine.runner("topic", entries(new Random(6)), 100);
    drain(runner);
    runner.save();
    List<DetectorRunner.ExpectedBand> bands =
        engine
            .runner("topic", List.of(), 1)
            .bands(SeriesKey.of("CVS-A", "630103"), START, START.plusSeconds(600));
    assertThat(bands)
        .hasSizeBetween(5, 10)
        .allMatch(band -> band.low() == 6 && band.expected() == 7 && band.high() == 8);
  }
}
