package org.chengmai.models.nab;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.chengmai.indicators.SeriesKey;
import org.chengmai.models.DayClass;
import org.chengmai.models.evaluation.Cadence;
import org.chengmai.models.stream.Channel;
import org.chengmai.models.stream.StreamScorer;
import org.chengmai.models.stream.StreamState;
import org.chengmai.models.stream.Weights;

/**
 * What the suite's channels said of one series of the benchmark, kept so that weights can be tried
 * without looking at the series again. Only rows on which some channel spoke are kept. Not
 * thread-safe.
 */
final class NabTrack {
  private static final int COUNT = Channel.COUNT;
  private static final float LEAST = 2;
  private static final int PROBATION = -2;
  private static final int OUTSIDE = -1;
  private static final SeriesKey KEY = SeriesKey.of("NAB", "0");

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
  private final double periodsPerDay;
  private final int[] row;
  private final float[] scores;
  private final int[] window;
  private final double[] worth;
  private final double[] best;
  private final int[] loud;
  private final double[] loudness;

  NabTrack(NabSeries series, List<NabLabels.Window> labels) {
    this.name = series.name();
    this.rows = series.values().length;
    List<int[]> ranges = NabReport.rows(series, labels);
    int first = NabScorer.probation(rows);
    this.windows = (int) ranges.stream().filter(range -> range[1] >= first).count();
    this.best = new double[ranges.size()];
    StreamScorer scorer = new StreamScorer(Cadence.nearest(series.step()), DayClass::usual);
    this.periodsPerDay = scorer.periodsPerDay();
    this.weeks = (rows - first) / periodsPerDay / 7;
    StreamState state = scorer.fresh(KEY);
    List<float[]> kept = new ArrayList<>();
    List<Integer> at = new ArrayList<>();
    long start = System.nanoTime();
    for (int i = 0; i < rows; i++) {
      scorer.next(state, series.instant(i), series.values()[i]);
      float[] said = new float[COUNT];
      float most = 0;
      for (Channel channel : Channel.values()) {
        float score = (float) scorer.score(state, channel);
        said[channel.ordinal()] = score;
        most = Math.max(most, score);
      }
      if (most > LEAST) {
        kept.add(said);
        at.add(i);
      }
    }
    this.nanos = System.nanoTime() - start;
    int size = kept.size();
    this.row = at.stream().mapToInt(Integer::intValue).toArray();
    this.scores = new float[size * COUNT];
    this.window = new int[size];
    this.worth = new double[size];
    this.loud = new int[size];
    this.loudness = new double[size];
    for (int i = 0; i < size; i++) {
      System.arraycopy(kept.get(i), 0, scores, i * COUNT, COUNT);
      place(i, first, ranges);
    }
  }

  private void place(int i, int first, List<int[]> ranges) {
    int found = NabScorer.window(ranges, row[i]);
    if (row[i] < first) {
      window[i] = PROBATION;
    } else if (found >= 0 && row[i] <= ranges.get(found)[1]) {
      window[i] = found;
      worth[i] = NabScorer.worth(ranges.get(found), row[i]);
    } else {
      window[i] = OUTSIDE;
      worth[i] = found < 0 ? 1 : NabScorer.cost(ranges.get(found), row[i]);
    }
  }

  String category() {
    return name.substring(0, name.indexOf('/'));
  }

  /** What the alarms at each of some ascending thresholds are worth. */
  Outcome[] judge(Weights weights, double[] thresholds) {
    int size = weigh(weights, thresholds[0]);
    Outcome[] outcomes = new Outcome[thresholds.length];
    for (int i = 0; i < thresholds.length; i++) {
      outcomes[i] = alarms(weights, thresholds[i], size, null);
    }
    return outcomes;
  }

  /** A score for each row: score / (score + 10) where an alarm begins, else 0. */
  double[] alarms(Weights weights, double threshold) {
    double[] emitted = new double[rows];
    alarms(weights, threshold, weigh(weights, threshold), emitted);
    return emitted;
  }

  /** Finds the rows on which the channels come to at least a threshold. */
  private int weigh(Weights weights, double least) {
    double[] channels = weights.channels();
    float[] weight = new float[COUNT];
    for (int i = 0; i < COUNT; i++) {
      weight[i] = (float) channels[i];
    }
    float mix = (float) weights.mix();
    float enough = (float) (least / (1 + mix));
    int size = 0;
    for (int i = 0, at = 0; i < row.length; i++, at += COUNT) {
      float strongest = 0;
      float second = 0;
      for (int j = 0; j < COUNT; j++) {
        float score = scores[at + j] * weight[j];
        if (score > second) {
          second = Math.min(score, strongest);
          strongest = Math.max(score, strongest);
        }
      }
      if (strongest >= enough && strongest + mix * second >= least) {
        loud[size] = i;
        loudness[size++] = strongest + mix * second;
      }
    }
    return size;
  }

  private Outcome alarms(
      Weights weights,
      double threshold,
      int size,
      double @org.jspecify.annotations.Nullable [] emitted) {
    Arrays.fill(best, Double.NaN);
    double silence = weights.silence(periodsPerDay);
    double budget = 0;
    int since = 0;
    int last = Integer.MIN_VALUE / 2;
    double cost = 0;
    int falseAlarms = 0;
    for (int i = 0; i < size; i++) {
      int at = row[loud[i]];
      if (loudness[i] < threshold || at - last <= silence) {
        continue;
      }
      budget *= Math.pow(Weights.BUDGET_DECAY, at - since);
      since = at;
      if (loudness[i] < threshold + weights.budget() * budget) {
        continue;
      }
      budget++;
      last = at;
      if (emitted != null) {
        emitted[at] = loudness[i] / (loudness[i] + 10);
      }
      int in = window[loud[i]];
      if (in >= 0) {
        best[in] = Double.isNaN(best[in]) ? worth[loud[i]] : Math.max(best[in], worth[loud[i]]);
      } else if (in == OUTSIDE) {
        cost += worth[loud[i]];
        falseAlarms++;
      }
    }
    double sum = 0;
    int found = 0;
    for (double one : best) {
      if (!Double.isNaN(one)) {
        sum += one;
        found++;
      }
    }
    return new Outcome(sum, windows - found, cost, found, falseAlarms);
  }
}
