package org.chengmai.models.evaluation;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import org.chengmai.indicators.SeriesKey;
import org.chengmai.models.stream.Channel;
import org.chengmai.models.stream.StreamScorer;
import org.chengmai.models.stream.StreamState;
import org.chengmai.models.stream.Threshold;
import org.chengmai.models.stream.Weights;

/**
 * What the suite's channels said of one series, kept so that weights can be tried without looking
 * at the series again. Only rows on which some channel spoke are kept. Not thread-safe.
 */
public final class ChannelTrack {
  private static final int COUNT = Channel.COUNT;
  private static final float LEAST = 2;
  private static final SeriesKey KEY = SeriesKey.of("EVALUATION", "0");

  private final double periodsPerDay;
  private final int[] row;
  private final float[] scores;
  private final int[] loud;
  private final double[] loudness;
  private int size;

  /** What earlier alarms leave for later ones. */
  public record Past(double budget, int since, int last) {
    /** No alarm so far. */
    public static final Past NONE = new Past(0, 0, Integer.MIN_VALUE / 2);
  }

  /** Hears of alarms. */
  @FunctionalInterface
  public interface Listener {
    /**
     * @param kept place among the rows on which some channel spoke
     */
    void alarm(int kept, int row, double loudness);
  }

  /**
   * Shows a series to the suite.
   *
   * @param from first row that is kept; those before it are learnt only
   * @param end row after the last one
   */
  public ChannelTrack(
      StreamScorer scorer, IntFunction<Instant> times, double[] values, int from, int end) {
    this.periodsPerDay = scorer.periodsPerDay();
    StreamState state = scorer.fresh(KEY);
    List<float[]> kept = new ArrayList<>();
    List<Integer> at = new ArrayList<>();
    for (int i = 0; i < end; i++) {
      scorer.next(state, times.apply(i), values[i]);
      if (i < from || Double.isNaN(values[i])) {
        continue;
      }
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
    this.row = at.stream().mapToInt(Integer::intValue).toArray();
    this.scores = new float[row.length * COUNT];
    for (int i = 0; i < row.length; i++) {
      System.arraycopy(kept.get(i), 0, scores, i * COUNT, COUNT);
    }
    this.loud = new int[row.length];
    this.loudness = new double[row.length];
  }

  public double periodsPerDay() {
    return periodsPerDay;
  }

  /** Rows on which some channel spoke. */
  public int kept() {
    return row.length;
  }

  /** The row of the series at a place among those kept. */
  public int row(int kept) {
    return row[kept];
  }

  /** Finds the rows on which the channels come to at least a threshold. */
  public void weigh(Weights weights, double least) {
    double[] channels = weights.channels();
    float[] weight = new float[COUNT];
    for (int i = 0; i < COUNT; i++) {
      weight[i] = (float) channels[i];
    }
    float mix = (float) weights.mix();
    float enough = (float) (least / (1 + mix));
    size = 0;
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
  }

  /** Tells the alarms at a threshold that is no lower than the one weighed for. */
  public void alarms(Weights weights, double threshold, Listener listener) {
    alarms(
        weights, threshold, false, Past.NONE, row.length == 0 ? 0 : row[row.length - 1], listener);
  }

  /**
   * The same as the product decides: a young series' threshold is higher.
   *
   * @param until rows before it are looked at
   * @return what the alarms leave for those from there on
   */
  Past operating(Weights weights, double threshold, Past past, int until, Listener listener) {
    return alarms(weights, threshold, true, past, until - 1, listener);
  }

  private Past alarms(
      Weights weights,
      double threshold,
      boolean isOperating,
      Past past,
      int newest,
      Listener listener) {
    double silence = weights.silence(periodsPerDay);
    double budget = past.budget();
    int since = past.since();
    int last = past.last();
    for (int i = 0; i < size; i++) {
      int at = row[loud[i]];
      if (at > newest) {
        break;
      }
      if (loudness[i] < threshold) {
        continue;
      }
      double needed = isOperating ? threshold * Threshold.young(periodsPerDay, at + 1) : threshold;
      boolean isSilent = at - last <= silence;
      if (isSilent && !(isOperating && Threshold.breaksSilence(needed, loudness[i], at - last))) {
        continue;
      }
      double left = budget * Math.pow(Weights.BUDGET_DECAY, at - since);
      if (loudness[i] < needed + weights.budget() * left) {
        continue;
      }
      budget = left + 1;
      since = at;
      last = at;
      listener.alarm(loud[i], at, loudness[i]);
    }
    return new Past(budget, since, last);
  }
}
