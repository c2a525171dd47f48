package org.chengmai.engine.replay;

import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.chengmai.connectors.feed.Batch;
import org.chengmai.connectors.feed.Reading;
import org.chengmai.connectors.feed.Receipt;
import org.chengmai.connectors.feed.RowFormat;
import org.chengmai.engine.Engine;
import org.chengmai.engine.EngineOptions;
import org.chengmai.engine.config.EngineConfig;
import org.chengmai.engine.config.ServerConfig;
import org.chengmai.engine.pipeline.IndicatorScheduler;
import org.chengmai.engine.sql.SqlEngine;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;
import org.chengmai.indicators.Observation;
import org.chengmai.indicators.Principal;
import org.chengmai.indicators.Role;
import org.chengmai.indicators.definition.IndicatorDefinition;

/**
 * Replays public data sets through the whole line: an engine on {@code examples/real} whose clock
 * stands at the end of the data, every observation through the gateway, every period closed in the
 * order of event time. Used from one thread.
 */
public final class Replay implements AutoCloseable {
  private static final Principal SENDER = new Principal("replay", Role.OPERATOR);
  private static final int BATCH = 2_500;
  private static final int IN_FLIGHT = 8;
  private static final Duration SLICE = Duration.ofDays(90);
  private static final Duration PATIENCE = Duration.ofMinutes(10);

  /** A data set and what its file holds. */
  record Loaded(DataSet set, DataSet.Content content) {}

  private final ReplaySettings settings;
  private final Consumer<String> say;
  private final List<Loaded> loaded = new ArrayList<>();
  private final List<DataSet> absent = new ArrayList<>();
  private final Map<String, Double> seconds = new LinkedHashMap<>();
  private final Engine engine;
  private boolean isClosed;

  /** Reads the data sets; NOT_FOUND with the origin of each when none is there. */
  public Replay(ReplaySettings settings, Consumer<String> say) {
    this(settings, say, DataSet.ALL);
  }

  Replay(ReplaySettings settings, Consumer<String> say, List<DataSet> sets) {
    this.settings = settings;
    this.say = say;
    for (DataSet set : sets) {
      if (Files.exists(settings.data().resolve(set.file()))) {
        timed("read", () -> loaded.add(new Loaded(set, set.read(settings.data()))));
      } else {
        absent.add(set);
      }
    }
    if (loaded.isEmpty()) {
      StringBuilder origins =
          new StringBuilder(
              "no data set lies under " + settings.data() + "; put there what you want to replay:");
      sets.forEach(set -> origins.append("\n  %s: %s".formatted(set.file(), set.origin())));
      throw new ChengmaiException(ErrorCode.NOT_FOUND, origins.toString());
    }
    absent.forEach(
        set ->
            say.accept(
                "  absent: %s; put it at %s (%s)"
                    .formatted(set.name(), settings.data().resolve(set.file()), set.origin())));
    Instant end =
        loaded.stream()
            .flatMap(one -> one.content().observations().stream())
            .map(Observation::time)
            .max(Instant::compareTo)
            .orElseThrow();
    EngineConfig defaults = EngineConfig.defaults();
    boolean isAnyPort = settings.port() == 0;
    EngineConfig config =
        EngineConfig.of(
            new ServerConfig("127.0.0.1", settings.port(), isAnyPort ? 0 : 8815, -1, -1),
            defaults.servers(),
            List.of("libraries"),
            List.of("definitions"),
            defaults.history());
    this.engine =
        new Engine(
            config,
            new EngineOptions(
                settings.home(),
                settings.folder(),
                settings.home().resolve("examples/real"),
                // a period of the coarsest grain after the last observation: every period has
                // closed
                InstantSource.fixed(end.plus(Duration.ofHours(1))),
                () -> 0,
                false,
                false,
                Duration.ofHours(2),
                // the senders' rows are as old as the data sets
                Duration.ofDays(365L * 50),
                "MONTH",
                servers -> List.of(),
                say));
  }

  /**
   * Runs the whole line and answers what was found; the engine goes on afterwards until it is
   * closed.
   */
  public ReplayReport run() {
    timed(
        "start",
        () -> {
          engine.start();
          loaded.forEach(one -> engine.ingestion().registry().register(one.content().series()));
          engine.run();
        });
    long[] counts = new long[2];
    timed("send", () -> counts[0] = send());
    say.accept("  %,d observations acknowledged".formatted(counts[0]));
    timed("visible", this::awaitObservations);
    timed("compute", () -> counts[1] = compute());
    say.accept("  %,d points computed".formatted(counts[1]));
    timed("detect", () -> awaitDetectors(counts[1]));
    timed("stored", () -> awaitPoints(counts[1]));
    engine.view().done();
    return new Findings(engine, settings.data(), loaded)
        .report(counts[0], counts[1], absent, seconds);
  }

