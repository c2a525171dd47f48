package org.chengmai.engine.history;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import org.chengmai.engine.pipeline.Backtest;
import org.chengmai.engine.pipeline.DetectorSource;
import org.chengmai.engine.pipeline.StoredModel;
import org.chengmai.indicators.Alert;
import org.chengmai.indicators.IndicatorStore;
import org.chengmai.indicators.definition.IndicatorCatalogue;
import org.chengmai.indicators.definition.IndicatorDefinition;
import org.jspecify.annotations.Nullable;

/** What backtests are made of. Safe for use by several threads. */
public final class Backtests {
  private static final Duration SLICE = Duration.ofDays(3);

  private final IndicatorStore store;
  private final DetectorSource source;
  private final Supplier<List<StoredModel>> models;
  private final BiFunction<Instant, Instant, List<Alert>> alerts;

  /**
   * @param models those that ever came into force, in the order in which they did
   * @param alerts of any series, that were open between two times
   */
  public Backtests(
      IndicatorStore store,
      DetectorSource source,
      Supplier<List<StoredModel>> models,
      BiFunction<Instant, Instant, List<Alert>> alerts) {
    this.store = store;
    this.source = source;
    this.models = models;
    this.alerts = alerts;
  }

  /** A job's backtest, in slices of three days from the first day that it learns from. */
  Trial trial(Job job, IndicatorCatalogue catalogue) {
    String series = job.codes().get(0);
    String code = codeOf(series);
    Backtest test =
        of(
            catalogue.get(code),
            series.equals(code) ? null : series.substring(code.length() + 1),
            job.from());
    List<Instant> bounds = HistoryPlan.bounds(test.learningFrom(), job.to(), SLICE);
    List<Trial.Step> steps = new ArrayList<>();
    for (int slice = 1; slice < bounds.size(); slice++) {
      Instant from = bounds.get(slice - 1);
      Instant to = bounds.get(slice);
      steps.add(new Trial.Step(from.toString(), () -> test.next(from, to)));
    }
    return new Trial(steps, () -> test.report(alerts.apply(job.from(), job.to())));
  }

  /** The code of {@code code} or {@code code/region}. */
  static String codeOf(String series) {
    int slash = series.indexOf('/');
    return slash < 0 ? series : series.substring(0, slash);
  }

  private Backtest of(IndicatorDefinition definition, @Nullable String region, Instant from) {
    Map<String, StoredModel> inForce = new LinkedHashMap<>();
    for (StoredModel model : models.get()) {
      if (model.code().equals(definition.code())) {
        inForce.put(model.name(), model);
      }
    }
    return new Backtest(definition, region, from, store, source, List.copyOf(inForce.values()));
  }
}
