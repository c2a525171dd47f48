package org.chengmai.models.tribuo;

import java.time.Instant;
import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;
import org.chengmai.indicators.Grain;
import org.chengmai.indicators.IndicatorPoint;
import org.chengmai.indicators.json.Json;
import org.chengmai.models.DayClass;
import org.chengmai.models.ForecastFeatures;
import org.chengmai.models.LinearForecast;
import org.chengmai.models.TrainedModel;
import org.tribuo.math.optimisers.AdaGrad;
import org.tribuo.regression.sgd.linear.LinearSGDTrainer;
import org.tribuo.regression.sgd.objectives.Huber;

/**
 * Trains one linear forecast for all series of an indicator by stochastic gradient descent with
 * Huber's loss, and brings it back from bytes. Blocks while it trains; safe for several threads,
 * each training being on its own.
 */
public final class TribuoForecaster {
  private static final String NAME = "tribuo-linear-sgd";
  private static final int LEAST_ROWS = 50;

  private final TribuoConfig config;

  public TribuoForecaster(TribuoConfig config) {
    TribuoLog.quieten();
    this.config = config;
  }

  /**
   * Fits a model.
   *
   * @param version the number that the registry gives it
   * @param history points of all series of one indicator, in any order, newest revisions included
   * @throws ChengmaiException RESOURCES when the history is too short to learn from
   */
  public TrainedModel train(
      String code,
      int version,
      List<IndicatorPoint> history,
      Grain grain,
      Function<LocalDate, DayClass> dayClass) {
    List<ForecastFeatures.Row> rows = ForecastFeatures.rows(history, grain, dayClass);
    rows = rows.subList(Math.max(0, rows.size() - config.mostRows()), rows.size());
    if (rows.size() < LEAST_ROWS) {
      throw new ChengmaiException(
          ErrorCode.RESOURCES,
          "%s: %d rows to learn from, %d are needed; wait for more history"
              .formatted(code, rows.size(), LEAST_ROWS));
    }
    List<ForecastFeatures.Row> newest = rows.subList(rows.size() * 4 / 5, rows.size());
    LinearForecast rehearsal = forecast(fit(rows.subList(0, rows.size() * 4 / 5)), "", 0);
    double heldOut = error(newest, rehearsal);
    double seasonal =
        newest.stream().mapToDouble(r -> Math.abs(r.target() - r.seasonal())).average().orElse(0);
    LinearModel model = fit(rows);
    LinearForecast forecast = forecast(model, "", 0);
    double training = error(rows, forecast);
    double[] errors =
        rows.stream()
            .mapToDouble(row -> Math.abs(row.target() - forecast.predict(row.features())))
            .sorted()
            .toArray();
    double residualScale = 1.4826 * errors[errors.length / 2];

    Map<String, Object> provenance = new LinkedHashMap<>();
    provenance.put("model", NAME + "@" + version);
    provenance.put("code", code);
    provenance.put("grain", grain.toString());
    provenance.put("trainer", config);
    provenance.put("features", ForecastFeatures.featureNames());
    provenance.put("rows", rows.size());
    provenance.put(
        "series", history.stream().map(point -> point.key().toString()).distinct().count());
    provenance.put("from", rows.get(0).periodStart());
    provenance.put("to", rows.get(rows.size() - 1).periodStart());
    provenance.put("sha256", hash(rows));
    provenance.put("trainingError", training);
    provenance.put("heldOutError", heldOut);
    provenance.put("seasonalError", seasonal);
    provenance.put("residualScale", residualScale);
    provenance.put("tribuo", model.tribuo().getProvenance().toString());
    return new TrainedModel(
        code,
        NAME,
        version,
        model.bytes(),
        Json.write(provenance),
        rows.size(),
        training,
        heldOut,
        seasonal,
        residualScale);
  }

  /** Brings a model back; INVALID_INPUT when the bytes are none of ours. */
  public static LinearForecast load(TrainedModel trained) {
    return forecast(
        LinearModel.load(trained.bytes(), ForecastFeatures.featureNames()),
        trained.label(),
        trained.residualScale());
  }

  private LinearModel fit(List<ForecastFeatures.Row> rows) {
    LinearSGDTrainer trainer =
        new LinearSGDTrainer(
            new Huber(config.huberCost()),
            new AdaGrad(config.learningRate(), 1e-6),
            config.epochs(),
            -1,
            config.batch(),
            config.seed());
    return LinearModel.fit(
        trainer,
        ForecastFeatures.featureNames(),
        rows.stream().map(ForecastFeatures.Row::features).toList(),
        rows.stream().mapToDouble(ForecastFeatures.Row::target).toArray());
  }

  private static LinearForecast forecast(LinearModel model, String label, double residualScale) {
    return new LinearForecast(label, model.weights(), model.bias(), residualScale);
  }

  /**
   * Mean absolute error of a model on the periods from a time on, in units of the series.
   *
   * @param history the whole window, so that what comes before is known
   * @throws ChengmaiException RESOURCES when there is no such period
   */
  public static double error(
      TrainedModel trained,
      List<IndicatorPoint> history,
      Instant from,
      Grain grain,
      Function<LocalDate, DayClass> dayClass) {
    List<ForecastFeatures.Row> rows =
        ForecastFeatures.rows(history, grain, dayClass).stream()
            .filter(row -> !row.periodStart().isBefore(from))
            .toList();
    if (rows.isEmpty()) {
      throw new ChengmaiException(
          ErrorCode.RESOURCES, "%s: nothing to judge on since %s".formatted(trained.code(), from));
    }
    return error(rows, load(trained));
  }

  private static double error(List<ForecastFeatures.Row> rows, LinearForecast forecast) {
    return rows.stream()
        .mapToDouble(row -> Math.abs(row.target() - forecast.predict(row.features())))
        .average()
        .orElse(0);
  }

  private static String hash(List<ForecastFeatures.Row> rows) {
    RowHash hash = new RowHash();
    rows.forEach(row -> hash.add(row.periodStart(), row.target(), row.features()));
    return hash.hex();
  }
}