  private long send() {
    long sent = 0;
    long all = loaded.stream().mapToLong(one -> one.content().observations().size()).sum();
    Semaphore free = new Semaphore(IN_FLIGHT);
    List<CompletableFuture<Receipt>> answers = new ArrayList<>();
    for (Loaded one : loaded) {
      List<Observation> observations = one.content().observations();
      for (int from = 0; from < observations.size(); from += BATCH) {
        free.acquireUninterruptibly();
        List<Observation> part =
            observations.subList(from, Math.min(from + BATCH, observations.size()));
        // the same rows under the same key: a replay that is repeated over its folder stores
        // nothing twice for a day
        String key = one.set().file() + "/" + from;
        Batch batch = new Batch("replay", Reading.of(RowFormat.NDJSON), part, List.of());
        answers.add(
            engine
                .ingestion()
                .gateway()
                .submit(SENDER, key, batch)
                .toCompletableFuture()
                .whenComplete((receipt, failure) -> free.release()));
        sent += part.size();
        engine.view().progress("回放真实观测", "replaying real observations", sent, all);
      }
    }
    answers.forEach(Replay::await);
    return sent;
  }

  private static void await(CompletableFuture<Receipt> answer) {
    try {
      answer.get(60, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ChengmaiException(ErrorCode.CANCELLED, "the replay was stopped", e);
    } catch (ExecutionException | TimeoutException e) {
      throw new ChengmaiException(
          ErrorCode.UNAVAILABLE, "observations were not acknowledged: " + e.getMessage(), e);
    }
  }

  /** So many rows at once may take Druid longer than a close waits for. */
  private void awaitObservations() {
    ChengmaiException[] last = new ChengmaiException[1];
    until(
        "Druid reads the observations",
        () -> {
          try {
            engine.ingestion().awaitVisible();
            return true;
          } catch (ChengmaiException e) {
            last[0] = e;
            return false;
          }
        });
  }

  private long compute() {
    return engine
        .watch()
        .scheduler()
        .replay(
            windows(),
            SLICE,
            (done, all, points) ->
                engine
                    .view()
                    .progress("按事件时间计算指标", "computing indicators in event time", done, all));
  }

  /**
   * From the first to the last row that an indicator reads; none for an indicator whose data are
   * absent.
   */
  private Map<String, IndicatorScheduler.Window> windows() {
    Map<String, IndicatorScheduler.Window> windows = new LinkedHashMap<>();
    for (IndicatorDefinition definition : engine.watch().catalogue().all()) {
      List<Object> row =
          engine
              .libraries()
              .sql()
              .query(
                  SqlEngine.INTERNAL,
                  "SELECT MIN(ts), MAX(ts) FROM %s WHERE %s"
                      .formatted(definition.definition().from(), definition.definition().where()))
              .rows()
              .get(0);
      if (row.get(0) instanceof Instant first && row.get(1) instanceof Instant last) {
        windows.put(definition.code(), new IndicatorScheduler.Window(first, last.plusMillis(1)));
      }
    }
    return windows;
  }

  private void awaitDetectors(long points) {
    until(
        "the detectors see every point",
        () ->
            engine.watch().detectors().lag() == 0
                && engine.metrics().counter("chengmai.points.watch").count() >= points);
  }

  private void awaitPoints(long points) {
    until(
        "Druid reads the points",
        () -> {
          try {
            return points == 0
                || engine.ingestion().druid().count("SELECT COUNT(*) FROM \"vital_signs\"")
                    >= points;
          } catch (ChengmaiException e) {
            // The data source does not exist before its first row.
            return false;
          }
        });
  }

  private void until(String what, BooleanSupplier holds) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!holds.getAsBoolean()) {
      String failure = engine.watch().detectors().failure();
      if (System.nanoTime() > deadline) {
        throw new ChengmaiException(
            ErrorCode.UNAVAILABLE,
            "waited %s until %s%s; logs: %s"
                .formatted(
                    PATIENCE,
                    what,
                    failure == null ? "" : " (detectors: " + failure + ")",
                    settings.folder().resolve("logs")));
      }
      try {
        TimeUnit.MILLISECONDS.sleep(200);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new ChengmaiException(ErrorCode.CANCELLED, "the replay was stopped", e);
      }
    }
  }

  private void timed(String stage, Runnable work) {
    long start = System.nanoTime();
    work.run();
    double took = (System.nanoTime() - start) / 1e9;
    seconds.merge(stage, took, (one, other) -> Math.round((one + other) * 10) / 10.0);
    seconds.computeIfPresent(stage, (name, value) -> Math.round(value * 10) / 10.0);
  }

  public Engine engine() {
    return engine;
  }

  @Override
  public synchronized void close() {
    if (!isClosed) {
      isClosed = true;
      engine.close();
    }
  }
}
