package org.chengmai.models.evaluation;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import org.chengmai.indicators.Grain;
import org.chengmai.models.DayClass;

/**
 * Speed and memory of scorers on made-up series with a daily course and noise, in one thread. Rates
 * are by the thread's CPU time, so that other load on the machine counts little; memory is what the
 * heap holds after a collection, not arithmetic.
 */
public final class DetectorSpeed {
  private static final Instant START = Instant.parse("2026-01-04T16:00:00Z");
  private static final int COURSE = 4_096;
  private static final int MONTH = 2_976;
  private static final int MEASURED_SERIES = 500;

  private final Grain grain;
  private final double[] course = new double[COURSE];
  private final Duration step;
  private double sink;

  public DetectorSpeed(Grain grain, long seed) {
    this.grain = grain;
    this.step = grain.typical();
    SplittableRandom random = new SplittableRandom(seed);
    double perDay = 86_400.0 / step.toSeconds();
    for (int row = 0; row < COURSE; row++) {
      course[row] = 100 + 40 * Math.sin(2 * Math.PI * row / perDay) + 5 * random.nextGaussian();
    }
  }

  /**
   * One scorer's figures.
   *
   * @param pointsPerSecondPerCore by CPU time, each series with a month of history
   * @param p50Micros of one point, by wall time
   * @param stateBytesPerSeries heap of one series after a month of points
   * @param growth how long more series and longer ones take
   */
  public record Figures(
      String scorer,
      double pointsPerSecondPerCore,
      double p50Micros,
      double p99Micros,
      long stateBytesPerSeries,
      List<Growth> growth) {
    public Figures {
      growth = List.copyOf(growth);
    }
  }

  /** CPU seconds for so many series with so many points each. */
  public record Growth(int series, int points, double cpuSeconds, double nanosPerPoint) {}

  /**
   * Many series alive at once.
   *
   * @param asked how many were wanted
   * @param alive how many were: fewer where the heap would not hold all
   * @param heapMegabytes that they hold, measured
   * @param heapLimitMegabytes of this process
   */
  public record Crowd(int asked, int alive, long heapMegabytes, long heapLimitMegabytes) {}

  /** Measures one kind of scorer; {@code points} are judged in all for the rate. */
  public Figures measure(RowScorer.Kind kind, int points) {
    Supplier<RowScorer> scorers = kind.of(grain, DayClass::usual);
    run(scorers, 8, Math.max(1, points / 8));
    int series = Math.max(1, points / MONTH);
    double seconds = run(scorers, series, MONTH);
    double[] micros = latencies(scorers.get(), Math.min(points, 200_000));
    List<Growth> growth = new ArrayList<>();
    int base = Math.max(1, series / 7);
    for (int times : new int[] {1, 2, 4}) {
      growth.add(growth(scorers, base * times, MONTH));
    }
    for (int times : new int[] {2, 4}) {
      growth.add(growth(scorers, base, MONTH * times));
    }
    return new Figures(
        kind.name(),
        series * (double) MONTH / seconds,
        FaultReport.quantile(micros, 0.5),
        FaultReport.quantile(micros, 0.99),
        bytes(scorers, MEASURED_SERIES, MONTH),
        growth);
  }

  /** Keeps many series alive, each with eight days of points: every slot of a week was seen. */
  public Crowd crowd(RowScorer.Kind kind, int asked) {
    Supplier<RowScorer> scorers = kind.of(grain, DayClass::usual);
    int points = (int) Math.max(1, Duration.ofDays(8).dividedBy(step));
    long each = Math.max(1, bytes(scorers, MEASURED_SERIES, points));
    long limit = Runtime.getRuntime().maxMemory();
    int alive = (int) Math.min(asked, (long) (0.95 * oldGeneration(limit)) / each);
    return new Crowd(asked, alive, bytes(scorers, alive, points) * alive >> 20, limit >> 20);
  }

  /** What can stay in the heap: collections get slow when it is fuller than that. */
  private static long oldGeneration(long limit) {
    return ManagementFactory.getMemoryPoolMXBeans().stream()
        .filter(pool -> pool.getName().endsWith("Old Gen") || pool.getName().startsWith("Tenured"))
        .mapToLong(pool -> pool.getUsage().getMax())
        .filter(max -> max > 0)
        .findFirst()
        .orElse(limit / 2);
  }

  private Growth growth(Supplier<RowScorer> scorers, int series, int points) {
    double seconds = run(scorers, series, points);
    return new Growth(series, points, seconds, seconds * 1e9 / series / points);
  }

  /** CPU seconds of judging so many series, one after the other. */
  private double run(Supplier<RowScorer> scorers, int series, int points) {
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    long start = threads.getCurrentThreadCpuTime();
    for (int number = 0; number < series; number++) {
      feed(scorers.get(), number, points);
    }
    return (threads.getCurrentThreadCpuTime() - start) / 1e9;
  }

  private void feed(RowScorer scorer, int number, int points) {
    Instant time = START;
    for (int row = 0; row < points; row++) {
      sink += scorer.next(time, course[(row + 7 * number) % COURSE]);
      time = time.plus(step);
    }
  }

  private double[] latencies(RowScorer scorer, int points) {
    double[] micros = new double[points];
    Instant time = START;
    for (int row = 0; row < points; row++) {
      long start = System.nanoTime();
      sink += scorer.next(time, course[row % COURSE]);
      micros[row] = (System.nanoTime() - start) / 1e3;
      time = time.plus(step);
    }
    Arrays.sort(micros);
    return micros;
  }

  /** Heap that one series holds. */
  private long bytes(Supplier<RowScorer> scorers, int series, int points) {
    RowScorer[] alive = new RowScorer[series];
    long before = used();
    for (int number = 0; number < series; number++) {
      alive[number] = scorers.get();
      feed(alive[number], number, points);
    }
    long after = used();
    // Keeps them reachable until here.
    sink += alive[series - 1].strangeness();
    return (after - before) / series;
  }

  private static long used() {
    Runtime runtime = Runtime.getRuntime();
    for (int i = 0; i < 2; i++) {
      System.gc();
    }
    return runtime.totalMemory() - runtime.freeMemory();
  }

  /** A sum over all scores, so that no judging can be optimised away. */
  public double sink() {
    return sink;
  }
}
