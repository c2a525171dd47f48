package org.chengmai.engine.bench;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.chengmai.engine.Catalogues;
import org.chengmai.engine.Engine;
import org.chengmai.engine.pipeline.IndicatorScheduler.Status;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;
import org.chengmai.indicators.IndicatorPoint;
import org.chengmai.indicators.region.City;

/**
 * Measures the tick that closes a minute of many indicators: from the moment at which the clock
 * shows that the minute is to be closed until all its points are written, while each tick also
 * looks again at an earlier minute. The minute's observations are visible in Druid before.
 * Blocking.
 */
public final class IndicatorsBenchmark {
  private static final Duration WATERMARK = Duration.ofSeconds(5);
  private static final Duration PATIENCE = Duration.ofMinutes(5);
  private static final int LEAST_PER_MEASURE = 5;
  private static final int CONNECTIONS = 8;
  private static final int WARM_UP = 2;
  private static final int SNAPSHOTS = 200;
  private static final int SNAPSHOT_WARM_UP = 20;
  private static final int SNAPSHOT_CODES = 100;

  private final int observations;
  private final Consumer<String> progress;

  /**
   * @param observations of each minute
   */
  public IndicatorsBenchmark(int observations, Consumer<String> progress) {
    this.observations = observations;
    this.progress = progress;
  }

  /**
   * The figures of one size.
   *
   * @param series indicators times regions
   * @param tick from the clock's word to the last point written, in milliseconds
   * @param snapshot 100 indicators in all regions with three comparisons, by HTTP, in milliseconds
   * @param engineCpuShare CPU time of the engine's process in the ticks, of all cores' time
   * @param allCpuShare with the servers that it started
   * @param lost observations that the newest minute's counts do not hold
   * @param missing series without a value in the newest minute
   */
  public record Figures(
      int series,
      int indicators,
      int observations,
      Times tick,
      Times snapshot,
      double engineCpuShare,
      double allCpuShare,
      long lost,
      long missing) {}

  /**
   * The figures of all sizes.
   *
   * @param growth each with the same observations
   */
  public record Result(List<Figures> growth, Map<String, String> machine) {}

  /**
   * @param home distribution folder
   * @param factors how many times 5,000 series are computed, each on an engine of its own
   * @param ticks measured ones
   */
  public Result run(Path home, List<Integer> factors, int ticks) throws IOException {
    Map<String, String> machine = ProcessFigures.machine();
    City city = Catalogues.city(home.resolve("examples/demo/city.yaml"));
    List<String> regions = city.districts().stream().map(district -> district.code()).toList();
    List<Figures> growth = new ArrayList<>();
    for (int factor : factors) {
      MinuteIndicators indicators = new MinuteIndicators(regions, LEAST_PER_MEASURE * factor);
      Instant start = Instant.now().minus(2, ChronoUnit.HOURS).truncatedTo(ChronoUnit.MINUTES);
      AtomicReference<Instant> clock = new AtomicReference<>(start);
      try (BenchEngine started =
          BenchEngine.start(
              home,
              new BenchEngine.Contents(
                  clock::get, indicators.views(), indicators.definitions(), servers -> List.of()),
              progress)) {
        growth.add(new Run(started.engine(), indicators, city.code(), clock).figures(start, ticks));
      }
    }
    return new Result(growth, machine);
  }

  /** One engine's ticks. */
  private final class Run {
    private final Engine engine;
    private final MinuteIndicators indicators;
    private final String city;
    private final AtomicReference<Instant> clock;
    private final ObservationSender sender;
    private final HttpClient http =
        HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final long self = ProcessHandle.current().pid();

    Run(Engine engine, MinuteIndicators indicators, String city, AtomicReference<Instant> clock) {
      this.engine = engine;
      this.indicators = indicators;
      this.city = city;
      this.clock = clock;
      this.sender =
          new ObservationSender(
              engine.address(), engine.ownToken(), CONNECTIONS, "indicators" + indicators.series());
    }

