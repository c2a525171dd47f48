package org.chengmai.engine.bench;

import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.chengmai.connectors.kafka.PointTopic;
import org.chengmai.connectors.kafka.Topics;
import org.chengmai.engine.alerts.AlertBook;
import org.chengmai.engine.pipeline.DetectorRunner;
import org.chengmai.engine.pipeline.DetectorSource;
import org.chengmai.engine.pipeline.ModelRegistry;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;
import org.chengmai.indicators.Grade;
import org.chengmai.indicators.Grain;
import org.chengmai.indicators.IndicatorPoint;
import org.chengmai.indicators.SeriesKey;
import org.chengmai.indicators.Trust;
import org.chengmai.indicators.definition.Condition;
import org.chengmai.models.AlarmConfig;
import org.chengmai.models.DayClass;
import org.chengmai.models.DetectorConfig;
import org.chengmai.models.Detectors;
import org.chengmai.models.ThresholdRule;
import org.jdbi.v3.core.Jdbi;

/**
 * Measures the detectors inside the engine: real points on a real Kafka topic, the detectors that
 * definitions get (threshold, learning, feed), alerts and states in a real PostgreSQL. Blocking.
 */
public final class WatchBenchmark {
  private static final Duration PATIENCE = Duration.ofMinutes(10);
  private static final Grain GRAIN = Grain.of("PT15M");

  /** A point on each day of two weeks fills a state to its full size. */
  private static final int LEARNT_DAYS = 14;

  /** Series of a first run that does not count: the first alarms load classes and compile. */
  private static final int WARM_UP = 5000;

  private static final int PER_CODE = 1000;
  private static final int SOME = 5000;
  private static final int SPIKE_EVERY = 500;
  private static final double SPIKE = 5000;
  private static final Instant START = Instant.parse("2026-03-01T16:00:00Z");
  private static final DetectorConfig CONFIG =
      new DetectorConfig(
          GRAIN,
          1,
          List.of(
              new ThresholdRule(
                  Grade.ORANGE,
                  Condition.parse("value >= 1000"),
                  Duration.ZERO,
                  null,
                  Duration.ZERO)),
          true,
          AlarmConfig.defaults(),
          3,
          Duration.ofMinutes(5),
          null,
          true,
          null);
  private static final DetectorSource DETECTORS =
      (code, version, models) -> Detectors.of(CONFIG, DayClass::usual);

  private final Settings settings;
  private final String kafka;
  private final DataSource database;
  private final Consumer<String> say;
  private final Random random = new Random(1);

  /**
   * How much to watch.
   *
   * @param series at the largest of the three sizes; the others are a half and a quarter of it
   * @param perSecond points a second while times are taken
   * @param seconds for which times are taken
   */
  public record Settings(int series, int perSecond, int seconds) {
    public static Settings defaults() {
      return new Settings(100_000, 20_000, 30);
    }
  }

  /**
   * One size.
   *
   * @param learnPerSecond points read off Kafka, judged by all detectors, with saving going on
   * @param saveSomeSeconds from 5,000 changed series to all of their states saved, the wait for the
   *     next round (at most 5 s) included
   * @param saveAllSeconds the same for all series
   * @param restoreSeconds from the start of a runner to all states loaded
   * @param heapMegabytes live heap that all series take, after a full collection
   * @param perSecond points a second that came while times were taken
   * @param anomalies that were told meanwhile
   * @param findMillis from the read record to the anomaly handed to the alert book
   * @param keepMillis from the read record to the alert's commit
   */
  public record Size(
      int series,
      double learnPerSecond,
      double saveSomeSeconds,
      double saveAllSeconds,
      double restoreSeconds,
      double heapMegabytes,
      double perSecond,
      long anomalies,
      Percentiles findMillis,
      Percentiles keepMillis) {}

  /** Of times, in milliseconds. */
  public record Percentiles(double p50, double p99, double max) {
    static Percentiles of(Timer timer) {
      var taken = timer.takeSnapshot();
      return new Percentiles(
          Times.rounded(taken.percentileValues()[0].value(TimeUnit.MILLISECONDS)),
          Times.rounded(taken.percentileValues()[1].value(TimeUnit.MILLISECONDS)),
          Times.rounded(taken.max(TimeUnit.MILLISECONDS)));
    }
  }

  /** The figures of each size, the least first, and the load of the machine at the end. */
  public record Result(List<Size> sizes, double loadAverage) {}

  /**
   * @param kafka bootstrap servers
   * @param database migrated; emptied of what detectors keep
   */
  public WatchBenchmark(
      Settings settings, String kafka, DataSource database, Consumer<String> say) {
    this.settings = settings;
    this.kafka = kafka;
    this.database = database;
    this.say = say;
  }

