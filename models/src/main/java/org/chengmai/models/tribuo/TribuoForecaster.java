package org.chengmai.models.tribuo;

import com.google.protobuf.InvalidProtocolBufferException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.LocalDate;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;
import org.chengmai.indicators.Grain;
import org.chengmai.indicators.IndicatorPoint;
import org.chengmai.indicators.json.Json;
import org.chengmai.models.DayClass;
import org.chengmai.models.ForecastFeatures;
import org.chengmai.models.LinearForecast;
import org.chengmai.models.TrainedModel;
import org.tribuo.Model;
import org.tribuo.MutableDataset;
import org.tribuo.impl.ArrayExample;
import org.tribuo.math.la.DenseMatrix;
import org.tribuo.math.optimisers.AdaGrad;
import org.tribuo.protos.core.ModelProto;
import org.tribuo.provenance.SimpleDataSourceProvenance;
import org.tribuo.regression.RegressionFactory;
import org.tribuo.regression.Regressor;
import org.tribuo.regression.sgd.linear.LinearSGDModel;
import org.tribuo.regression.sgd.linear.LinearSGDTrainer;
import org.tribuo.regression.sgd.objectives.Huber;

/**
 * Trains one linear forecast for all series of an indicator by stochastic gradient descent with
 * Huber's loss, and brings it back from bytes. Blocks while it trains; safe for several threads,
 * each training being on its own.
 */
public final class TribuoForecaster {
  private static final String NAME = "tribuo-linear-sgd";
  private static final String TARGET = "value";
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
    LinearForecast rehearsal = extract(fit(rows.subList(0, rows.size() * 4 / 5)), "", 0);
    double heldOut = error(newest, rehearsal);
    double seasonal =
        newest.stream().mapToDouble(r -> Math.abs(r.target() - r.seasonal())).average().orElse(0);
    Model<Regressor> model = fit(rows);
    LinearForecast forecast = extract(model, "", 0);
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
    provenance.put("tribuo", model.getProvenance().toString());
    return new TrainedModel(
        code,
        NAME,
        version,
        model.serialize().toByteArray(),
        Json.write(provenance),
        rows.size(),
        training,
        heldOut,
        seasonal,
        residualScale);
  }

  /** Brings a model back; INVALID_INPUT when the bytes are none of ours. */
  public static LinearForecast load(TrainedModel trained) {
    return extract(model(trained.bytes()), trained.label(), trained.residualScale());
  }

  static Model<Regressor> model(byte[] bytes) {
    try {
      return Model.deserialize(ModelProto.parseFrom(bytes)).castModel(Regressor.class);
    } catch (InvalidProtocolBufferException | RuntimeException e) {
      throw new ChengmaiException(
          ErrorCode.INVALID_INPUT, "the bytes are not a Tribuo regression model", e);
    }
  }

  private Model<Regressor> fit(List<ForecastFeatures.Row> rows) {
    RegressionFactory factory = new RegressionFactory();
    MutableDataset<Regressor> data =
        new MutableDataset<>(new SimpleDataSourceProvenance("indicator history", factory), factory);
    for (ForecastFeatures.Row row : rows) {
      data.add(example(row.features(), row.target()));
    }
    LinearSGDTrainer trainer =
        new LinearSGDTrainer(
            new Huber(config.huberCost()),
            new AdaGrad(config.learningRate(), 1e-6),
            config.epochs(),
            -1,
            config.batch(),
            config.seed());
    return trainer.train(data);
  }

  static ArrayExample<Regressor> example(double[] features, double target) {
    List<String> names = ForecastFeatures.featureNames();
    double[] values = features.clone();
    for (int i = 0; i < values.length; i++) {
      // Tribuo drops features that are exactly zero and refuses an example without any.
      values[i] = values[i] == 0 ? 1e-9 : values[i];
    }
    return new ArrayExample<>(new Regressor(TARGET, target), names.toArray(new String[0]), values);
  }

  /**
   * Takes the weights out of the model once, so that judging a point needs no example with named
   * features.
   */
  private static LinearForecast extract(
      Model<Regressor> model, String label, double residualScale) {
    if (!(model instanceof LinearSGDModel linear)) {
      throw new ChengmaiException(
          ErrorCode.INVALID_INPUT, "the model is not linear: " + model.getName());
    }
    DenseMatrix weights = linear.getWeightsCopy();
    double[] ordered =
        ForecastFeatures.featureNames().stream()
            .mapToInt(name -> model.getFeatureIDMap().getID(name))
            .mapToDouble(id -> id < 0 ? 0 : weights.get(0, id))
            .toArray();
    return new LinearForecast(
        label, ordered, weights.get(0, weights.getDimension2Size() - 1), residualScale);
  }

  private static double error(List<ForecastFeatures.Row> rows, LinearForecast forecast) {
    return rows.stream()
        .mapToDouble(row -> Math.abs(row.target() - forecast.predict(row.features())))
        .average()
        .orElse(0);
  }

  private static String hash(List<ForecastFeatures.Row> rows) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      for (ForecastFeatures.Row row : rows) {
        ByteBuffer buffer = ByteBuffer.allocate(8 * (row.features().length + 2));
        buffer.putLong(row.periodStart().toEpochMilli()).putDouble(row.target());
        IntStream.range(0, row.features().length).forEach(i -> buffer.putDouble(row.features()[i]));
        digest.update(buffer.array());
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new ChengmaiException(ErrorCode.INTERNAL, "this Java has no SHA-256", e);
    }
  }
}
