package org.chengmai.models.tribuo;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;
import org.chengmai.indicators.json.Json;
import org.chengmai.models.forecast.GridSeries;
import org.chengmai.models.forecast.HorizonFeatures;
import org.chengmai.models.forecast.HorizonFeatures.Row;
import org.chengmai.models.forecast.HorizonForecast;
import org.chengmai.models.forecast.HorizonPlan;
import org.chengmai.models.forecast.Judgement;
import org.chengmai.models.forecast.Outlook;
import org.chengmai.models.forecast.Rehearsal;
import org.chengmai.models.forecast.Season;

/**
 * Trains the forecasts of all horizons for the series of an indicator, and brings them back from
 * bytes. Blocks while it trains; safe for several threads.
 */
public final class OutlookForecaster {
  /** The kind of model, as the registry knows it. */
  public static final String NAME = "tribuo-outlook";

  private static final double MOST_UNKNOWN = 0.2;

  /** Rows that are made for each that is used in a fit; the rehearsal looks at all of them. */
  private static final long MADE = 4;

  private final HorizonConfig config;

  public OutlookForecaster(HorizonConfig config) {
    this.config = config;
  }

  /**
   * A trained outlook.
   *
   * @param bytes alone bring it back
   * @param provenance JSON: settings, features, range, rows, series, hash of the rows, and how each
   *     horizon did in its rehearsal
   */
  public record Trained(byte[] bytes, String provenance) {}

  /**
   * How a horizon was trained and did on data that it had not seen.
   *
   * @param kind of the linear model that did best
   * @param rows that it was judged on
   * @param ratio of its mean absolute error to that of the seasonal naive forecast
   * @param otherRatio the same of the kind that did worse
   */
  public record Horizon(
      int horizon,
      String kind,
      Season season,
      long rows,
      double ratio,
      double error,
      double naive,
      double coverage,
      double otherRatio) {}

  private record Stored(int horizon, byte[] model, HorizonForecast.Mix mix) {}

  /** Bundles of older versions name no weather. */
  private record Bundle(List<String> weather, List<Stored> horizons) {
    Bundle {
      weather = Objects.requireNonNullElse(weather, List.of());
    }
  }

  /**
   * Fits every horizon for which there is history enough.
   *
   * @param weather names of the further series that each series brings, in their order
   * @throws ChengmaiException RESOURCES when there is not even enough for the shortest
   */
  public Trained train(
      String code, int version, List<GridSeries> series, List<String> weather, HorizonPlan plan) {
    List<Stored> stored = new ArrayList<>();
    List<Horizon> told = new ArrayList<>();
    RowHash hash = new RowHash();
    Instant from = Instant.MAX;
    long rows = 0;
    Map<Integer, String> tribuo = new TreeMap<>();
    int every = every(series, plan);
    for (int horizon : plan.horizons()) {
      HorizonFeatures features = new HorizonFeatures(plan, horizon, weather.size());
      Rehearsal rehearsal =
          Rehearsal.of(
              series.stream().flatMap(one -> features.rows(one, 0, every).stream()).toList());
      List<HorizonTrainer.Fit> fits;
      try {
        fits =
            new HorizonTrainer(config)
                .trainAll(rehearsal, features.names(), season(rehearsal, plan));
      } catch (ChengmaiException e) {
        if (stored.isEmpty()) {
          throw new ChengmaiException(ErrorCode.RESOURCES, code + ": " + e.getMessage(), e);
        }
        break;
      }
      HorizonTrainer.Fit best = fits.get(0);
      Judgement judged = best.rehearsal().judgement();
      stored.add(new Stored(horizon, best.model(), best.forecast().mix()));
      tribuo.put(horizon, best.provenance());
      told.add(
          new Horizon(
              horizon,
              best.kind().label(),
              best.forecast().mix().season(),
              judged.rows(),
              judged.ratio(),
              judged.error(),
              judged.naive(),
              judged.coverage(),
              fits.get(1).rehearsal().judgement().ratio()));
      for (Row row : rehearsal.rows()) {
        hash.add(row.target(), row.value(), row.features());
        from = row.target().isBefore(from) ? row.target() : from;
      }
      rows += rehearsal.rows().size();
    }
    Map<String, Object> provenance = new LinkedHashMap<>();
    provenance.put("model", NAME + "@" + version);
    provenance.put("code", code);
    provenance.put("grain", plan.grain().toString());
    provenance.put("trainer", config);
    provenance.put("features", new HorizonFeatures(plan, 1, weather.size()).names());
    provenance.put("weather", weather);
    provenance.put("rows", rows);
    provenance.put("series", series.size());
    provenance.put("from", from);
    provenance.put("to", series.stream().map(plan::lastStart).max(Instant::compareTo).orElse(from));
    provenance.put("sha256", hash.hex());
    provenance.put("horizons", told);
    provenance.put("tribuo", tribuo);
    return new Trained(
        Json.write(new Bundle(weather, stored)).getBytes(StandardCharsets.UTF_8),
        Json.write(provenance));
  }

  /** Fine grains of many regions give more rows than are used: most of them need not be made. */
  private int every(List<GridSeries> series, HorizonPlan plan) {
    long periods = series.stream().mapToLong(one -> one.values().length).sum();
    int every = (int) Math.max(1, periods / (MADE * config.mostRows()));
    while (BigInteger.valueOf(every).gcd(BigInteger.valueOf(plan.day())).intValue() > 1) {
      every++;
    }
    return every;
  }

  /** A week where the rehearsal knows values of the week before, else a day. */
  private static Season season(Rehearsal rehearsal, HorizonPlan plan) {
    return plan.week() > plan.day()
            && rehearsal.unseen().stream().filter(row -> Double.isNaN(row.week())).count()
                < MOST_UNKNOWN * rehearsal.unseen().size()
        ? Season.WEEK
        : Season.DAY;
  }

  /** Brings an outlook back; INVALID_INPUT when the bytes are none of ours. */
  public static Outlook load(byte[] bytes, HorizonPlan plan) {
    Bundle bundle = Json.read(new String(bytes, StandardCharsets.UTF_8), Bundle.class);
    TreeMap<Integer, HorizonForecast> forecasts = new TreeMap<>();
    for (Stored one : bundle.horizons()) {
      HorizonFeatures features = new HorizonFeatures(plan, one.horizon(), bundle.weather().size());
      LinearModel model = LinearModel.load(one.model(), features.names());
      forecasts.put(one.horizon(), new HorizonForecast(model.weights(), model.bias(), one.mix()));
    }
    return new Outlook(plan, bundle.weather(), forecasts);
  }
}
