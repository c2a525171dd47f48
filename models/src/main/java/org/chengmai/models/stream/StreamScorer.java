package org.chengmai.models.stream;

import java.time.Instant;
import java.time.LocalDate;
import java.util.function.Function;
import org.chengmai.indicators.Grain;
import org.chengmai.indicators.SeriesKey;
import org.chengmai.models.DayClass;
import org.chengmai.models.Slots;

/**
 * The suite without its decision: what each channel says of each value of a series. The scorer is
 * shared by all series of a grain and safe to share between threads; the state is not.
 */
public final class StreamScorer {
  private static final double MOST_DAYS_QUIET = 2;
  private static final int LEAST_PERIODS_QUIET = 150;
  private static final int LEAST_LONG_PERIODS_QUIET = 24;
  private static final int LEAST_FAR = 48;
  private static final int MOST_FAR = 300;
  private static final long CHINA_OFFSET = 28_800;

  private final Slots slots;
  private final Layout layout;
  private final Evidence evidence;
  private final double seconds;
  private final int quiet;
  private final int far;

  /**
   * @param dayClass what class of day a date in China is
   */
  public StreamScorer(Grain grain, Function<LocalDate, DayClass> dayClass) {
    this.slots = new Slots(grain, dayClass);
    this.layout = new Layout(slots.perDay());
    this.evidence = new Evidence(slots, layout);
    this.seconds = grain.typical().toSeconds();
    double perDay = slots.periodsPerDay();
    this.quiet =
        perDay > 1
            ? (int) Math.max(LEAST_PERIODS_QUIET, MOST_DAYS_QUIET * perDay)
            : LEAST_LONG_PERIODS_QUIET;
    this.far = (int) Math.max(LEAST_FAR, Math.min(MOST_FAR, perDay));
  }

  /** The state of a series that has seen nothing yet. */
  public StreamState fresh(SeriesKey key) {
    return layout.fresh(key);
  }

  Layout layout() {
    return layout;
  }

  public double periodsPerDay() {
    return slots.periodsPerDay();
  }

  /** Takes the next period in; {@link Double#NaN} is a missing one. The one before is settled. */
  public void next(StreamState state, Instant start, double value) {
    state.settle();
    if (isElsewhere(state)) {
      // Other units, another meter: the series starts anew, and so does the learning.
      layout.clear(state);
      Incident.close(state.hot);
      state.settle();
    }
    TailSketch.rescale(state);
    take(state, start, value);
  }

  /** The same for a revision of the newest period: as if the earlier one had never come. */
  void again(StreamState state, Instant start, double value) {
    state.revert();
    take(state, start, value);
  }

  private void take(StreamState state, Instant start, double value) {
    double since = (start.getEpochSecond() - state.hot[Layout.STARTED]) / seconds;
    long gap = Double.isNaN(since) ? 0 : Math.max(0, Math.round(since) - 1);
    state.hot[Layout.STARTED] = start.getEpochSecond();
    if (Double.isNaN(value)) {
      evidence.miss(state, 1 + gap);
      return;
    }
    if (gap > 0) {
      evidence.miss(state, gap);
    }
    double slotSeconds = Math.max(seconds, 86_400.0 / layout.slots);
    long visit = (long) Math.floor((start.getEpochSecond() + CHINA_OFFSET) / slotSeconds);
    evidence.next(state, slots.place(start), visit, value);
  }

  /** Whether the series has been so far from all it was for so long that it is another one. */
  boolean isElsewhere(StreamState state) {
    return state.hot[Layout.FAR] >= far;
  }

  /** Whether too little was seen to speak of anomalies. */
  public boolean isLearning(StreamState state) {
    return state.hot[Layout.COUNT] <= quiet;
  }

  /** What a channel says of the newest value: about −log10 of its probability, 0 while learning. */
  public double score(StreamState state, Channel channel) {
    return isLearning(state) ? 0 : score(state.hot, channel);
  }

  static double score(double[] hot, Channel channel) {
    return Math.min(channel.most(), hot[Layout.SCORES + channel.ordinal()]);
  }
}
