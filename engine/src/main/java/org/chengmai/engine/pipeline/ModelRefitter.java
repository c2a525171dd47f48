package org.chengmai.engine.pipeline;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.IndicatorPoint;
import org.chengmai.indicators.IndicatorStore;
import org.chengmai.indicators.SeriesKey;
import org.chengmai.indicators.json.Json;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Trains an indicator's models anew when the last ones are too old. A new model is a challenger: it
 * comes into force only when it beats the champion on data that neither has seen, and is kept as
 * rejected otherwise. One indicator at a time on a thread of its own; one that fails is told of and
 * tried again after a while.
 */
public final class ModelRefitter implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ModelRefitter.class);

  private final Config config;
  private final List<String> codes;
  private final List<ModelTrainer> trainers;
  private final ModelRegistry registry;
  private final IndicatorStore store;
  private final InstantSource clock;
  private final Map<String, Instant> notBefore = new ConcurrentHashMap<>();
  private final Map<String, String> failures = new ConcurrentHashMap<>();
  private final QuietThread thread = new QuietThread("model-refitter");

  /**
   * When and on what models are trained; in the engine's time, but for {@code poll} in wall time.
   *
   * @param every age at which a model is challenged
   * @param window of history that it is trained on
   * @param leastPeriods of an indicator's grain that the window holds, however long that is
   * @param unseen newest part of it that challenger and champion are compared on, at most
   * @param leastUnseen the same at least
   * @param margin part of the champion's error by which a challenger has to be better
   * @param retry pause after a failure, such as too little history
   * @param poll between two looks at what is due
   */
  public record Config(
      Duration every,
      Duration window,
      int leastPeriods,
      Duration unseen,
      Duration leastUnseen,
      double margin,
      Duration retry,
      Duration poll) {
    public static Config defaults() {
      return new Config(
          Duration.ofDays(1),
          Duration.ofDays(56),
          400,
          Duration.ofDays(7),
          Duration.ofDays(1),
          0.02,
          Duration.ofHours(1),
          Duration.ofSeconds(5));
    }
  }

  /**
   * @param codes the indicators that have a model
   */
  public ModelRefitter(
      Config config,
      List<String> codes,
      List<ModelTrainer> trainers,
      ModelRegistry registry,
      IndicatorStore store,
      InstantSource clock) {
    this.config = config;
    this.codes = List.copyOf(codes);
    this.trainers = List.copyOf(trainers);
    this.registry = registry;
    this.store = store;
    this.clock = clock;
  }

  public void start() {
    thread.once(this::refitDue);
    thread.repeat(config.poll(), this::refitDue);
  }

  /** Why an indicator's model could not be trained, by model and code; without those that could. */
  public Map<String, String> failures() {
    return Map.copyOf(failures);
  }

  @Override
  public void close() {
    thread.close();
  }

  /** Trains every model that is due; answers how many were saved, accepted or not. */
  int refitDue() {
    int saved = 0;
    for (String code : codes) {
      for (ModelTrainer trainer : trainers) {
        if (Thread.currentThread().isInterrupted()) {
          return saved;
        }
        saved += refitIfDue(trainer, code) ? 1 : 0;
      }
    }
    return saved;
  }

  private boolean refitIfDue(ModelTrainer trainer, String code) {
    Instant now = clock.instant();
    String what = trainer.name() + " of " + code;
    try {
      if (now.isBefore(notBefore.computeIfAbsent(what, key -> dueAt(trainer, code)))) {
        return false;
      }
      boolean isSaved = refit(trainer, code, now);
      notBefore.put(what, now.plus(config.every()));
      failures.remove(what);
      return isSaved;
    } catch (RuntimeException e) {
      notBefore.put(what, now.plus(config.retry()));
      if (!String.valueOf(e.getMessage())
          .equals(failures.put(what, String.valueOf(e.getMessage())))) {
        LOG.atWarn()
            .setCause(e instanceof ChengmaiException ? null : e)
            .addKeyValue("code", code)
            .addKeyValue("model", trainer.name())
            .log("no new model: {}", e.getMessage());
      }
      return false;
    }
  }

  private Instant dueAt(ModelTrainer trainer, String code) {
    return registry
        .trainedAt(trainer.name(), code)
        .map(at -> at.plus(config.every()))
        .orElse(Instant.MIN);
  }

  private boolean refit(ModelTrainer trainer, String code, Instant now) {
    StoredModel champion = registry.champion(trainer.name(), code).orElse(null);
    Instant from = now;
    if (champion != null) {
      Instant seen = seenUntil(champion);
      from = seen.isAfter(now.minus(config.unseen())) ? seen : now.minus(config.unseen());
      if (from.plus(config.leastUnseen()).isAfter(now)) {
        return false;
      }
    }
    List<IndicatorPoint> points = points(code, trainer.beside(code, champion), now);
    Instant cut = from;
    int version = registry.nextVersion(trainer.name(), code);
    ModelTrainer.Trained trained =
        trainer.train(
            code,
            version,
            points.stream().filter(point -> point.periodStart().isBefore(cut)).toList());
    Verdict verdict =
        champion == null
            ? Verdict.first()
            : Verdict.of(
                champion.version(),
                cut,
                now,
                trainer.error(trained.as(trainer.name(), code, version, now), points, cut),
                trainer.error(champion, points, cut),
                config.margin());
    registry.save(trainer.name(), code, version, trained, now, verdict);
    LOG.atInfo()
        .addKeyValue("code", code)
        .addKeyValue("model", trainer.name() + "@" + version)
        .addKeyValue("points", points.size())
        .addKeyValue("accepted", verdict.isAccepted())
        .log("model trained: {}", verdict.reason());
    return true;
  }

  /** The points of an indicator and of those beside it, each series read once. */
  private List<IndicatorPoint> points(String code, List<String> beside, Instant now) {
    List<IndicatorPoint> newest = store.newest(List.of(code), now.minus(config.window()));
    Instant from = now.minus(window(newest));
    List<SeriesKey> keys =
        Stream.concat(newest.stream(), store.newest(beside, now.minus(config.window())).stream())
            .map(IndicatorPoint::key)
            .toList();
    List<IndicatorPoint> points = new ArrayList<>();
    for (SeriesKey key : keys) {
      store.history(key, from, now).stream()
          .filter(point -> point.value() != null)
          .forEach(points::add);
    }
    return points;
  }

  private Duration window(List<IndicatorPoint> newest) {
    Duration least =
        newest.isEmpty()
            ? Duration.ZERO
            : newest.get(0).grain().typical().multipliedBy(config.leastPeriods());
    return least.compareTo(config.window()) > 0 ? least : config.window();
  }

  /** The first instant whose period a model has not seen. */
  private static Instant seenUntil(StoredModel model) {
    String to = Json.read(model.provenance(), JsonNode.class).path("to").asText();
    return to.isEmpty() ? model.trainedAt() : Instant.parse(to).plusMillis(1);
  }
}