  public Result run() {
    List<Size> sizes = new ArrayList<>();
    say.accept("warming up");
    Size unused = measure(Math.min(WARM_UP, settings.series()));
    for (int part : new int[] {4, 2, 1}) {
      sizes.add(measure(settings.series() / part));
      say.accept(sizes.get(sizes.size() - 1).toString());
    }
    return new Result(sizes, ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
  }

  private Size measure(int series) {
    String name = "bench_watch_" + series;
    Jdbi.create(database)
        .useHandle(
            handle ->
                handle.execute(
                    "TRUNCATE chengmai.detector_snapshot, chengmai.detector_offset, chengmai.band"));
    Topics.create(kafka, name, 1, 1);
    PointTopic topic = new PointTopic(kafka, name);
    double before = heap();
    try (PointTopic.Writer writer = topic.writer()) {
      double learnPerSecond;
      double some;
      double all;
      SimpleMeterRegistry watched = new SimpleMeterRegistry();
      try (DetectorRunner runner = runner(topic, watched)) {
        runner.start();
        long start = System.nanoTime();
        for (int day = 0; day < LEARNT_DAYS; day++) {
          append(writer, series, START.plus(Duration.ofDays(day)), true);
        }
        double learnt = series * (double) LEARNT_DAYS;
        await("learning", () -> seen(watched) >= learnt);
        learnPerSecond = learnt / seconds(start);
        await("saving", () -> runner.unsaved() == 0);
        some = save(writer, runner, watched, Math.min(series, SOME), LEARNT_DAYS);
        all = save(writer, runner, watched, series, LEARNT_DAYS + 1);
      }
      SimpleMeterRegistry meters = new SimpleMeterRegistry();
      try (DetectorRunner runner = runner(topic, meters)) {
        long start = System.nanoTime();
        runner.start();
        await("loading", () -> runner.series() == series);
        double restore = seconds(start);
        double heap = heap() - before;
        double perSecond = load(writer, series);
        await("judging", () -> seen(meters) >= (double) settings.perSecond() * settings.seconds());
        Timer found = meters.get("chengmai.anomaly.find").timer();
        await(
            "telling", () -> meters.get("chengmai.anomaly.keep").timer().count() == found.count());
        // a runner that saves all series at its end would go on beside the next size
        await("saving", () -> runner.unsaved() == 0);
        return new Size(
            series,
            Math.rint(learnPerSecond),
            Times.rounded(some),
            Times.rounded(all),
            Times.rounded(restore),
            Math.rint(heap),
            Math.rint(perSecond),
            found.count(),
            Percentiles.of(found),
            Percentiles.of(meters.get("chengmai.anomaly.keep").timer()));
      }
    } finally {
      Topics.delete(kafka, name);
    }
  }

  private DetectorRunner runner(PointTopic topic, SimpleMeterRegistry meters) {
    return new DetectorRunner(
        DetectorRunner.Config.defaults(),
        topic,
        DETECTORS,
        new ModelRegistry(database),
        AlertBook.open(database, InstantSource.system(), random),
        database,
        InstantSource.system(),
        meters);
  }

  private static double seen(SimpleMeterRegistry meters) {
    return meters.counter("chengmai.points.watch").count();
  }

  private double save(
      PointTopic.Writer writer,
      DetectorRunner runner,
      SimpleMeterRegistry watched,
      int series,
      int day) {
    double all = seen(watched) + series;
    long start = System.nanoTime();
    append(writer, series, START.plus(Duration.ofDays(day)), true);
    await("saving", () -> seen(watched) >= all && runner.unsaved() == 0);
    return seconds(start);
  }

  /** One point of each series. */
  private void append(PointTopic.Writer writer, int series, Instant period, boolean isHistory) {
    for (int from = 0; from < series; from += 10_000) {
      List<IndicatorPoint> points = new ArrayList<>();
      for (int n = from; n < Math.min(series, from + 10_000); n++) {
        points.add(point(n, period, 100 + random.nextGaussian()));
      }
      writer.append(points, isHistory);
    }
  }

  /**
   * Live points at the wanted rate, one in 500 of them a spike; answers the rate that came about.
   */
  private double load(PointTopic.Writer writer, int series) {
    int atOnce = Math.max(1, settings.perSecond() / 200);
    long count = (long) settings.perSecond() * settings.seconds();
    Instant period = START.plus(Duration.ofDays(LEARNT_DAYS + 2));
    CountDownLatch never = new CountDownLatch(1);
    long start = System.nanoTime();
    for (long sent = 0; sent < count; sent += atOnce) {
      List<IndicatorPoint> points = new ArrayList<>(atOnce);
      for (long i = sent; i < sent + atOnce; i++) {
        Instant at = period.plus(GRAIN.typical().multipliedBy(i / series));
        double value = i % SPIKE_EVERY == 0 ? SPIKE : 100 + random.nextGaussian();
        points.add(point((int) (i % series), at, value));
      }
      writer.append(points, false);
      long ahead =
          start + (sent + atOnce) * 1_000_000_000L / settings.perSecond() - System.nanoTime();
      if (ahead > 0) {
        pause(never, ahead);
      }
    }
    return count / seconds(start);
  }

  private static IndicatorPoint point(int n, Instant period, double value) {
    return new IndicatorPoint(
        SeriesKey.of("CVS-BEN-%04d".formatted(n / PER_CODE), "630%03d".formatted(n % PER_CODE)),
        1,
        period,
        GRAIN,
        value,
        null,
        null,
        1,
        Trust.COMPLETE,
        1,
        GRAIN.end(period, ZoneOffset.UTC).plusSeconds(5),
        "bench");
  }

  private static double heap() {
    System.gc();
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed() / 1e6;
  }

  private static double seconds(long start) {
    return (System.nanoTime() - start) / 1e9;
  }

  private static void await(String what, BooleanSupplier isDone) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    CountDownLatch never = new CountDownLatch(1);
    while (!isDone.getAsBoolean()) {
      if (System.nanoTime() > deadline) {
        throw new ChengmaiException(
            ErrorCode.UNAVAILABLE, "%s took more than %s".formatted(what, PATIENCE));
      }
      pause(never, 20_000_000);
    }
  }

  private static void pause(CountDownLatch never, long nanos) {
    try {
      if (never.await(nanos, TimeUnit.NANOSECONDS)) {
        throw new IllegalStateException("nobody counts down");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ChengmaiException(ErrorCode.CANCELLED, "the benchmark was interrupted", e);
    }
  }
}
