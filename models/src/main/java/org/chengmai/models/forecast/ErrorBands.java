package org.chengmai.models.forecast;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.chengmai.models.forecast.HorizonFeatures.Row;

/**
 * How far values strayed from their forecasts on data that the model had not seen, as quantiles by
 * part of the day. A part with few errors takes the quantiles of the whole day.
 *
 * @param low quantile of value minus forecast, by part of the day, in units of the series
 * @param high the same above
 * @param widths by series: its usual error over that of all
 */
public record ErrorBands(double[] low, double[] high, Map<String, Double> widths) {
  /** The share of values that a band is made to hold. */
  public static final double SHARE = 0.8;

  static final int BUCKETS = 8;
  private static final int FEW = 60;

  /** The days to come stray more than those of the rehearsal, so each side is a little wider. */
  private static final double MARGIN = 0.03;

  public ErrorBands {
    widths = Map.copyOf(widths);
  }

  double low(Row row) {
    return low[row.bucket()] * widths.getOrDefault(row.series(), 1.0);
  }

  double high(Row row) {
    return high[row.bucket()] * widths.getOrDefault(row.series(), 1.0);
  }

  /**
   * The bands of a forecast.
   *
   * @param errors value minus forecast of each row, in units of the series
   */
  static ErrorBands of(List<Row> rows, double[] errors) {
    Map<String, double[]> bySeries = new TreeMap<>();
    double all = 0;
    for (int i = 0; i < errors.length; i++) {
      double[] sum = bySeries.computeIfAbsent(rows.get(i).series(), key -> new double[2]);
      sum[0]++;
      sum[1] += Math.abs(errors[i]);
      all += Math.abs(errors[i]) / errors.length;
    }
    double usual = Math.max(1e-12, all);
    Map<String, Double> widths = new TreeMap<>();
    bySeries.forEach(
        (series, sum) -> widths.put(series, (sum[1] + FEW * usual) / (sum[0] + FEW) / usual));
    double[] even = new double[errors.length];
    for (int i = 0; i < even.length; i++) {
      even[i] = errors[i] / widths.getOrDefault(rows.get(i).series(), 1.0);
    }
    double[] low = new double[BUCKETS];
    double[] high = new double[BUCKETS];
    double[] whole = even.clone();
    Arrays.sort(whole);
    for (int bucket = 0; bucket < BUCKETS; bucket++) {
      double[] own = own(rows, even, bucket);
      double[] sorted = own.length < FEW ? whole : own;
      low[bucket] = quantile(sorted, (1 - SHARE) / 2 - MARGIN);
      high[bucket] = quantile(sorted, (1 + SHARE) / 2 + MARGIN);
    }
    return new ErrorBands(low, high, widths);
  }

  private static double[] own(List<Row> rows, double[] errors, int bucket) {
    double[] own = new double[errors.length];
    int count = 0;
    for (int i = 0; i < errors.length; i++) {
      if (rows.get(i).bucket() == bucket) {
        own[count++] = errors[i];
      }
    }
    double[] sorted = Arrays.copyOf(own, count);
    Arrays.sort(sorted);
    return sorted;
  }

  private static double quantile(double[] sorted, double share) {
    if (sorted.length == 0) {
      return 0;
    }
    double at = share * (sorted.length - 1);
    int index = (int) at;
    double next = sorted[Math.min(sorted.length - 1, index + 1)];
    return sorted[index] + (at - index) * (next - sorted[index]);
  }
}
