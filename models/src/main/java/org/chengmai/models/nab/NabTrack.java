package org.chengmai.models.nab;

import java.util.Arrays;
import java.util.List;
import org.chengmai.models.DayClass;
import org.chengmai.models.evaluation.Cadence;
import org.chengmai.models.evaluation.ChannelTrack;
import org.chengmai.models.stream.StreamScorer;
import org.chengmai.models.stream.Weights;

/**
 * What the suite's channels said of one series of the benchmark, kept so that weights can be tried
 * without looking at the series again. Only rows on which some channel spoke are kept. Not
 * thread-safe.
 */
final class NabTrack {
  private static final int PROBATION = -2;
  private static final int OUTSIDE = -1;

  /**
   * What alarms are worth.
   *
   * @param worth of the windows found
   * @param cost of the false alarms, before a profile's weight
   */
  record Outcome(double worth, int missed, double cost, int found, int falseAlarms) {
    double raw(NabScorer.Profile profile) {
      return worth - profile.miss() * missed - profile.falseAlarm() * cost;
    }
  }

  final String name;
  final int windows;
  final double weeks;
  final double nanos;
  final int rows;
  private final ChannelTrack track;
  private final int[] window;
  private final double[] worth;
  private final double[] best;

  NabTrack(NabSeries series, List<NabLabels.Window> labels) {
    this.name = series.name();
    this.rows = series.values().length;
    List<int[]> ranges = NabReport.rows(series, labels);
    int first = NabScorer.probation(rows);
    this.windows = (int) ranges.stream().filter(range -> range[1] >= first).count();
    this.best = new double[ranges.size()];
    StreamScorer scorer = new StreamScorer(Cadence.nearest(series.step()), DayClass::usual);
    this.weeks = (rows - first) / scorer.periodsPerDay() / 7;
    long start = System.nanoTime();
    this.track = new ChannelTrack(scorer, series::instant, series.values(), 0, rows);
    this.nanos = System.nanoTime() - start;
    this.window = new int[track.kept()];
    this.worth = new double[track.kept()];
    for (int i = 0; i < window.length; i++) {
      place(i, first, ranges);
    }
  }

  private void place(int i, int first, List<int[]> ranges) {
    int row = track.row(i);
    int found = NabScorer.window(ranges, row);
    if (row < first) {
      window[i] = PROBATION;
    } else if (found >= 0 && row <= ranges.get(found)[1]) {
      window[i] = found;
      worth[i] = NabScorer.worth(ranges.get(found), row);
    } else {
      window[i] = OUTSIDE;
      worth[i] = found < 0 ? 1 : NabScorer.cost(ranges.get(found), row);
    }
  }

  String category() {
    return name.substring(0, name.indexOf('/'));
  }

  /** What the alarms at each of some ascending thresholds are worth. */
  Outcome[] judge(Weights weights, double[] thresholds) {
    track.weigh(weights, thresholds[0]);
    Outcome[] outcomes = new Outcome[thresholds.length];
    for (int i = 0; i < thresholds.length; i++) {
      outcomes[i] = outcome(weights, thresholds[i]);
    }
    return outcomes;
  }

  /** A score for each row: score / (score + 10) where an alarm begins, else 0. */
  double[] alarms(Weights weights, double threshold) {
    double[] emitted = new double[rows];
    track.weigh(weights, threshold);
    track.alarms(weights, threshold, (kept, row, loud) -> emitted[row] = loud / (loud + 10));
    return emitted;
  }

  private Outcome outcome(Weights weights, double threshold) {
    Arrays.fill(best, Double.NaN);
    double[] cost = {0};
    int[] falseAlarms = {0};
    track.alarms(
        weights,
        threshold,
        (kept, row, loud) -> {
          int in = window[kept];
          if (in >= 0) {
            best[in] = Double.isNaN(best[in]) ? worth[kept] : Math.max(best[in], worth[kept]);
          } else if (in == OUTSIDE) {
            cost[0] += worth[kept];
            falseAlarms[0]++;
          }
        });
    double sum = 0;
    int found = 0;
    for (double one : best) {
      if (!Double.isNaN(one)) {
        sum += one;
        found++;
      }
    }
    return new Outcome(sum, windows - found, cost[0], found, falseAlarms[0]);
  }
}
