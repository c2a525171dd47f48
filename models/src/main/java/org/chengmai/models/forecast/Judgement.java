package org.chengmai.models.forecast;

import java.util.List;
import org.chengmai.models.forecast.HorizonFeatures.Row;

/**
 * How a forecast did on rows that it had not seen. Only rows that the seasonal naive forecast can
 * answer count, so both are measured on the same ones.
 *
 * @param rows that were compared
 * @param error mean absolute error
 * @param naive the same of the seasonal naive forecast
 * @param coverage share of values within the band, which is made to hold {@link ErrorBands#SHARE}
 */
public record Judgement(long rows, double error, double naive, double coverage) {

  /** Judges in units of the series, all series alike. */
  public static Judgement of(List<Row> rows, HorizonForecast forecast) {
    Sum sum = new Sum();
    rows.forEach(row -> sum.add(row, forecast.estimate(row), forecast.mix().season(), row.scale()));
    return sum.judgement();
  }

  /** Error of the forecast over that of the seasonal naive one; NaN when the latter has none. */
  public double ratio() {
    return naive > 0 ? error / naive : Double.NaN;
  }

  /** Adds rows up. Not safe for several threads. */
  public static final class Sum {
    private long rows;
    private long held;
    private double error;
    private double naive;

    /**
     * @param unit by which errors are divided: 1 for values as they are
     */
    public void add(Row row, HorizonForecast.Estimate estimate, Season season, double unit) {
      double last = season.naive(row);
      if (Double.isNaN(row.value()) || Double.isNaN(last)) {
        return;
      }
      rows++;
      error += Math.abs(row.value() - estimate.center()) / unit;
      naive += Math.abs(row.value() - row.raw(last)) / unit;
      if (row.value() >= estimate.low() && row.value() <= estimate.high()) {
        held++;
      }
    }

    public Judgement judgement() {
      double count = Math.max(1, rows);
      return new Judgement(rows, error / count, naive / count, held / count);
    }
  }
}
