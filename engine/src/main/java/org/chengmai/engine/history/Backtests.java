package org.chengmai.engine.history;

import java.time.Instant;
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
import org.chengmai.indicators.definition.IndicatorDefinition;
import org.jspecify.annotations.Nullable;

/** What backtests are made of. Safe for use by several threads. */
public final class Backtests {
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

  Backtest of(IndicatorDefinition definition, @Nullable String region, Instant from) {
    Map<String, StoredModel> inForce = new LinkedHashMap<>();
    for (StoredModel model : models.get()) {
      if (model.code().equals(definition.code())) {
        inForce.put(model.name(), model);
      }
    }
    return new Backtest(definition, region, from, store, source, List.copyOf(inForce.values()));
  }

  List<Alert> alerts(Instant from, Instant to) {
    return alerts.apply(from, to);
  }
}
