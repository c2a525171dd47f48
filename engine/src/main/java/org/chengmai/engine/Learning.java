package org.chengmai.engine;

import java.time.InstantSource;
import java.time.LocalDate;
import java.util.List;
import java.util.function.Function;
import javax.sql.DataSource;
import org.chengmai.engine.feedback.EvidenceBook;
import org.chengmai.engine.feedback.FeedbackLearner;
import org.chengmai.engine.pipeline.Forecasts;
import org.chengmai.engine.pipeline.ModelRefitter;
import org.chengmai.engine.pipeline.ModelRegistry;
import org.chengmai.engine.pipeline.ModelTrainer;
import org.chengmai.engine.pipeline.OutlookTrainer;
import org.chengmai.engine.pipeline.PatternTrainer;
import org.chengmai.engine.pipeline.TribuoTrainer;
import org.chengmai.indicators.IndicatorStore;
import org.chengmai.indicators.definition.IndicatorCatalogue;
import org.chengmai.models.DayClass;

/** The models: trained from history and from feedback, kept, and what they forecast. */
final class Learning implements AutoCloseable {
  private final ModelRegistry models;
  private final Forecasts forecasts;
  private final ModelRefitter refitter;
  private final ModelRefitter patternRefitter;
  private final FeedbackLearner learner;

  Learning(
      DataSource database,
      IndicatorCatalogue catalogue,
      IndicatorStore store,
      EvidenceBook evidence,
      Function<LocalDate, DayClass> dayClass,
      InstantSource clock) {
    this.models = new ModelRegistry(database);
    OutlookTrainer outlooks = new OutlookTrainer(catalogue, dayClass);
    this.forecasts = new Forecasts(outlooks, models, store, clock);
    this.refitter =
        refitter(
            TribuoTrainer.codes(catalogue),
            List.of(new TribuoTrainer(catalogue, dayClass), outlooks),
            store,
            clock);
    this.patternRefitter =
        refitter(
            PatternTrainer.codes(catalogue), List.of(new PatternTrainer(catalogue)), store, clock);
    this.learner = new FeedbackLearner(evidence, models, clock);
  }

  private ModelRefitter refitter(
      List<String> codes, List<ModelTrainer> trainers, IndicatorStore store, InstantSource clock) {
    return new ModelRefitter(
        ModelRefitter.Config.defaults(), codes, trainers, models, store, clock);
  }

  /** Begins to learn from feedback. */
  void startFeedback() {
    learner.start();
  }

  /** Begins to train from history. */
  void startTraining() {
    refitter.start();
    patternRefitter.start();
  }

  ModelRegistry models() {
    return models;
  }

  Forecasts forecasts() {
    return forecasts;
  }

  ModelRefitter refitter() {
    return refitter;
  }

  @Override
  public void close() {
    refitter.close();
    patternRefitter.close();
    learner.close();
  }
}
