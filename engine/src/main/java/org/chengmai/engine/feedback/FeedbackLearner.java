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
 * Trains the combiner anew when there is new feedback, registers it, and puts it in force. On a
 * thread of its own; the alert book never waits for it.
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
  private String learnt = "";
  private final QuietThread thread = new QuietThread("feedback-learner");

  public FeedbackLearner(EvidenceBook book, ModelRegistry registry, InstantSource clock) {
    this.book = book;
    this.registry = registry;
    this.clock = clock;
  }

  /** Puts the newest registered combiner in force, then looks for feedback now and then. */
  public void start() {
    thread.once(this::resume);
    thread.repeat(PAUSE, this::learn);
  }

  void resume() {
    try {
      registry.champion(TribuoCombiner.NAME, ALL).ifPresent(this::use);
    } catch (RuntimeException e) {
      LOG.atWarn().setCause(e).log("the combiner cannot be loaded; alerts go on without");
    }
  }

  private void use(StoredModel model) {
    JsonNode provenance = Json.read(model.provenance(), JsonNode.class);
    learnt = provenance.path("sha256").asText();
    book.use(
        TribuoCombiner.load(
            model.bytes(),
            model.name() + "@" + model.version(),
            provenance.path("demoteBelow").asDouble()));
  }

  /** Learns if there is something new; answers whether a combiner was registered. */
  boolean learn() {
    try {
      List<JudgedAlarm> alarms = book.judged();
      String labels = TribuoCombiner.hash(alarms);
      if (labels.equals(learnt) || !trainer.isEnough(alarms)) {
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
      learnt = labels;
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
