package org.chengmai.models.forecast;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.chengmai.models.forecast.HorizonFeatures.Row;

/**
 * The shares with the least mean absolute error on unseen rows: for each series its own, leaning on
 * those that suit all of them while its rows are few.
 */
final class BlendSearch {
  private static final int STEPS = 10;
  private static final double LEAN = 500;
  private static final List<Blend> CHOICES = choices();

  private final Map<String, double[]> errors = new TreeMap<>();
  private final Map<String, Integer> counts = new TreeMap<>();
  private final double[] pooled = new double[CHOICES.size()];

  /**
   * @param linear what the model said of each row
   */
  BlendSearch(List<Row> rows, double[] linear, Season season) {
    for (int i = 0; i < linear.length; i++) {
      Row row = rows.get(i);
      double[] sums = errors.computeIfAbsent(row.series(), key -> new double[CHOICES.size()]);
      counts.merge(row.series(), 1, Integer::sum);
      double wanted = row.units(row.value());
      for (int c = 0; c < sums.length; c++) {
        sums[c] += Math.abs(wanted - CHOICES.get(c).units(row, linear[i], season));
      }
    }
    for (double[] sums : errors.values()) {
      for (int c = 0; c < sums.length; c++) {
        pooled[c] += sums[c];
      }
    }
  }

  private static List<Blend> choices() {
    List<Blend> choices = new ArrayList<>();
    for (int model = 0; model <= STEPS; model++) {
      for (int seasonal = 0; seasonal <= STEPS - model; seasonal++) {
        for (int ofClass = 0; ofClass <= STEPS - model - seasonal; ofClass += 2) {
          choices.add(
              new Blend(
                  (double) model / STEPS, (double) seasonal / STEPS, (double) ofClass / STEPS));
        }
      }
    }
    return List.copyOf(choices);
  }

  /** What suits all series together. */
  Blend ofAll() {
    return CHOICES.get(least(pooled));
  }

  /** What suits each series. */
  Map<String, Blend> own() {
    Map<String, Blend> own = new TreeMap<>();
    double leastPooled = Math.max(1e-12, pooled[least(pooled)]);
    errors.forEach(
        (series, sums) -> {
          double least = Math.max(1e-12, sums[least(sums)]);
          double lean = LEAN / counts.getOrDefault(series, 1);
          double[] both = new double[sums.length];
          Arrays.setAll(both, c -> sums[c] / least + lean * pooled[c] / leastPooled);
          own.put(series, CHOICES.get(least(both)));
        });
    return own;
  }

  private static int least(double[] sums) {
    int least = 0;
    for (int c = 1; c < sums.length; c++) {
      if (sums[c] < sums[least]) {
        least = c;
      }
    }
    return least;
  }
}
