package org.chengmai.engine.feedback;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import org.chengmai.engine.pipeline.ModelRegistry;
import org.chengmai.engine.pipeline.ModelTrainer;
import org.chengmai.engine.pipeline.QuietThread;
import org.chengmai.engine.pipeline.StoredModel;
import org.chengmai.indicators.json.Json;
import org.chengmai.models.feedback.CombinerConfig;
import org.chengmai.models.feedback.JudgedAlarm;
import org.chengmai.models.tribuo.TribuoCombiner;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Trains the combiner anew when there is new feedback, registers it, and puts in force what the
 * registry says is: the newest one, or an earlier one that was gone back to, until there is new
 * feedback. On a thread of its own; the alert book never waits for it.
 */
public final class FeedbackLearner implements AutoCloseable {
  /** In the registry's column for an indicator's code: the combiner is one for all. */
  static final String ALL = "*";

  private static final Logger LOG = LoggerFactory.getLogger(FeedbackLearner.class);
  private static final Duration PAUSE = Duration.ofSeconds(30);

  private final TribuoCombiner trainer = new TribuoCombiner(CombinerConfig.defaults());
  private final EvidenceBook book;
  private final ModelRegistry registry;
  private final InstantSource clock;
  private int inForce;
  private final QuietThread thread = new QuietThread("feedback-learner");

  public FeedbackLearner(EvidenceBook book, ModelRegistry registry, InstantSource clock) {
    this.book = book;
    this.registry = registry;
    this.clock = clock;
  }

  /** Puts the registered combiner in force, then looks for feedback now and then. */
  public void start() {
    thread.once(this::follow);
    thread.repeat(PAUSE, this::learn);
  }

  /** Puts the registry's champion in force. */
  void follow() {
    try {
      registry
          .champion(TribuoCombiner.NAME, ALL)
          .filter(model -> model.version() != inForce)
          .ifPresent(this::use);
    } catch (RuntimeException e) {
      LOG.atWarn().setCause(e).log("the combiner cannot be loaded; alerts go on as before");
    }
  }

  private void use(StoredModel model) {
    JsonNode provenance = Json.read(model.provenance(), JsonNode.class);
    book.use(
        TribuoCombiner.load(
            model.bytes(),
            model.name() + "@" + model.version(),
            provenance.path("demoteBelow").asDouble()));
    inForce = model.version();
  }

  /**
   * By which hash the newest combiner knows its labels, in force or not; empty before the first.
   */
  private String learnt() {
    return registry.cards(ALL).stream()
        .filter(card -> card.name().equals(TribuoCombiner.NAME))
        .findFirst()
        .map(card -> Json.read(card.provenance(), JsonNode.class).path("sha256").asText())
        .orElse("");
  }

  /** Learns if there is something new; answers whether a combiner was registered. */
  boolean learn() {
    follow();
    try {
      List<JudgedAlarm> alarms = book.judged();
      if (!trainer.isEnough(alarms) || TribuoCombiner.hash(alarms).equals(learnt())) {
        return false;
      }
      int version = registry.nextVersion(TribuoCombiner.NAME, ALL);
      TribuoCombiner.Trained trained = trainer.train(version, alarms);
      registry.save(
          TribuoCombiner.NAME,
          ALL,
          version,
          new ModelTrainer.Trained(trained.bytes(), trained.provenance()),
          clock.instant());
      book.use(trained.combiner());
      inForce = version;
      LOG.atInfo()
          .addKeyValue("model", trained.combiner().label())
          .addKeyValue("labels", alarms.size())
          .addKeyValue("demoteBelow", trained.combiner().demoteBelow())
          .log("the combiner has learnt from feedback");
      return true;
    } catch (RuntimeException e) {
      LOG.atWarn().setCause(e).log("no new combiner; the last one stays");
      return false;
    }
  }

  @Override
  public void close() {
    thread.close();
  }
}
