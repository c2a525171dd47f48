package org.chengmai.models.forecast;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.chengmai.models.forecast.HorizonFeatures.Row;

/**
 * Forecasts of all horizons of a class of series. A period between two horizons is forecast by the
 * longer one, from an earlier origin, so that its band is the band that was measured.
 */
public final class Outlook {
  private final HorizonPlan plan;
  private final List<String> weather;
  private final SortedMap<Integer, HorizonForecast> byHorizon;

  /**
   * @param weather names of the further series that it looks at, in the order of {@link
   *     GridSeries#weather}
   */
  public Outlook(
      HorizonPlan plan, List<String> weather, SortedMap<Integer, HorizonForecast> byHorizon) {
    this.plan = plan;
    this.weather = List.copyOf(weather);
    this.byHorizon = new TreeMap<>(byHorizon);
  }

  /**
   * What a period is expected to bring.
   *
   * @param horizon of the model that says so, in periods
   */
  public record Expectation(
      Instant periodStart, double low, double expected, double high, int horizon) {}

  /** The further series that have to come with each series, by name and in order. */
  public List<String> weather() {
    return weather;
  }

  /** The periods after the end of a series, up to the longest horizon; oldest first. */
  public List<Expectation> after(GridSeries series) {
    List<Expectation> expectations = new ArrayList<>();
    int count = series.values().length;
    List<Instant> starts = plan.starts(series.start(), count + 1);
    Instant end = starts.get(count);
    int shorter = 0;
    for (var entry : byHorizon.entrySet()) {
      int horizon = entry.getKey();
      // from this origin on, targets lie beyond what the next shorter horizon reaches
      int first = count - 1 - horizon + shorter + 1;
      for (Row row : features(horizon).rows(series, Math.max(0, first), 1)) {
        if (!row.target().isBefore(end)) {
          HorizonForecast.Estimate estimate = entry.getValue().estimate(row);
          expectations.add(
              new Expectation(
                  row.target(), estimate.low(), estimate.center(), estimate.high(), horizon));
        }
      }
      shorter = horizon;
    }
    return expectations;
  }

  /**
   * Mean absolute error over that of the slots' levels, on all horizons' rows known at or after a
   * time: each horizon counts by how much there is to judge it on. NaN when nothing can be
   * compared. The slots' levels are the same for every model, so that models can be compared.
   */
  public double relativeError(List<GridSeries> series, Instant from) {
    double error = 0;
    double slot = 0;
    for (var entry : byHorizon.entrySet()) {
      HorizonFeatures features = features(entry.getKey());
      for (GridSeries one : series) {
        for (Row row : features.rows(one)) {
          if (!row.known().isBefore(from) && !Double.isNaN(row.value())) {
            error += Math.abs(row.value() - entry.getValue().estimate(row).center()) / row.scale();
            slot += Math.abs(row.units(row.value()) - row.slot());
          }
        }
      }
    }
    return slot > 0 ? error / slot : Double.NaN;
  }

  private HorizonFeatures features(int horizon) {
    return new HorizonFeatures(plan, horizon, weather.size());
  }
}
