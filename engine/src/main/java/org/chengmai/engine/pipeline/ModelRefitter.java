package org.chengmai.engine.pipeline;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.IndicatorPoint;
import org.chengmai.indicators.IndicatorStore;
import org.chengmai.indicators.SeriesKey;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Trains an indicator's model anew when the last one is too old, and saves it for the detectors to
 * take over. One indicator at a time on a thread of its own; one that fails is told of and tried
 * again after a while.
 */
public final class ModelRefitter implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ModelRefitter.class);

  private final Config config;
  private final List<String> codes;
  private final ModelTrainer trainer;
  private final ModelRegistry registry;
  private final IndicatorStore store;
  private final InstantSource clock;
  private final Map<String, Instant> notBefore = new ConcurrentHashMap<>();
  private final Map<String, String> failures = new ConcurrentHashMap<>();
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          work -> {
            Thread thread = new Thread(work, "model-refitter");
            thread.setDaemon(true);
            thread.setPriority(Thread.MIN_PRIORITY);
            return thread;
          });

  /**
   * When and on what models are trained; the first three in the engine's time, the last in wall
   * time.
   *
   * @param every age at which a model is replaced
   * @param window of history that it is trained on
   * @param retry pause after a failure, such as too little history
   * @param poll between two looks at what is due
   */
  public record Config(Duration every, Duration window, Duration retry, Duration poll) {
    public static Config defaults() {
      return new Config(
          Duration.ofDays(1), Duration.ofDays(56), Duration.ofHours(1), Duration.ofSeconds(5));
    }
  }

  /**
   * @param codes the indicators that have a model
   */
  public ModelRefitter(
      Config config,
      List<String> codes,
      ModelTrainer trainer,
      ModelRegistry registry,
      IndicatorStore store,
      InstantSource clock) {
    this.config = config;
    this.codes = List.copyOf(codes);
    this.trainer = trainer;
    this.registry = registry;
    this.store = store;
    this.clock = clock;
  }

  public void start() {
    timer.scheduleWithFixedDelay(
        this::refitDue, 0, config.poll().toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Why an indicator's model could not be trained, by code; without those that could. */
  public Map<String, String> failures() {
    return Map.copyOf(failures);
  }

  @Override
  public void close() {
    timer.shutdownNow();
    try {
      timer.awaitTermination(5, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Trains every model that is due; answers how many were saved. */
  int refitDue() {
    int saved = 0;
    for (String code : codes) {
      if (Thread.currentThread().isInterrupted()) {
        return saved;
      }
      Instant now = clock.instant();
      try {
        if (!now.isBefore(notBefore.computeIfAbsent(code, this::dueAt))) {
          refit(code, now);
          notBefore.put(code, now.plus(config.every()));
          failures.remove(code);
          saved++;
        }
      } catch (RuntimeException e) {
        notBefore.put(code, now.plus(config.retry()));
        if (!String.valueOf(e.getMessage())
            .equals(failures.put(code, String.valueOf(e.getMessage())))) {
          LOG.atWarn()
              .setCause(e instanceof ChengmaiException ? null : e)
              .addKeyValue("code", code)
              .log("no new model: {}", e.getMessage());
        }
      }
    }
    return saved;
  }

  private Instant dueAt(String code) {
    return registry
        .trainedAt(trainer.name(), code)
        .map(at -> at.plus(config.every()))
        .orElse(Instant.MIN);
  }

  private void refit(String code, Instant now) {
    Instant from = now.minus(config.window());
    List<SeriesKey> keys =
        store.newest(List.of(code), from).stream().map(IndicatorPoint::key).toList();
    List<IndicatorPoint> points = new ArrayList<>();
    for (SeriesKey key : keys) {
      store.history(key, from, now).stream()
          .filter(point -> point.value() != null)
          .forEach(points::add);
    }
    int version = registry.nextVersion(trainer.name(), code);
    registry.save(trainer.name(), code, version, trainer.train(code, version, points), now);
    LOG.atInfo()
        .addKeyValue("code", code)
        .addKeyValue("model", trainer.name() + "@" + version)
        .addKeyValue("points", points.size())
        .log("model trained");
  }
}
