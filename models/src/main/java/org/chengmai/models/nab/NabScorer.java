package org.chengmai.models.nab;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;

/**
 * The benchmark's scoring rules: early hits in a window count, later detections near a window cost
 * little, others cost in full, and one threshold holds for all series. Written from the published
 * rules (NAB 1.1), not from its code.
 */
public final class NabScorer {

  /** What hits, misses and false alarms weigh. */
  public enum Profile {
    STANDARD(1, 0.11, 1),
    REWARD_LOW_FP(1, 0.22, 1),
    REWARD_LOW_FN(1, 0.11, 2);

    private final double hit;
    private final double falseAlarm;
    private final double miss;

    Profile(double hit, double falseAlarm, double miss) {
      this.hit = hit;
      this.falseAlarm = falseAlarm;
      this.miss = miss;
    }

    public String key() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * One series to be scored.
   *
   * @param scores one per row
   * @param windows first and last row of each window, ascending
   */
  public record Scored(double[] scores, List<int[]> windows) {}

  /**
   * The best score over all thresholds, and the threshold that gives it (infinite for no detection
   * at all).
   */
  public record Best(double score, double threshold) {}

  private NabScorer() {}

  /** The sigmoid that weighs a detection by its distance from a window's end, in window widths. */
  static double sigmoid(double distance) {
    return distance > 3 ? -1 : 2 / (1 + Math.exp(5 * distance)) - 1;
  }

  /** Rows at the start of a series that are not scored. */
  public static int probation(int rows) {
    return (int) Math.min(Math.floor(0.15 * rows), 750);
  }

  /** The raw score of one series at a threshold. */
  static double raw(Scored series, double threshold, Profile profile) {
    int first = probation(series.scores().length);
    double[] best = new double[series.windows().size()];
    java.util.Arrays.fill(best, Double.NaN);
    double sum = 0;
    for (int row = first; row < series.scores().length; row++) {
      if (!(series.scores()[row] >= threshold)) {
        continue;
      }
      int window = window(series.windows(), row);
      int[] here = window < 0 ? new int[] {0, -1} : series.windows().get(window);
      if (row <= here[1]) {
        double width = here[1] - here[0] + 1;
        double worth = profile.hit * sigmoid(-(here[1] - row + 1) / width) / sigmoid(-1);
        best[window] = Double.isNaN(best[window]) ? worth : Math.max(best[window], worth);
      } else if (window < 0) {
        sum -= profile.falseAlarm;
      } else {
        // A window of one row has no width to measure by: what follows it costs in full.
        double width = here[1] - here[0];
        sum += profile.falseAlarm * (width == 0 ? -1 : sigmoid((row - here[1]) / width));
      }
    }
    for (int window = 0; window < best.length; window++) {
      if (series.windows().get(window)[1] >= first) {
        sum += Double.isNaN(best[window]) ? -profile.miss : best[window];
      }
    }
    return sum;
  }

  /** The last window that starts at or before a row, or −1. */
  private static int window(List<int[]> windows, int row) {
    int found = -1;
    while (found + 1 < windows.size() && windows.get(found + 1)[0] <= row) {
      found++;
    }
    return found;
  }

  /**
   * The final score at one threshold: 0 for a detector that says nothing, 100 for a perfect one.
   */
  public static double score(List<Scored> corpus, double threshold, Profile profile) {
    double sum = 0;
    double perfect = 0;
    for (Scored series : corpus) {
      sum += raw(series, threshold, profile);
      perfect +=
          series.windows().stream().filter(w -> w[1] >= probation(series.scores().length)).count();
    }
    double nothing = -perfect * profile.miss;
    return perfect == 0 ? 0 : 100 * (sum - nothing) / (perfect * profile.hit - nothing);
  }

  /** Tries every distinct score as the threshold, and none at all. */
  public static Best best(List<Scored> corpus, Profile profile) {
    TreeSet<Double> thresholds = new TreeSet<>();
    for (Scored series : corpus) {
      for (double score : series.scores()) {
        if (score > 0) {
          thresholds.add(score);
        }
      }
    }
    Best best =
        new Best(score(corpus, Double.POSITIVE_INFINITY, profile), Double.POSITIVE_INFINITY);
    for (double threshold : new ArrayList<>(thresholds)) {
      double score = score(corpus, threshold, profile);
      if (score > best.score()) {
        best = new Best(score, threshold);
      }
    }
    return best;
  }
}