    Figures figures(Instant start, int ticks) {
      engine.ingestion().registry().register(indicators.sensors());
      engine.run();
      List<Double> times = new ArrayList<>();
      double own = 0;
      double all = 0;
      double wall = 0;
      Instant minute = start;
      for (int tick = -WARM_UP; tick < ticks; tick++) {
        observe(minute);
        Instant end = minute.plus(1, ChronoUnit.MINUTES);
        double ownBefore = ProcessFigures.ownCpuMillis(self);
        double allBefore = ProcessFigures.cpuMillis(self);
        long began = System.nanoTime();
        clock.set(end.plus(WATERMARK));
        await("the tick of " + minute, () -> isClosed(end));
        double time = Times.since(began);
        double ownAfter = ProcessFigures.ownCpuMillis(self);
        double allAfter = ProcessFigures.cpuMillis(self);
        if (tick >= 0) {
          times.add(time);
          own += ownAfter - ownBefore;
          all += allAfter - allBefore;
          wall += time;
        }
        progress.accept("%d series: tick %.0f ms".formatted(indicators.series(), time));
        minute = end;
      }
      engine.watch().store().awaitReadable();
      Instant newest = minute.minus(1, ChronoUnit.MINUTES);
      double cores = wall * Runtime.getRuntime().availableProcessors();
      return new Figures(
          indicators.series(),
          indicators.indicators(),
          observations,
          Times.of(times),
          snapshot(),
          Times.rounded(own / cores),
          Times.rounded(all / cores),
          observations - counted(newest),
          indicators.series() - values(newest));
    }

    private Times snapshot() {
      String codes = String.join(",", indicators.codes().subList(0, SNAPSHOT_CODES));
      HttpRequest request =
          HttpRequest.newBuilder(
                  engine.address().resolve("/api/v1/snapshot?compare=yoy,mom,wow&codes=" + codes))
              .header("Authorization", "Bearer " + engine.ownToken())
              .build();
      int points = SNAPSHOT_CODES * indicators.series() / indicators.indicators();
      List<Double> times = new ArrayList<>();
      for (int i = -SNAPSHOT_WARM_UP; i < SNAPSHOTS; i++) {
        long began = System.nanoTime();
        String answer = answer(request);
        if (i >= 0) {
          times.add(Times.since(began));
        }
        int found = answer.split("\"periodStart\"", -1).length - 1;
        if (found != points) {
          throw new ChengmaiException(
              ErrorCode.INTERNAL, "the snapshot has %d points, not %d".formatted(found, points));
        }
      }
      return Times.of(times);
    }

    private String answer(HttpRequest request) {
      try {
        return http.send(request, HttpResponse.BodyHandlers.ofString()).body();
      } catch (IOException e) {
        throw new ChengmaiException(
            ErrorCode.EXTERNAL, "the engine does not answer: " + e.getMessage(), e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new ChengmaiException(ErrorCode.CANCELLED, "the benchmark was interrupted", e);
      }
    }

    private void observe(Instant minute) {
      sender.send(minute.toString(), indicators.minute(minute, observations));
      String count =
          "SELECT COUNT(*) FROM observations WHERE __time >= MILLIS_TO_TIMESTAMP(%d) AND __time < MILLIS_TO_TIMESTAMP(%d) AND \"series\" LIKE 'bench.%%'"
              .formatted(minute.toEpochMilli(), minute.plusSeconds(60).toEpochMilli());
      await(
          "the observations of " + minute,
          () -> engine.ingestion().druid().count(count) >= observations);
    }

    private boolean isClosed(Instant end) {
      for (Status status : engine.watch().scheduler().status()) {
        if (status.failure() != null) {
          throw new ChengmaiException(
              ErrorCode.INTERNAL, "%s: %s".formatted(status.name(), status.failure()));
        }
        if (status.closedTo().isBefore(end)) {
          return false;
        }
      }
      return true;
    }

    private long counted(Instant minute) {
      return (long)
          points(indicators.counting(), minute).stream()
              .filter(point -> point.key().region().equals(city) && point.value() != null)
              .mapToDouble(point -> point.value())
              .sum();
    }

    private long values(Instant minute) {
      return points(indicators.codes(), minute).stream()
          .filter(point -> point.value() != null)
          .count();
    }

    private List<IndicatorPoint> points(List<String> codes, Instant minute) {
      return engine.watch().store().between(codes, minute, minute.plusMillis(1));
    }
  }

  private static void await(String what, BooleanSupplier condition) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    CountDownLatch never = new CountDownLatch(1);
    try {
      while (!condition.getAsBoolean()) {
        if (System.nanoTime() > deadline || never.await(10, TimeUnit.MILLISECONDS)) {
          throw new ChengmaiException(
              ErrorCode.UNAVAILABLE, "%s: not there within %s".formatted(what, PATIENCE));
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ChengmaiException(ErrorCode.CANCELLED, "the benchmark was interrupted", e);
    }
  }
}
