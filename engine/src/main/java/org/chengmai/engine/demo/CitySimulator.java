package org.chengmai.engine.demo;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BiConsumer;
import org.chengmai.connectors.feed.Batch;
import org.chengmai.connectors.feed.Intake;
import org.chengmai.connectors.feed.Reading;
import org.chengmai.connectors.feed.Receipt;
import org.chengmai.connectors.feed.RowFormat;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;
import org.chengmai.indicators.Observation;
import org.chengmai.indicators.Principal;
import org.chengmai.indicators.Role;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The demo city's sensors: load the past once, then send what the clock brings, through the same
 * intake as everyone's observations. A batch that was not answered is sent again under the same
 * key. One thread of its own.
 */
final class CitySimulator implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(CitySimulator.class);
  private static final Principal SENSORS = new Principal("demo-sensors", Role.OPERATOR);
  private static final int BATCH = 2_500;
  private static final Duration SLICE = Duration.ofHours(6);
  private static final Duration SHORT_PAST = Duration.ofDays(3);

  private final DemoCity city;
  private final DemoClock clock;
  private final Intake intake;
  private final BiConsumer<Instant, Instant> acknowledged;
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(task -> new Thread(task, "city-simulator"));
  private Instant sentUntil;

  /** Told how many observations were sent and up to which instant. */
  interface Progress {
    void reached(long sent, Instant until);
  }

  /**
   * @param sentUntil the simulator has already sent everything before this instant
   * @param acknowledged told the newest event time of a live batch and the wall-clock instant of
   *     its acknowledgement
   */
  CitySimulator(
      DemoCity city,
      DemoClock clock,
      Intake intake,
      Instant sentUntil,
      BiConsumer<Instant, Instant> acknowledged) {
    this.city = city;
    this.clock = clock;
    this.intake = intake;
    this.sentUntil = sentUntil;
    this.acknowledged = acknowledged;
  }

  /** Sends the past up to {@code to} and returns how many observations that were. */
  long loadHistory(Instant to, Progress progress) throws InterruptedException {
    long sent = 0;
    Semaphore inFlight = new Semaphore(8);
    List<CompletableFuture<Receipt>> answers = new ArrayList<>();
    while (sentUntil.isBefore(to)) {
      Instant end = sentUntil.plus(SLICE).isAfter(to) ? to : sentUntil.plus(SLICE);
      boolean isRecent = sentUntil.isAfter(to.minus(SHORT_PAST));
      List<Observation> readings =
          city.readings(
              sentUntil,
              end,
              measure -> isRecent || !DemoMeasures.SHORT_PAST.contains(measure.name()));
      for (int from = 0; from < readings.size(); from += BATCH) {
        inFlight.acquire();
        List<Observation> part = readings.subList(from, Math.min(from + BATCH, readings.size()));
        answers.add(send(part).whenComplete((receipt, failure) -> inFlight.release()));
      }
      sent += readings.size();
      sentUntil = end;
      progress.reached(sent, end);
    }
    for (CompletableFuture<Receipt> answer : answers) {
      await(answer);
    }
    return sent;
  }

  /** Sends live readings every half second of the wall clock, until closed. */
  void run() {
    thread.scheduleWithFixedDelay(this::tick, 0, 500, TimeUnit.MILLISECONDS);
  }

  private void tick() {
    try {
      Instant now = clock.instant();
      List<Observation> readings = city.readings(sentUntil, now, measure -> true);
      if (!readings.isEmpty()) {
        Instant newest = readings.get(readings.size() - 1).time();
        await(send(readings));
        acknowledged.accept(newest, Instant.now());
      }
      sentUntil = now;
    } catch (RuntimeException e) {
      // The readings stay unsent and go out with the next tick, under the same keys.
      LOG.atWarn()
          .addKeyValue("since", sentUntil)
          .log("the simulator's readings were not taken: {}", e.getMessage());
    }
  }

  private CompletableFuture<Receipt> send(List<Observation> readings) {
    String key = readings.get(0).time() + "/" + readings.get(0).series() + "/" + readings.size();
    return intake
        .submit(
            SENSORS, key, new Batch("simulator", Reading.of(RowFormat.NDJSON), readings, List.of()))
        .toCompletableFuture();
  }

  private static Receipt await(CompletableFuture<Receipt> answer) {
    try {
      return answer.get(60, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ChengmaiException(ErrorCode.CANCELLED, "the simulator was stopped", e);
    } catch (ExecutionException | CompletionException e) {
      throw new ChengmaiException(
          ErrorCode.UNAVAILABLE, "readings were refused: " + e.getCause(), e);
    } catch (TimeoutException e) {
      throw new ChengmaiException(
          ErrorCode.UNAVAILABLE, "readings were not acknowledged within 60 s", e);
    }
  }

  @Override
  public void close() {
    thread.shutdownNow();
  }
}
