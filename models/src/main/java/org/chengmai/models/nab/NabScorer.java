package org.chengmai.models.nab;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

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

    double miss() {
      return miss;
    }

    double falseAlarm() {
      return falseAlarm;
    }

    /** From what silence scores on so many windows, 0, to what perfection does, 100. */
    double scaled(double raw, double windows) {
      return windows == 0 ? 0 : 100 * (raw + windows * miss) / (windows * (hit + miss));
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
    Arrays.fill(best, Double.NaN);
    double sum = 0;
    for (int row = first; row < series.scores().length; row++) {
      if (!(series.scores()[row] >= threshold)) {
        continue;
      }
      double worth = worth(series, row, profile);
      int window = window(series.windows(), row);
      if (window >= 0 && row <= series.windows().get(window)[1]) {
        best[window] = Double.isNaN(best[window]) ? worth : Math.max(best[window], worth);
      } else {
        sum += worth;
      }
    }
    for (int window = 0; window < best.length; window++) {
      if (series.windows().get(window)[1] >= first) {
        sum += Double.isNaN(best[window]) ? -profile.miss : best[window];
      }
    }
    return sum;
  }

  /** What a detection at a row adds by itself: less than nothing outside of all windows. */
  private static double worth(Scored series, int row, Profile profile) {
    int window = window(series.windows(), row);
    if (window < 0) {
      return -profile.falseAlarm;
    }
    int[] here = series.windows().get(window);
    return row <= here[1] ? profile.hit * worth(here, row) : -profile.falseAlarm * cost(here, row);
  }

  /** What a detection in a window is worth: 1 at its first row, little at its last. */
  static double worth(int[] window, int row) {
    double width = window[1] - window[0] + 1;
    return sigmoid(-(window[1] - row + 1) / width) / sigmoid(-1);
  }

  /** What a detection after a window costs: little soon after it, 1 beyond three widths. */
  static double cost(int[] before, int row) {
    // A window of one row has no width to measure by: what follows it costs in full.
    double width = before[1] - before[0];
    return width == 0 ? 1 : -sigmoid((row - before[1]) / width);
  }

  /** The last window that starts at or before a row, or −1. */
  static int window(List<int[]> windows, int row) {
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
    return profile.scaled(sum, perfect);
  }

  /**
   * Tries every distinct score above 0 as the threshold, and none at all: from the strangest row
   * down, each row adds what it is worth to the sum so far.
   */
  public static Best best(List<Scored> corpus, Profile profile) {
    List<Row> rows = new ArrayList<>();
    for (int index = 0; index < corpus.size(); index++) {
      double[] scores = corpus.get(index).scores();
      for (int row = probation(scores.length); row < scores.length; row++) {
        if (scores[row] > 0) {
          rows.add(new Row(scores[row], index, row));
        }
      }
    }
    rows.sort(Comparator.comparingDouble(Row::score).reversed());
    double[][] windows = new double[corpus.size()][];
    for (int index = 0; index < windows.length; index++) {
      windows[index] = new double[corpus.get(index).windows().size()];
      Arrays.fill(windows[index], -profile.miss);
    }
    double sum = 0;
    double bestSum = 0;
    double threshold = Double.POSITIVE_INFINITY;
    for (int next = 0; next < rows.size(); next++) {
      Row row = rows.get(next);
      Scored series = corpus.get(row.series());
      double worth = worth(series, row.row(), profile);
      int window = window(series.windows(), row.row());
      if (window >= 0 && row.row() <= series.windows().get(window)[1]) {
        sum += Math.max(0, worth - windows[row.series()][window]);
        windows[row.series()][window] = Math.max(worth, windows[row.series()][window]);
      } else {
        sum += worth;
      }
      boolean isLastOfItsScore =
          next + 1 == rows.size() || rows.get(next + 1).score() != row.score();
      if (isLastOfItsScore && sum > bestSum) {
        bestSum = sum;
        threshold = row.score();
      }
    }
    return new Best(score(corpus, threshold, profile), threshold);
  }

  private record Row(double score, int series, int row) {}
}
